import {
  ComError,
  E_NOINTERFACE,
  type Guid,
  type Interface,
  IUnknown,
  REGDB_E_IIDNOTREG,
  RPC_E_DISCONNECTED,
} from "@callfactory/core";
import type { NdrHost, StdObjRef } from "@callfactory/wire";
import type { Apartment } from "../apartment/apartment.ts";
import type { Pointer, Unknown } from "../object/com-object.ts";
import type { Endpoint, OrpcReply, OrpcRequest, OutgoingCall } from "../orpc/channel.ts";
import type { ProcessServices } from "../process-services.ts";
import { InterfaceStub } from "./interface-stub.ts";
import { createRemUnknown } from "./rem-unknown.ts";
import { StubCall } from "./stub-call.ts";
import { StubManager } from "./stub-manager.ts";

/** References that a NORMAL packet carries for each interface. */
const PACKET_REFS = 5;

/** Exports the objects of one apartment: OXID, OIDs, IPIDs; serves the calls that come in for them. */
export class ObjectExporter implements Endpoint {
  readonly oxid: bigint;
  readonly ipidRemUnknown: Guid;
  readonly #services: ProcessServices;
  readonly #apartment: Apartment;
  readonly #host: NdrHost;
  readonly #managers = new Map<Unknown, StubManager>();
  readonly #stubs = new Map<
    Guid,
    { readonly stub: InterfaceStub; readonly manager: StubManager }
  >();
  readonly #remUnknown: InterfaceStub;
  readonly #calls = new Set<StubCall>();

  constructor(services: ProcessServices, apartment: Apartment, host: NdrHost) {
    this.#services = services;
    this.#apartment = apartment;
    this.#host = host;
    this.oxid = services.nextId();
    this.ipidRemUnknown = services.newGuid();
    this.#remUnknown = new InterfaceStub(
      this.ipidRemUnknown,
      createRemUnknown(this, apartment),
      null,
    );
  }

  /**
   * Exports one interface of an object of this apartment, with references for one unmarshal.
   *
   * @throws ComError E_NOINTERFACE, or REGDB_E_IIDNOTREG without a proxy and stub (MAR-09).
   */
  export(object: Unknown, iid: Guid, refs = PACKET_REFS): StdObjRef {
    const manager = this.#managerOf(object);
    const stub = this.#stubFor(manager, iid);
    stub.refs += refs;
    return { flags: 0, publicRefs: refs, oxid: this.oxid, oid: manager.oid, ipid: stub.ipid };
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

  /** RemAddRef of one IPID. */
  addRefs(ipid: Guid, refs: number): boolean {
    const entry = this.#stubs.get(ipid);
    if (entry === undefined) return false;
    entry.stub.refs += refs;
    return true;
  }

  /** RemRelease of one IPID; the last reference to the last one lets go of the object. */
  releaseRefs(ipid: Guid, refs: number): void {
    const entry = this.#stubs.get(ipid);
    if (entry === undefined) return;
    entry.stub.refs -= Math.min(refs, entry.stub.refs);
    if (entry.stub.refs > 0) return;
    const { manager } = entry;
    if ([...manager.stubs.values()].every((stub) => stub.refs === 0)) this.#letGo(manager);
  }

  receive(request: OrpcRequest, respond: (reply: OrpcReply) => void): OutgoingCall {
    const stub =
      request.ipid === this.ipidRemUnknown ? this.#remUnknown : this.#stubs.get(request.ipid)?.stub;
    const call = new StubCall({
      services: this.#services,
      apartment: this.#apartment,
      host: this.#host,
      request,
      respond: (reply) => {
        this.#calls.delete(call);
        respond(reply);
      },
    });
    if (stub === undefined || this.#apartment.isClosed) {
      call.fault(RPC_E_DISCONNECTED);
      return call;
    }
    this.#calls.add(call);
    this.#apartment.deliver({
      cid: request.cid,
      run: (thread) => call.serve(stub, thread),
      drop: () => call.fault(RPC_E_DISCONNECTED),
    });
    return call;
  }

  /** Disconnects every object; calls being served end with RPC_E_DISCONNECTED (LIFE-09, LIFE-10). */
  disconnectAll(): void {
    for (const call of [...this.#calls]) call.fault(RPC_E_DISCONNECTED);
    for (const manager of [...this.#managers.values()]) this.#letGo(manager);
    this.#remUnknown.pointer.unknown.release();
  }

  #managerOf(object: Unknown): StubManager {
    const { pointer } = querySync(object, IUnknown.iid);
    const identity = pointer.unknown;
    let manager = this.#managers.get(identity);
    if (manager === undefined) {
      manager = new StubManager(this.#services.nextId(), identity, this.#apartment);
      this.#managers.set(identity, manager);
      this.#services.ledger.opened(manager);
    } else {
      identity.release();
    }
    return manager;
  }

  #stubFor(manager: StubManager, iid: Guid): InterfaceStub {
    const known = manager.stubs.get(iid);
    if (known !== undefined) return known;
    const iface: Interface | undefined =
      iid === IUnknown.iid ? IUnknown : this.#services.interfaces.find(iid);
    try {
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
      if (manager.stubs.size === 0) this.#letGo(manager);
      throw error;
    }
  }

  #letGo(manager: StubManager): void {
    if (!this.#managers.delete(manager.identity)) return;
    for (const stub of manager.stubs.values()) {
      this.#stubs.delete(stub.ipid);
      stub.pointer.unknown.release();
    }
    this.#services.ledger.closed(manager);
    manager.identity.release();
  }
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
