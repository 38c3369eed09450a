import {
  type Awaitable,
  CO_E_OBJNOTCONNECTED,
  ComError,
  E_NOINTERFACE,
  failed,
  type Guid,
  hresult,
  ICallFactory,
  IClientSecurity,
  IMultiQI,
  type Interface,
  IUnknown,
  type Method,
  S_OK,
} from "@callfactory/core";
import type { StdObjRef } from "@callfactory/wire";
import type { CallContext } from "../apartment/apartment.ts";
import { createClientCall } from "../call/client-call-factory.ts";
import { queryMultiple } from "../call/identity-query.ts";
import { chain } from "../object/awaitable.ts";
import { ComObject, type Pointer, type QueryResult } from "../object/com-object.ts";
import type { LedgerDescription } from "../object/ledger.ts";
import { clientSecurity } from "../security/client-security.ts";
import { ProxySecurity } from "../security/proxy-security.ts";
import { type Connection, InterfaceProxy } from "./interface-proxy.ts";
import { IRemUnknown, type RemInterfaceRef, type RemQiResult } from "./rem-unknown-interface.ts";
import { RemUnknownProxy } from "./rem-unknown-proxy.ts";

const REM_QUERY_INTERFACE = IRemUnknown.members.get("RemQueryInterface") as Method;
const REM_ADD_REF = IRemUnknown.members.get("RemAddRef") as Method;
const REM_RELEASE = IRemUnknown.members.get("RemRelease") as Method;

/** References to ask for when an interface is queried remotely. */
const QUERY_REFS = 5;

/** What a proxy manager is made with. */
export interface ProxyManagerOptions {
  readonly oid: bigint;
  readonly oxid: bigint;
  readonly ipidRemUnknown: Guid;
  readonly connection: Connection;
  /** The last reference is gone: forget the identity. */
  readonly onFinalRelease: () => void;
}

/**
 * The identity of a remote object in one apartment: its interface proxies, and the ICallFactory
 * that COM supplies whether or not the object has one (DISC-02).
 */
export class ProxyManager extends ComObject {
  readonly oid: bigint;
  readonly oxid: bigint;
  readonly connection: Connection;
  readonly security: ProxySecurity;
  readonly #options: ProxyManagerOptions;
  readonly #proxies = new Map<Guid, InterfaceProxy>();
  /** References by IPID, beside those of the proxies: several IPIDs can stand for IUnknown. */
  readonly #spareRefs = new Map<Guid, number>();
  #handler: Pointer | null = null;
  readonly remUnknown: InterfaceProxy;
  #whenGone: (() => void) | null = null;

  constructor(options: ProxyManagerOptions) {
    const { connection } = options;
    const { ledger } = connection.services;
    super({ apartment: connection.apartment, ledger, kind: "proxy" });
    this.oid = options.oid;
    this.oxid = options.oxid;
    this.connection = connection;
    this.#options = options;
    const { security } = connection.services;
    this.remUnknown = new RemUnknownProxy(options.ipidRemUnknown, connection);
    this.security = new ProxySecurity(this, security, this.remUnknown.blanket);
    this.expose(ICallFactory, (_method, args) => createClientCall(this, args));
    this.expose(IMultiQI, (_method, args, context) =>
      queryMultiple(this, args, (remoteArgs) =>
        this.remUnknown.call(REM_QUERY_INTERFACE, remoteArgs, context),
      ),
    );
    this.expose(IClientSecurity, clientSecurity(this.security));
  }

  override describe(): LedgerDescription {
    const names = [...this.#proxies.values()].map(({ iface }) => iface.name);
    return { ...super.describe(), name: `${names.join(", ")} of OID ${this.oid}` };
  }

  /** Any IPID of the object: what IRemUnknown is asked about. */
  get anyIpid(): Guid | undefined {
    return this.#proxies.values().next().value?.ipid;
  }

  /** Releases so many references; `done` is called when the server has answered, if they were the last. */
  releaseThen(count: number, done: () => void): void {
    this.#whenGone = done;
    for (let i = 0; i < count; i++) this.release();
    this.#whenGone = null;
    if (this.isAlive) done();
  }

  get hasHandler(): boolean {
    return this.#handler !== null;
  }

  /** Takes over the inner unknown of the object's handler, which has this identity (MAR-12). */
  useHandler(handler: Pointer): void {
    // Two packets that came at once have each had one created: the first stays.
    if (this.#handler === null) this.#handler = handler;
    else handler.unknown.release();
  }

  /** The proxy of an interface, or of one that derives from it, if we have one. */
  proxyOf(iid: Guid): InterfaceProxy | undefined {
    const known = this.#proxies.get(iid);
    if (known !== undefined) return known;
    const exposed = this.exposed(iid);
    return exposed === undefined ? undefined : this.#proxies.get(exposed.iface.iid);
  }

  /**
   * Adds the references of a STDOBJREF to the proxy of `iface`, which is made if need be. A packet
   * that brings none has us ask the server for some (MAR-03).
   *
   * @throws ComError CO_E_OBJNOTCONNECTED when the server does not know the IPID any more.
   */
  adopt(iface: Interface, std: StdObjRef): Awaitable<Pointer> {
    const known = this.#proxies.get(iface.iid);
    const proxy = known ?? new InterfaceProxy(iface, std.ipid, 0, this.connection);
    if (std.publicRefs > 0 || proxy.refs > 0) return this.#take(proxy, std);
    return this.#addRemoteRefs(proxy).then(() => {
      const publicRefs = proxy.refs;
      proxy.refs = 0;
      return this.#take(proxy, { ipid: proxy.ipid, publicRefs });
    });
  }

