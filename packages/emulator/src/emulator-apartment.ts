import {
  type Activation,
  type ApartmentKind,
  type BackendApartment,
  type BackendObject,
  type ClassRegistration,
  ComError,
  E_NOINTERFACE,
  E_NOTIMPL,
  type Guid,
  type Interface,
  type Method,
  type Reply,
  REGDB_E_CLASSNOTREG,
  RPC_E_DISCONNECTED,
  RPC_E_SERVERFAULT,
  type ServerHost,
  type ServerObject,
} from "@callfactory/core";
import type { Caller } from "./caller.ts";
import { bridgeOf, EmulatorObject } from "./emulator-object.ts";
import { callFunction } from "./functions/function-table.ts";
import type { Pointer } from "./object/com-object.ts";
import type { Ledger } from "./object/ledger.ts";
import type { Place } from "./object/place.ts";
import { ServedObject } from "./object/served-object.ts";
import type { ApartmentEntry } from "./process.ts";

/** The interface that a client asked for, and where it did. */
interface Wanted {
  readonly iface: Interface;
  readonly place: Place | null;
}

/** One apartment of the emulator, as a backend shows it. */
export class EmulatorApartment implements BackendApartment {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  get kind(): ApartmentKind | "na" {
    return this.#caller.entry.apartment.kind;
  }

