import { resolve } from "node:path";
import {
  type Activation,
  type ApartmentKind,
  type BackendObject,
  ComError,
  E_NOTIMPL,
  type Guid,
  type Interface,
  IUnknown,
  type MarshalOptions,
  type Method,
  MSHCTX_LOCAL,
  type Reply,
  RPC_E_DISCONNECTED,
  type ServerObject,
  type SynchronizeHooks,
} from "@callfactory/core";
import type {
  NativeApartmentHandle,
  NativeObjectHandle,
  ProbeResult,
  RegisteredClassHandle,
} from "./addon.ts";
import { activationDetail } from "./failure-detail.ts";
import { handleOf, type Home, NativeObject } from "./native-object.ts";
import { type FindHost, type NativeProcess, systemClock } from "./native-process.ts";
import {
  flagsOf,
  hookServer,
  ServedObject,
  type ServeOptions,
  type ServingApartment,
} from "./served-object.ts";

/** How long closing waits for a server that does not return from a synchronous call. */
const CLOSE_GRACE_MS = 1000;

/** What an apartment asks of its backend, and tells it. */
export interface ApartmentEvents {
  readonly findHost: FindHost<NativeApartment>;
  readonly onClosed: (apartment: NativeApartment) => void;
}

/** How a class object is used: CLSCTX_* and REGCLS_*. */
export interface ClassUse {
  readonly context: number;
  readonly flags: number;
}

/** An apartment of the real COM: an OS thread of its own, never JavaScript's. */
export class NativeApartment implements Home, ServingApartment {
  readonly kind: ApartmentKind;
  readonly #handle: NativeApartmentHandle;
  readonly #process: NativeProcess;
  readonly #events: ApartmentEvents;
  #closing: Promise<void> | null = null;

  private constructor(
    kind: ApartmentKind,
    handle: NativeApartmentHandle,
    process: NativeProcess,
    events: ApartmentEvents,
  ) {
    this.kind = kind;
    this.#handle = handle;
    this.#process = process;
    this.#events = events;
    process.loaded.apartments.set(handle.id, this);
  }

  /** Starts the apartment's thread and enters the apartment on it. */
  static async open(
    kind: ApartmentKind,
    process: NativeProcess,
    events: ApartmentEvents,
  ): Promise<NativeApartment> {
    let handle: NativeApartmentHandle | undefined;
    await process.start(
      process,
      () => ["CoInitializeEx"],
      (ticket) => {
        handle = process.loaded.addon.openApartment(ticket, kind);
      },
    );
    return new NativeApartment(kind, handle as NativeApartmentHandle, process, events);
  }

  async activate(activation: Activation): Promise<BackendObject> {
    this.#checkOpen("CoCreateInstance");
    const { clsid, iface, library } = activation;
    const host = library === undefined ? this.#events.findHost(clsid, this) : null;
    if (host !== null) return this.#activateIn(await host, activation);
    // LoadLibrary wants a full path: a relative one would be searched for.
    const path = library === undefined ? null : resolve(library);
    const subject = { clsid, interfaceName: iface.name, library: path };
    const where = path === null ? "CoCreateInstance" : "DllGetClassObject";
    const id = this.#process.loaded.signatures.interfaceId(iface);
    const handle = await this.#process.start<NativeObjectHandle>(
      this,
      (hr) => [where, activationDetail(hr, subject)],
      (ticket) => this.#handle.activate(ticket, clsid, id, path),
    );
    return new NativeObject(handle, iface, this.#process, this);
  }

