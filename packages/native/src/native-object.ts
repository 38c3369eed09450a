import {
  type BackendApartment,
  type BackendCall,
  type BackendObject,
  CO_E_RELEASED,
  ComError,
  type Interface,
  mapArgs,
  type Method,
  type Reply,
  RPC_E_WRONG_THREAD,
  type SynchronizeHooks,
} from "@callfactory/core";
import type { NativeCallHandle, NativeObjectHandle } from "./addon.ts";
import { noInterface } from "./failure-detail.ts";
import { NativeCall } from "./native-call.ts";
import type { NativeProcess } from "./native-process.ts";
import { type PointerBridge, readReply } from "./reply.ts";

/** The apartment of an object, as far as the object needs it. */
export interface Home extends BackendApartment {
  /** An object that hears of Reset and Signal; the caller owns the reference. */
  serveHooks(hooks: SynchronizeHooks): NativeObject;
}

/** A reference to an interface of a COM object, in an apartment. */
export class NativeObject implements BackendObject {
  readonly iface: Interface;
  readonly lane = "worker";
  readonly apartment: Home;
  readonly #process: NativeProcess;
  #handle: NativeObjectHandle | null;

  /** Takes over the reference of `handle`. */
  constructor(
    handle: NativeObjectHandle,
    iface: Interface,
    process: NativeProcess,
    apartment: Home,
  ) {
    this.#handle = handle;
    this.iface = iface;
    this.#process = process;
    this.apartment = apartment;
  }

  /** The addon's reference, borrowed; throws CO_E_RELEASED after release. */
  get handle(): NativeObjectHandle {
    if (this.#handle !== null) return this.#handle;
    throw new ComError(CO_E_RELEASED, this.iface.name, {
      detail: "the interface pointer was released; take a reference of your own with addRef first",
    });
  }

  async queryInterface(iface: Interface): Promise<BackendObject> {
    const { handle } = this;
    const id = this.#process.loaded.signatures.interfaceId(iface);
    const found = await this.#process.start<NativeObjectHandle>(
      this.apartment,
      (hr) => [`${this.iface.name}::QueryInterface`, noInterface(hr, iface)],
      (ticket) => handle.queryInterface(ticket, id),
    );
    return new NativeObject(found, iface, this.#process, this.apartment);
  }

  async invoke(method: Method, args: readonly unknown[]): Promise<Reply> {
    const { handle } = this;
    const id = this.#process.loaded.signatures.methodId(method);
    const values = mapArgs(method, args, (object) => handleOf(object, this.apartment));
    const reply = await this.#process.start<readonly unknown[]>(
      this.apartment,
      () => [method.qualifiedName],
      (ticket) => handle.invoke(ticket, id, values),
    );
    const { signatures } = this.#process.loaded;
    return readReply({ method, shaper: method, values: reply }, signatures, this.#bridge);
  }

  async createCall(iface: Interface, hooks?: SynchronizeHooks): Promise<BackendCall> {
    const { handle } = this;
    const where = `${this.iface.name}: ICallFactory::CreateCall`;
    const id = this.#process.loaded.signatures.interfaceId(iface);
    const hooked = hooks === undefined ? null : this.apartment.serveHooks(hooks);
    const created = this.#process.start<NativeCallHandle>(
      this.apartment,
      () => [where, { detail: `the object offers no call object for ${iface.name} here` }],
      (ticket) => handle.createCall(ticket, id, hooked?.handle ?? null),
    );
    hooked?.release();
    const call = await created;
    return new NativeCall({
      handle: call,
      iface,
      process: this.#process,
      apartment: this.apartment,
      bridge: this.#bridge,
    });
  }

  addRef(): BackendObject {
    return new NativeObject(this.handle.addRef(), this.iface, this.#process, this.apartment);
  }

  async identity(): Promise<unknown> {
    const { handle } = this;
    return this.#process.start(
      this.apartment,
      () => [`${this.iface.name}::QueryInterface`],
      (ticket) => handle.identity(ticket),
    );
  }

  get #bridge(): PointerBridge {
    return {
      wrap: (handle, iface) => new NativeObject(handle, iface, this.#process, this.apartment),
      borrow: (object) => handleOf(object, this.apartment),
    };
  }

  release(): void {
    const handle = this.#handle;
    this.#handle = null;
    handle?.release();
  }
}

/**
 * The addon's reference behind an interface pointer that is passed to `apartment`.
 *
 * @throws TypeError for a pointer of another backend; ComError RPC_E_WRONG_THREAD for one of
 *   another apartment (APT-04), CO_E_RELEASED for one that was released.
 */
export function handleOf(object: unknown, apartment: BackendApartment): NativeObjectHandle {
  if (!(object instanceof NativeObject)) {
    throw new TypeError("an interface pointer of another backend cannot be passed here");
  }
  // The process has one MTA, however often it was opened (APT-03).
  const isShared = object.apartment.kind === "mta" && apartment.kind === "mta";
  if (object.apartment === apartment || isShared) return object.handle;
  throw new ComError(RPC_E_WRONG_THREAD, object.iface.name, {
    detail: "the pointer belongs to another apartment; marshal it there and unmarshal it here",
  });
}
