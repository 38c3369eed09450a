import {
  ComError,
  E_NOINTERFACE,
  failed,
  type Guid,
  hresult,
  ICallFactory,
  IClientSecurity,
  type Interface,
  IUnknown,
  type Method,
  S_OK,
} from "@callfactory/core";
import type { StdObjRef } from "@callfactory/wire";
import type { CallContext } from "../apartment/apartment.ts";
import { createClientCall } from "../call/client-call-factory.ts";
import { ComObject, type Pointer, type QueryResult } from "../object/com-object.ts";
import type { LedgerDescription } from "../object/ledger.ts";
import { Blanket } from "../security/blanket.ts";
import { clientSecurity } from "../security/client-security.ts";
import { ProxySecurity } from "../security/proxy-security.ts";
import { type Connection, InterfaceProxy } from "./interface-proxy.ts";
import type { Packets } from "./oxid-resolver.ts";
import { IRemUnknown, type RemInterfaceRef, type RemQiResult } from "./rem-unknown-interface.ts";

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
  readonly packets: Packets;
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
  readonly #remUnknown: InterfaceProxy;

  constructor(options: ProxyManagerOptions) {
    const { connection } = options;
    const { ledger } = connection.services;
    super({ apartment: connection.apartment, ledger, kind: "proxy" });
    this.oid = options.oid;
    this.oxid = options.oxid;
    this.connection = connection;
    this.#options = options;
    const { security } = connection.services;
    // What COM does on its own account must go out, whoever is impersonated.
    const own = new Blanket(security, { isLenient: true });
    this.#remUnknown = new InterfaceProxy(IRemUnknown, options.ipidRemUnknown, 0, connection, own);
    this.security = new ProxySecurity(this, security, own);
    this.expose(ICallFactory, (_method, args) => createClientCall(this, args));
    this.expose(IClientSecurity, clientSecurity(this.security));
  }

  override describe(): LedgerDescription {
    const names = [...this.#proxies.values()].map(({ iface }) => iface.name);
    return { ...super.describe(), name: `${names.join(", ")} of OID ${this.oid}` };
  }

  /** The proxy of an interface, if we have one. */
  proxyOf(iid: Guid): InterfaceProxy | undefined {
    return this.#proxies.get(iid);
  }

  /** Adds the references of a STDOBJREF to the proxy of `iface`, which is made if need be. */
  adopt(iface: Interface, std: StdObjRef): Pointer {
    const known = this.#proxies.get(iface.iid);
    const proxy = known ?? new InterfaceProxy(iface, std.ipid, 0, this.connection);
    proxy.refs += std.publicRefs;
    // A packet without references asks us to get some ourselves.
    if (std.publicRefs === 0) this.#addRemoteRefs(proxy);
    this.#proxies.set(iface.iid, proxy);
    if (iface.iid === IUnknown.iid) return this.inner;
    return (
      this.exposed(iface.iid) ??
      this.expose(iface, (method, args, context) => proxy.call(method, args, context))
    );
  }

  /**
   * What a packet for another apartment says: some of our own references, so that it keeps the
   * object alive (MAR-02).
   *
   * @throws ComError E_NOINTERFACE when there is no proxy for `iid`.
   */
  giveRefs(iid: Guid): StdObjRef {
    // Any interface leads to the identity, so any IPID serves for IUnknown.
    const proxy =
      this.#proxies.get(iid) ??
      (iid === IUnknown.iid ? this.#proxies.values().next().value : undefined);
    if (proxy === undefined) throw new ComError(E_NOINTERFACE, "CoMarshalInterface");
    // With none to spare we get some, before we could give back our last one.
    if (proxy.refs < 2 && this.#options.packets.addRefs(proxy.ipid, QUERY_REFS)) {
      proxy.refs += QUERY_REFS;
    }
    const publicRefs = Math.floor(proxy.refs / 2);
    proxy.refs -= publicRefs;
    return { flags: 0, publicRefs, oxid: this.oxid, oid: this.oid, ipid: proxy.ipid };
  }

  /** Asks the server for an interface that has a proxy and stub here. */
  protected override async queryMissing(iid: Guid): Promise<QueryResult> {
    const iface = this.connection.services.interfaces.find(iid);
    const known = this.#proxies.values().next().value;
    if (iface === undefined || known === undefined) return { hr: E_NOINTERFACE, pointer: null };
    const args = [known.ipid, QUERY_REFS, 1, [iid]];
    const reply = await this.#remUnknown.call(REM_QUERY_INTERFACE, args, this.#own);
    if (failed(reply.hr)) return { hr: reply.hr, pointer: null };
    const [result] = reply.value as RemQiResult[];
    if (result === undefined || failed(hresult(result.hResult))) {
      return { hr: hresult(result?.hResult ?? E_NOINTERFACE), pointer: null };
    }
    const { flags, cPublicRefs, oxid, oid, ipid } = result.std;
    const pointer = this.adopt(iface, { flags, publicRefs: cPublicRefs, oxid, oid, ipid });
    this.addRef();
    return { hr: S_OK, pointer };
  }

  /** Gives all references back; nobody waits for the server (the API's release never blocks). */
  protected override finalRelease(): void {
    this.#options.onFinalRelease();
    const refs: RemInterfaceRef[] = [...this.#proxies.values()]
      .filter((proxy) => proxy.refs > 0)
      .map((proxy) => ({ ipid: proxy.ipid, cPublicRefs: proxy.refs, cPrivateRefs: 0 }));
    if (refs.length === 0) return;
    this.#remUnknown.send(
      this.#remUnknown.prepare(REM_RELEASE, [refs.length, refs], this.#own),
      () => {},
    );
  }

  /** The calls that the proxy manager makes on its own account. */
  get #own(): CallContext {
    return this.connection.apartment.thread.direct;
  }

  #addRemoteRefs(proxy: InterfaceProxy): void {
    proxy.refs += QUERY_REFS;
    const refs = [{ ipid: proxy.ipid, cPublicRefs: QUERY_REFS, cPrivateRefs: 0 }];
    this.#remUnknown.send(this.#remUnknown.prepare(REM_ADD_REF, [1, refs], this.#own), () => {});
  }
}
