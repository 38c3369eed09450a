import {
  ComError,
  E_NOINTERFACE,
  type Guid,
  type Interface,
  IUnknown,
  MSHLFLAGS_NOPING,
  MSHLFLAGS_NORMAL,
  MSHLFLAGS_TABLESTRONG,
  MSHLFLAGS_TABLEWEAK,
  REGDB_E_IIDNOTREG,
  RPC_E_DISCONNECTED,
} from "@callfactory/core";
import { SORF_NOPING, type StdObjRef } from "@callfactory/wire";
import type { Apartment } from "../apartment/apartment.ts";
import type { Pointer, Unknown } from "../object/com-object.ts";
import type {
  Endpoint,
  OrpcReply,
  OrpcRequest,
  OutgoingCall,
  ServerPlace,
} from "../orpc/channel.ts";
import type { ProcessServices } from "../process-services.ts";
import { InterfaceStub, type RefCounts } from "./interface-stub.ts";
import type { Marshals } from "./marshals.ts";
import type { Holders, Packets, PingedObject, PingedObjects } from "./oxid-resolver.ts";
import { createRemUnknown } from "./rem-unknown.ts";
import { StubCall } from "./stub-call.ts";
import { StubManager } from "./stub-manager.ts";

/** References that a NORMAL packet carries for each interface. */
const PACKET_REFS = 5;

/** What an exporter is made with. */
export interface ExporterOptions {
  readonly services: ProcessServices;
  readonly apartment: Apartment;
  readonly marshaler: Marshals;
  /** Something was exported, or asked for again (MAR-16). */
  readonly onTouched: () => void;
}

/** How an interface is exported. */
export interface ExportOptions {
  /** Public references that the receiver comes to own. */
  readonly refs?: number;
  /** MSHLFLAGS_*. */
  readonly flags?: number;
}

/** Exports the objects of one apartment: OXID, OIDs, IPIDs; serves the calls that come in for them. */
export class ObjectExporter implements Endpoint, Packets, Holders, PingedObjects {
  readonly oxid: bigint;
  readonly ipidRemUnknown: Guid;
  readonly #onTouched: () => void;
  readonly #services: ProcessServices;
  readonly #apartment: Apartment;
  readonly #marshaler: Marshals;
  readonly #managers = new Map<Unknown, StubManager>();
  readonly #byOid = new Map<bigint, StubManager>();
  readonly #stubs = new Map<
    Guid,
    { readonly stub: InterfaceStub; readonly manager: StubManager }
  >();
  readonly #remUnknown: InterfaceStub;
  readonly #calls = new Set<StubCall>();
  /** Proxies in other apartments of the process, by OID: they need no pings (MAR-16). */
  readonly #holds = new Map<bigint, number>();