  async activate({ clsid, iface, library }: Activation): Promise<BackendObject> {
    this.#checkOpen("CoCreateInstance");
    const place = this.#ledger.place();
    if (library !== undefined) {
      throw new ComError(E_NOTIMPL, "CoCreateInstance", {
        detail: `the emulator loads no DLL (${library}); register a class with registerClass`,
      });
    }
    const system = this.#caller.process.createSystemObject(clsid);
    if (system !== null) {
      const found = await system.query(iface.iid);
      system.release();
      if (found.pointer === null) throw noInterface(iface, clsid, found.hr);
      return this.#wrap(found.pointer, iface, place);
    }
    const registration = this.#caller.process.services.classes.find(clsid);
    if (registration === undefined) {
      throw new ComError(REGDB_E_CLASSNOTREG, "CoCreateInstance", {
        detail: `no class {${clsid}}; register it with registerClass`,
      });
    }
    const host = this.#caller.process.hostOf(registration.threadingModel, this.#caller.entry);
    const pointer = await this.#caller.entry.callers.wait<Pointer | null>(
      () => this.#create(registration, host, { iface, place }),
      null,
      (late) => late?.unknown.release(),
    );
    if (pointer === null) throw closed("CoCreateInstance");
    return this.#wrap(pointer, iface, place);
  }

  implement(object: ServerObject): BackendObject {
    this.#checkOpen("implement");
    const served = serve(this.#caller, object);
    const iface = object.interfaces[0];
    const pointer = iface === undefined ? served.inner : served.exposed(iface.iid);
    const actual = pointer ?? served.inner;
    return new EmulatorObject(actual, actual.iface, this.#caller);
  }

  async marshal(object: BackendObject): Promise<Uint8Array> {
    this.#checkOpen("CoMarshalInterface");
    const pointer = bridgeOf(this.#caller).borrow(object);
    return this.#caller.entry.marshaler.marshalInterface(pointer, object.iface.iid) as Uint8Array;
  }

  async unmarshal(objref: Uint8Array, iface: Interface): Promise<BackendObject> {
    this.#checkOpen("CoUnmarshalInterface");
    const place = this.#ledger.place();
    const pointer = this.#caller.entry.marshaler.unmarshalInterface(objref, iface.iid);
    if (derives(pointer.iface, iface)) return this.#wrap(pointer, iface, place);
    // The packet was for another interface: what is asked for is queried (MAR-05).
    const { hr, pointer: found } = await pointer.unknown.query(iface.iid);
    pointer.unknown.release();
    if (found !== null) return this.#wrap(found, iface, place);
    throw new ComError(hr, "CoUnmarshalInterface", {
      detail: `the object has no interface ${iface.name} {${iface.iid}}`,
    });
  }

  async releaseMarshalData(objref: Uint8Array): Promise<void> {
    this.#checkOpen("CoReleaseMarshalData");
    await this.#caller.entry.marshaler.releaseMarshalData(objref);
  }

  call(fn: Method, args: readonly unknown[]): Promise<Reply> {
    return callFunction(this.#caller, fn, args);
  }

  async close(): Promise<void> {
    this.#caller.process.close(this.#caller.entry);
  }

  /** Creates an object in its apartment; from another one it arrives marshaled. */
  #create(registration: ClassRegistration, host: ApartmentEntry, wanted: Wanted): Promise<Pointer> {
    const { services } = this.#caller.process;
    for (const known of registration.interfaces) services.interfaces.register(known);
    if (host === this.#caller.entry) return this.#createIn(registration, host, wanted);
    return new Promise((resolve, reject) => {
      const unmarshal = (objref: Uint8Array): void => {
        try {
          resolve(this.#caller.entry.marshaler.unmarshalInterface(objref, wanted.iface.iid));
        } catch (error) {
          reject(error);
        }
      };
      const create = async (): Promise<void> => {
        try {
          const pointer = await this.#createIn(registration, host, wanted);
          const objref = host.marshaler.marshalInterface(pointer, wanted.iface.iid) as Uint8Array;
          pointer.unknown.release();
          services.scheduler.post(null, () => unmarshal(objref));
        } catch (error) {
          reject(error);
        }
      };
      const drop = (): void => reject(new ComError(RPC_E_DISCONNECTED, "CoCreateInstance"));
      services.scheduler.post(null, () => host.apartment.deliver({ cid: null, run: create, drop }));
    });
  }

  async #createIn(
    registration: ClassRegistration,
    host: ApartmentEntry,
    { iface, place }: Wanted,
  ): Promise<Pointer> {
    const { process } = this.#caller;
    const caller: Caller = { process, entry: host, thread: host.apartment.thread };
    let object: ServerObject;
    try {
      object = await registration.create(serverHost(caller));
    } catch (error) {
      if (error instanceof ComError) throw error;
      throw new ComError(RPC_E_SERVERFAULT, "CoCreateInstance", {
        detail: `the class {${registration.clsid}} threw while creating an object`,
        cause: error,
      });
    }
    const served = this.#ledger.at(place, () => serve(caller, object));
    const { hr, pointer } = await served.query(iface.iid);
    served.release();
    if (pointer === null) throw noInterface(iface, registration.clsid, hr);
    return pointer;
  }

  #wrap(pointer: Pointer, iface: Interface, place: Place | null): EmulatorObject {
    return this.#ledger.at(place, () => new EmulatorObject(pointer, iface, this.#caller));
  }

  get #ledger(): Ledger {
    return this.#caller.process.services.ledger;
  }

  #checkOpen(where: string): void {
    if (this.#caller.entry.apartment.isClosed) throw closed(where);
  }
}

function closed(where: string): ComError {
  return new ComError(RPC_E_DISCONNECTED, where, { detail: "the apartment was closed" });
}

/** Whether a pointer to `iface` can be used as one to `base`. */
function derives(iface: Interface, base: Interface): boolean {
  for (let i: Interface | null = iface; i !== null; i = i.base) if (i.iid === base.iid) return true;
  return false;
}

function noInterface(iface: Interface, clsid: Guid, hr: ComError["hr"]): ComError {
  return new ComError(hr === 0 ? E_NOINTERFACE : hr, "CoCreateInstance", {
    detail: `class {${clsid}} has no interface ${iface.name} {${iface.iid}}`,
  });
}

function serve(caller: Caller, object: ServerObject): ServedObject {
  const { services } = caller.process;
  for (const iface of object.interfaces) services.interfaces.register(iface);
  return new ServedObject(object, {
    services,
    apartment: caller.entry.apartment,
    bridge: bridgeOf(caller),
    apartmentOf: (thread) => new EmulatorApartment({ ...caller, thread }),
  });
}

/** The apartment of a served object, seen from inside. */
function serverHost(caller: Caller): ServerHost {
  const { scheduler } = caller.process.services;
  const { apartment } = caller.entry;
  return {
    apartment: new EmulatorApartment(caller),
    clock: scheduler,
    sleep: (delayMs) =>
      new Promise((resolve) => {
        scheduler.setTimer(delayMs, resolve);
      }),
    setTimer: (delayMs, callback) =>
      scheduler.setTimer(delayMs, () =>
        apartment.deliver({ cid: null, run: () => callback(), drop: () => {} }),
      ),
  };
}