  /** Has another apartment create the object, and gets a proxy (ACT-01). */
  async #activateIn(host: NativeApartment, activation: Activation): Promise<BackendObject> {
    const object = await host.activate(activation);
    try {
      return await this.unmarshal(await host.marshal(object), activation.iface);
    } finally {
      object.release();
    }
  }

  implement(object: ServerObject, outer?: BackendObject | null): BackendObject {
    this.#checkOpen("implement");
    return this.serve(object, outer === undefined ? {} : { outer });
  }

  /** Makes an object of this apartment; the caller owns the reference. */
  serve(object: ServerObject, options: ServeOptions): NativeObject {
    const { outer, kind } = options;
    const { signatures } = this.#process.loaded;
    const served = new ServedObject(object, this.#process, this, kind);
    const handle = served.open((ticket) =>
      this.#handle.implement(
        ticket,
        served.interfaces.map((iface) => signatures.vtableId(iface)),
        flagsOf(object, options),
        signatures.interfaceId(IUnknown),
        outer ? handleOf(outer, this) : null,
        served.queryInnerId,
      ),
    );
    const isInner = outer !== undefined || kind === "call";
    const iface = isInner ? IUnknown : (served.interfaces[0] ?? IUnknown);
    return new NativeObject(handle, iface, this.#process, this);
  }

  serveHooks(hooks: SynchronizeHooks): NativeObject {
    return this.serve(hookServer(hooks), { kind: "internal" });
  }

  /**
   * CoRegisterClassObject; resolves to what takes it back.
   *
   * @throws ComError that CoRegisterClassObject gives.
   */
  async registerClass(clsid: Guid, classObject: NativeObject, use: ClassUse): Promise<() => void> {
    this.#checkOpen("CoRegisterClassObject");
    const registered = await this.#process.start<RegisteredClassHandle>(
      this,
      () => ["CoRegisterClassObject"],
      (ticket) =>
        this.#handle.registerClass(ticket, clsid, classObject.handle, use.context, use.flags),
    );
    return () => {
      if (this.#closing === null) this.#handle.revokeClass(registered);
    };
  }

  async marshal(object: BackendObject, options: MarshalOptions = {}): Promise<Uint8Array> {
    this.#checkOpen("CoMarshalInterface");
    if ((options.context ?? MSHCTX_LOCAL) !== MSHCTX_LOCAL || (options.flags ?? 0) !== 0) {
      throw new ComError(E_NOTIMPL, "CoMarshalInterface", {
        detail: "on real COM, packets are for this machine and one unmarshal",
      });
    }
    const handle = handleOf(object, this);
    return this.#process.start<Uint8Array>(
      this,
      () => ["CoMarshalInterface", { detail: `for ${object.iface.name} {${object.iface.iid}}` }],
      (ticket) => handle.marshal(ticket),
    );
  }

  async unmarshal(objref: Uint8Array, iface: Interface): Promise<BackendObject> {
    this.#checkOpen("CoUnmarshalInterface");
    const id = this.#process.loaded.signatures.interfaceId(iface);
    const handle = await this.#process.start<NativeObjectHandle>(
      this,
      () => ["CoUnmarshalInterface"],
      (ticket) => this.#handle.unmarshal(ticket, objref, id),
    );
    return new NativeObject(handle, iface, this.#process, this);
  }

  async releaseMarshalData(): Promise<void> {
    throw new ComError(E_NOTIMPL, "CoReleaseMarshalData");
  }

  /** Finds out what the system's COM can do. */
  probe(): Promise<ProbeResult> {
    return this.#process.start(
      this,
      () => ["probe"],
      (ticket) => this.#handle.probe(ticket),
    );
  }

  /** Resolves when the thread has done all that it was given before. */
  async roundTrip(): Promise<void> {
    if (this.#closing !== null) return;
    // What is no OBJREF fails at once, without a word to COM's service.
    const nothing = this.unmarshal(new Uint8Array(24), IUnknown);
    await nothing.catch((error: unknown) => {
      if (!(error instanceof ComError)) throw error;
    });
  }

  async call(fn: Method): Promise<Reply> {
    throw new ComError(E_NOTIMPL, fn.qualifiedName, {
      detail:
        "the native backend does not call COM's functions for a caller yet; the emulator does " +
        '(openCom({ backend: "emulator" }))',
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  /** Settles what is in flight, then waits for the thread, but not for a server that hangs. */
  #end(): Promise<void> {
    const { tickets } = this.#process.loaded;
    tickets.settleAll(this, RPC_E_DISCONNECTED);
    return new Promise<void>((done) => {
      const finish = (): void => {
        takeBack();
        tickets.drop(ticket);
        this.#process.loaded.apartments.delete(this.#handle.id);
        this.#events.onClosed(this);
        done();
      };
      const takeBack = systemClock.setTimer(CLOSE_GRACE_MS, finish);
      const ticket = tickets.open(this, finish);
      this.#handle.close(ticket);
    });
  }

  #checkOpen(where: string): void {
    if (this.#closing === null) return;
    throw new ComError(RPC_E_DISCONNECTED, where, { detail: "the apartment was closed" });
  }
}