  constructor({ services, apartment, marshaler, onTouched }: ExporterOptions) {
    this.#onTouched = onTouched;
    this.#services = services;
    this.#apartment = apartment;
    this.#marshaler = marshaler;
    this.oxid = services.nextId();
    this.ipidRemUnknown = services.newGuid();
    this.#remUnknown = new InterfaceStub(
      this.ipidRemUnknown,
      createRemUnknown({ references: this, marshaler, apartment }),
      null,
    );
  }

  /**
   * Exports one interface of an object of this apartment: with references for one unmarshal, or
   * without any for a packet that stands in a table.
   *
   * @throws ComError E_NOINTERFACE, or REGDB_E_IIDNOTREG without a proxy and stub (MAR-09).
   */
  export(object: Unknown, iid: Guid, options: ExportOptions = {}): StdObjRef {
    const { refs = PACKET_REFS, flags = MSHLFLAGS_NORMAL } = options;
    const manager = this.#managerOf(object, (flags & MSHLFLAGS_NOPING) === 0);
    const stub = this.#stubFor(manager, iid);
    const table = flags & (MSHLFLAGS_TABLESTRONG | MSHLFLAGS_TABLEWEAK);
    if (table === MSHLFLAGS_NORMAL) stub.publicRefs += refs;
    else if (table === MSHLFLAGS_TABLESTRONG) stub.tables.strong++;
    else stub.tables.weak++;
    manager.settle();
    this.#touch(manager);
    return {
      flags: (manager.isPinged ? 0 : SORF_NOPING) | tableFlag(flags),
      publicRefs: table === MSHLFLAGS_NORMAL ? refs : 0,
      oxid: this.oxid,
      oid: manager.oid,
      ipid: stub.ipid,
    };
  }

  /** The object behind `ipid`, borrowed. */
  objectOf(ipid: Guid): Unknown | undefined {
    return this.#stubs.get(ipid)?.manager.identity;
  }

  /** A NORMAL packet of this IPID is on its way. */
  issuePacket(ipid: Guid): void {
    const entry = this.#stubs.get(ipid);
    if (entry !== undefined) entry.stub.packets++;
  }

  /** Takes a NORMAL packet of this IPID out of the world; false when none is on its way (MAR-02). */
  redeemPacket(ipid: Guid): boolean {
    const entry = this.#stubs.get(ipid);
    if (entry === undefined || entry.stub.packets === 0) return false;
    entry.stub.packets--;
    return true;
  }

  /** Takes a TABLESTRONG or TABLEWEAK packet out of the world; false when there is none (MAR-03). */
  releaseTable(ipid: Guid, table: "strong" | "weak"): boolean {
    const entry = this.#stubs.get(ipid);
    if (entry === undefined || entry.stub.tables[table] === 0) return false;
    entry.stub.tables[table]--;
    this.#settle(entry.manager);
    return true;
  }

  /** RemAddRef of one IPID. */
  addRefs(ipid: Guid, counts: RefCounts): boolean {
    const entry = this.#stubs.get(ipid);
    if (entry === undefined) return false;
    entry.stub.addRefs(counts);
    entry.manager.settle();
    this.#touch(entry.manager);
    return true;
  }

  /** RemRelease of one IPID; the last reference to the last one lets go of the object. */
  releaseRefs(ipid: Guid, counts: RefCounts, closes = true): void {
    const entry = this.#stubs.get(ipid);
    if (entry === undefined) return;
    entry.stub.releaseRefs(counts);
    this.#settle(entry.manager, closes);
  }

  /** CoLockObjectExternal (LIFE-04). */
  lock(object: Unknown, isLock: boolean, lastUnlockReleases: boolean): void {
    const manager = isLock ? this.#managerOf(object, true) : this.#known(object);
    if (manager === undefined) return;
    manager.locks = Math.max(0, manager.locks + (isLock ? 1 : -1));
    this.#settle(manager, lastUnlockReleases);
  }

  /** CoDisconnectObject: calls that run already run to their end (LIFE-02, LIFE-03). */
  disconnect(object: Unknown): void {
    const manager = this.#known(object);
    if (manager !== undefined) this.#letGo(manager);
  }

  hold(oid: bigint): void {
    this.#holds.set(oid, (this.#holds.get(oid) ?? 0) + 1);
  }

  /** What other processes hold: clients here need not ping, and NOPING says that none need (MAR-04). */
  *pinged(): Iterable<PingedObject> {
    for (const manager of this.#managers.values()) {
      const isHeld = [...manager.stubs.values()].some((stub) => stub.refs > 0);
      if (isHeld && manager.isPinged && !this.#holds.has(manager.oid)) yield manager;
    }
  }

  /** Its clients are taken for dead: what they held is given back (MAR-16). */
  runDown(oid: bigint): void {
    const manager = this.#byOid.get(oid);
    if (manager === undefined) return;
    for (const stub of manager.stubs.values()) stub.dropRefs();
    this.#settle(manager);
  }

  unhold(oid: bigint): void {
    const left = (this.#holds.get(oid) ?? 1) - 1;
    if (left > 0) this.#holds.set(oid, left);
    else this.#holds.delete(oid);
    // Whoever else may hold it has to ping from now on.
    this.#onTouched();
  }

  get place(): ServerPlace {
    const { kind, thread } = this.#apartment;
    return { kind, threadId: kind === "sta" ? thread.id : 0 };
  }

  receive(request: OrpcRequest, respond: (reply: OrpcReply) => void): OutgoingCall {
    const stub =
      request.ipid === this.ipidRemUnknown ? this.#remUnknown : this.#stubs.get(request.ipid)?.stub;
    const call = new StubCall({
      services: this.#services,
      apartment: this.#apartment,
      marshaler: this.#marshaler,
      request,
      respond: (reply) => {
        this.#calls.delete(call);
        respond(reply);
      },
    });
    if (stub === undefined || this.#apartment.isClosed) {
      call.turnAway();
      return call;
    }
    this.#calls.add(call);
    const { origin, iid, opnum } = request;
    const isOwn = stub === this.#remUnknown;
    const object = isOwn ? null : stub.pointer;
    this.#apartment.deliver({
      cid: request.cid,
      call: { origin, object, iid, opnum, refuse: (hr) => call.fault(hr) },
      run: (thread) => {
        // Its object may have been disconnected while the call was in the queue (LIFE-02).
        if (isOwn || this.#stubs.has(stub.ipid)) return call.serve(stub, thread);
        return call.turnAway();
      },
      drop: () => call.turnAway(),
    });
    return call;
  }

  /** Disconnects every object; calls being served end with RPC_E_DISCONNECTED (LIFE-09, LIFE-10). */
  disconnectAll(): void {
    for (const call of [...this.#calls]) call.fault(RPC_E_DISCONNECTED);
    for (const manager of [...this.#managers.values()]) this.#letGo(manager);
    this.#remUnknown.pointer.unknown.release();
  }

  #managerOf(object: Unknown, isPinged: boolean): StubManager {
    // What an apartment exported after its end, nobody would ever let go of (LIFE-10).
    if (this.#apartment.isClosed) throw new ComError(RPC_E_DISCONNECTED, "CoMarshalInterface");
    const { pointer } = querySync(object, IUnknown.iid);
    const identity = pointer.unknown;
    let manager = this.#managers.get(identity);
    if (manager === undefined) {
      const oid = this.#services.nextId();
      manager = new StubManager({ oid, identity, apartment: this.#apartment, isPinged });
      this.#managers.set(identity, manager);
      this.#byOid.set(oid, manager);
      this.#services.ledger.opened(manager);
    } else {
      identity.release();
    }
    return manager;
  }

  #known(object: Unknown): StubManager | undefined {
    const { pointer } = querySync(object, IUnknown.iid);
    pointer.unknown.release();
    return this.#managers.get(pointer.unknown);
  }

  #settle(manager: StubManager, closes = true): void {
    if (!manager.settle(closes)) this.#letGo(manager);
  }

  /** A client is there, or soon will be (MAR-16). */
  #touch(manager: StubManager): void {
    manager.lastSeenMs = this.#services.scheduler.now();
    if (manager.isPinged) this.#onTouched();
  }

  #stubFor(manager: StubManager, iid: Guid): InterfaceStub {
    const known = manager.stubs.get(iid);
    if (known !== undefined) return known;
    const iface: Interface | undefined =
      iid === IUnknown.iid ? IUnknown : this.#services.interfaces.find(iid);
    try {
      if (this.#services.interfaces.isLocal(iid)) {
        throw new ComError(E_NOINTERFACE, "CoMarshalInterface", {
          detail: `{${iid}} is a [local] interface`,
        });
      }
      if (iface === undefined) {
        throw new ComError(REGDB_E_IIDNOTREG, "CoMarshalInterface", {
          detail: `no proxy and stub for {${iid}}; name the interface in registerClass`,
        });
      }
      const { pointer } = querySync(manager.identity, iid);
      const twin = this.#services.interfaces.asyncOf(iface);
      const stub = new InterfaceStub(this.#services.newGuid(), pointer, twin);
      manager.stubs.set(iid, stub);
      this.#stubs.set(stub.ipid, { stub, manager });
      return stub;
    } catch (error) {
      if (manager.stubs.size === 0 && manager.locks === 0) this.#letGo(manager);
      throw error;
    }
  }

  #letGo(manager: StubManager): void {
    if (!this.#managers.delete(manager.identity)) return;
    this.#byOid.delete(manager.oid);
    for (const { ipid } of manager.stubs.values()) this.#stubs.delete(ipid);
    this.#services.ledger.closed(manager);
    manager.release();
  }
}

/** SORF_ flags of packets in tables: reserved for the machine that wrote them ([MS-DCOM] 2.2.18.2). */
export const SORF_TABLESTRONG = 0x20;
export const SORF_TABLEWEAK = 0x40;
/** Reserved too: another process wrote the packet, so that its exporter has not counted it. */
export const SORF_UNCOUNTED = 0x80;

function tableFlag(mshlflags: number): number {
  if ((mshlflags & MSHLFLAGS_TABLESTRONG) !== 0) return SORF_TABLESTRONG;
  return (mshlflags & MSHLFLAGS_TABLEWEAK) !== 0 ? SORF_TABLEWEAK : 0;
}

/** QueryInterface on an object of this apartment, which answers at once; the caller owns the reference. */
export function querySync(object: Unknown, iid: Guid): { readonly pointer: Pointer } {
  const result = object.query(iid);
  if (result instanceof Promise || result.pointer === null) {
    throw new ComError(E_NOINTERFACE, "CoMarshalInterface", {
      detail: `the object has no interface {${iid}}`,
    });
  }
  return result;
}
