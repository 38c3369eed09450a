import {
  type Activation,
  type ApartmentKind,
  type BackendApartment,
  type BackendObject,
  CLASS_E_NOAGGREGATION,
  ComError,
  E_NOINTERFACE,
  E_NOTIMPL,
  type Guid,
  type Interface,
  IUnknown,
  type MarshalOptions,
  type Method,
  type Reply,
  RPC_E_DISCONNECTED,
  type ServerObject,
} from "@callfactory/core";
import { createInstance } from "./activation/activator.ts";
import type { Caller } from "./caller.ts";
import type { ThreadHandle } from "./com-thread.ts";
import { bridgeOf, EmulatorObject } from "./emulator-object.ts";
import { callFunction } from "./functions/function-table.ts";
import type { Pointer } from "./object/com-object.ts";
import type { Ledger } from "./object/ledger.ts";
import type { Place } from "./object/place.ts";
import { serve } from "./object/serve.ts";
import type { Process } from "./process.ts";

/** One apartment of the emulator, as one thread sees it on the seam. */
export class EmulatorApartment implements BackendApartment {
  readonly #process: Process;
  readonly #thread: ThreadHandle;

  constructor(process: Process, thread: ThreadHandle) {
    this.#process = process;
    this.#thread = thread;
  }

  get kind(): ApartmentKind | "na" {
    return this.#thread.kind;
  }

  async activate({ clsid, iface, library, outer }: Activation): Promise<BackendObject> {
    const caller = this.#thread.caller("CoCreateInstance");
    const place = this.#ledger.place();
    if (library !== undefined) {
      throw new ComError(E_NOTIMPL, "CoCreateInstance", {
        detail: `the emulator loads no DLL (${library}); register a class with registerClass`,
      });
    }
    const aggregator = outer === undefined ? null : bridgeOf(caller).borrow(outer);
    // Only the inner unknown can be given to an outer object (CALL-07, ACT-02).
    if (aggregator !== null && iface.iid !== IUnknown.iid) {
      throw new ComError(CLASS_E_NOAGGREGATION, "CoCreateInstance", {
        detail: `an outer object asks for IUnknown, not for ${iface.name}`,
      });
    }
    const system = this.#process.createSystemObject(clsid, aggregator?.unknown ?? null);
    if (system !== null) {
      const found = await system.query(iface.iid);
      system.release();
      if (found.pointer === null) throw noInterface(iface, clsid, found.hr);
      return this.#wrap(caller, found.pointer, { iface, place });
    }
    const wanted = { clsid, iid: iface.iid, outer: aggregator, place };
    const pointer = await caller.entry.callers.wait<Pointer | null>(
      () => createInstance(caller, wanted),
      null,
      (late) => late?.unknown.release(),
    );
    if (pointer === null) throw new ComError(RPC_E_DISCONNECTED, "CoCreateInstance");
    return this.#wrap(caller, pointer, { iface, place });
  }

  implement(object: ServerObject, outer?: BackendObject | null): BackendObject {
    const caller = this.#thread.caller("implement");
    const aggregator = outer ? bridgeOf(caller).borrow(outer).unknown : null;
    for (const iface of object.interfaces) this.#process.services.interfaces.register(iface);
    const served = serve(caller, object, aggregator);
    if (outer !== undefined) return new EmulatorObject(served.inner, IUnknown, caller);
    const iface = object.interfaces[0];
    const pointer = iface === undefined ? served.inner : served.exposed(iface.iid);
    const actual = pointer ?? served.inner;
    return new EmulatorObject(actual, actual.iface, caller);
  }

  async marshal(object: BackendObject, options?: MarshalOptions): Promise<Uint8Array> {
    const caller = this.#thread.caller("CoMarshalInterface");
    const pointer = bridgeOf(caller).borrow(object);
    return caller.entry.marshaler.marshal(pointer, object.iface.iid, options);
  }

  async unmarshal(objref: Uint8Array, iface: Interface): Promise<BackendObject> {
    const caller = this.#thread.caller("CoUnmarshalInterface");
    const place = this.#ledger.place();
    const pointer = await caller.entry.marshaler.unmarshalAs(objref, iface.iid);
    return this.#wrap(caller, pointer, { iface, place });
  }

  async releaseMarshalData(objref: Uint8Array): Promise<void> {
    const caller = this.#thread.caller("CoReleaseMarshalData");
    await caller.entry.marshaler.releaseMarshalData(objref);
  }

  call(fn: Method, args: readonly unknown[]): Promise<Reply> {
    return callFunction(this.#thread, fn, args);
  }

  async close(): Promise<void> {
    this.#thread.end();
  }

  #wrap(caller: Caller, pointer: Pointer, { iface, place }: Asked): EmulatorObject {
    return this.#ledger.at(place, () => new EmulatorObject(pointer, iface, caller));
  }

  get #ledger(): Ledger {
    return this.#process.services.ledger;
  }
}

/** The interface that a client asked for, and where it did. */
interface Asked {
  readonly iface: Interface;
  readonly place: Place | null;
}

function noInterface(iface: Interface, clsid: Guid, hr: ComError["hr"]): ComError {
  return new ComError(hr === 0 ? E_NOINTERFACE : hr, "CoCreateInstance", {
    detail: `class {${clsid}} has no interface ${iface.name} {${iface.iid}}`,
  });
}