  /**
   * What a packet for another apartment says: some of our own references, so that it keeps the
   * object alive (MAR-02). The server is asked when there are none to spare.
   *
   * @throws ComError E_NOINTERFACE when the object has no `iid`, CO_E_OBJNOTCONNECTED when it is gone.
   */
  giveRefs(iid: Guid): Awaitable<StdObjRef> {
    return chain(this.#lender(iid), (proxy) => {
      if (proxy.refs > 1) return this.#give(proxy);
      this.addRef();
      return this.#addRemoteRefs(proxy)
        .then(() => this.#give(proxy))
        .finally(() => this.release());
    });
  }

  /** What a packet in a table says: it brings no references, whoever unmarshals it gets some (MAR-03). */
  nameOnly(iid: Guid, flags: number): Awaitable<StdObjRef> {
    const { oxid, oid } = this;
    return chain(this.#lender(iid), ({ ipid }) => ({ flags, publicRefs: 0, oxid, oid, ipid }));
  }

  /** Asks the server for an interface that has a proxy and stub here. */
  protected override async queryMissing(iid: Guid): Promise<QueryResult> {
    // What the handler has is answered here (MAR-12).
    const local = await this.#handler?.unknown.query(iid);
    if (local !== undefined && local.pointer !== null) return local;
    const iface = this.connection.services.interfaces.find(iid);
    const known = this.#proxies.values().next().value;
    if (iface === undefined || known === undefined) return { hr: E_NOINTERFACE, pointer: null };
    const args = [known.ipid, QUERY_REFS, 1, [iid]];
    const reply = await this.remUnknown.call(REM_QUERY_INTERFACE, args, this.#own);
    if (failed(reply.hr)) return { hr: reply.hr, pointer: null };
    const [result] = reply.value as RemQiResult[];
    if (result === undefined || failed(hresult(result.hResult))) {
      return { hr: hresult(result?.hResult ?? E_NOINTERFACE), pointer: null };
    }
    const { flags, cPublicRefs, oxid, oid, ipid } = result.std;
    const pointer = await this.adopt(iface, { flags, publicRefs: cPublicRefs, oxid, oid, ipid });
    this.addRef();
    return { hr: S_OK, pointer };
  }

  /** Gives all references back; nobody waits for the server (the API's release never blocks). */
  protected override finalRelease(): void {
    this.#options.onFinalRelease();
    this.#handler?.unknown.release();
    this.#handler = null;
    const owned = [...this.#proxies.values()].map(({ ipid, refs }) => [ipid, refs] as const);
    const refs: RemInterfaceRef[] = [...owned, ...this.#spareRefs]
      .filter(([, count]) => count > 0)
      .map(([ipid, cPublicRefs]) => ({ ipid, cPublicRefs, cPrivateRefs: 0 }));
    const done = this.#whenGone ?? (() => {});
    if (refs.length === 0) {
      done();
      return;
    }
    void chain(this.remUnknown.prepare(REM_RELEASE, [refs.length, refs], this.#own), (request) => {
      this.remUnknown.send(request, () => done());
    });
  }

  /** The calls that the proxy manager makes on its own account. */
  get #own(): CallContext {
    return this.connection.apartment.thread.direct;
  }

  /** The first proxy of an interface stays, also when another packet was waited for meanwhile. */
  #take(made: InterfaceProxy, { ipid, publicRefs }: Pick<StdObjRef, "ipid" | "publicRefs">) {
    const { iface } = made;
    const proxy = this.#proxies.get(iface.iid) ?? made;
    this.#proxies.set(iface.iid, proxy);
    if (proxy.ipid === ipid) proxy.refs += publicRefs;
    else this.#spareRefs.set(ipid, (this.#spareRefs.get(ipid) ?? 0) + publicRefs);
    if (iface.iid === IUnknown.iid) return this.inner;
    return (
      this.exposed(iface.iid) ??
      this.expose(iface, (method, args, context) => proxy.call(method, args, context))
    );
  }

  #give(proxy: InterfaceProxy): StdObjRef {
    const publicRefs = Math.floor(proxy.refs / 2);
    proxy.refs -= publicRefs;
    return { flags: 0, publicRefs, oxid: this.oxid, oid: this.oid, ipid: proxy.ipid };
  }

  /** The proxy whose references a packet for `iid` carries. */
  #lender(iid: Guid): Awaitable<InterfaceProxy> {
    // Any interface leads to the identity, so any IPID serves for IUnknown.
    const proxy =
      this.#proxies.get(iid) ??
      (iid === IUnknown.iid ? this.#proxies.values().next().value : undefined);
    if (proxy !== undefined) return proxy;
    return chain(this.queryMissing(iid), ({ hr, pointer }) => {
      const found = this.#proxies.get(iid);
      pointer?.unknown.release();
      // What only a handler answers for has no proxy to lend references.
      if (found === undefined) {
        throw new ComError(failed(hr) ? hr : E_NOINTERFACE, "CoMarshalInterface");
      }
      return found;
    });
  }

  /** RemAddRef, which waits for the server: the references have to be there before they are used. */
  async #addRemoteRefs(proxy: InterfaceProxy): Promise<void> {
    const refs = [{ ipid: proxy.ipid, cPublicRefs: QUERY_REFS, cPrivateRefs: 0 }];
    const reply = await this.remUnknown.call(REM_ADD_REF, [1, refs], this.#own);
    const [granted] = failed(reply.hr) ? [reply.hr] : (reply.value as Uint32Array);
    if (granted !== S_OK) throw new ComError(CO_E_OBJNOTCONNECTED, "CoUnmarshalInterface");
    proxy.refs += QUERY_REFS;
  }
}
