import {
  type BackendCall,
  type BackendObject,
  CO_E_RELEASED,
  ComError,
  E_NOINTERFACE,
  failed,
  ICallFactory,
  type Interface,
  IUnknown,
  type Method,
  mapArgs,
  type OnCancel,
  type Reply,
  RPC_E_DISCONNECTED,
  RPC_E_WRONG_THREAD,
  type SynchronizeHooks,
  throwIfFailed,
} from "@callfactory/core";
import type { CallContext } from "./apartment/apartment.ts";
import { type Caller, notInitialized, threadOf, threadToCallOn } from "./caller.ts";
import { CountedReference } from "./call/counted-reference.ts";
import { OuterObject } from "./call/outer-object.ts";
import { EmulatorCall } from "./emulator-call.ts";
import { CREATE_CALL } from "./marshal/interface-stub.ts";
import { ProxyManager } from "./marshal/proxy-manager.ts";
import { identityOf, type Pointer, type QueryResult } from "./object/com-object.ts";
import type { Ledger, LedgerDescription, LedgerItem } from "./object/ledger.ts";
import type { Place } from "./object/place.ts";
import {
  DISCONNECTED,
  dropResult,
  type PointerBridge,
  wrapResult,
} from "./object/pointer-bridge.ts";
import type { ApartmentEntry } from "./process.ts";

/** One reference of a JavaScript caller in an apartment of the emulator. */
export class EmulatorObject implements BackendObject, LedgerItem {
  readonly ledgerKind = "pointer";
  readonly iface: Interface;
  readonly #caller: Caller;
  #pointer: Pointer | null;

  /** Takes over the reference of `pointer`. */
  constructor(pointer: Pointer, iface: Interface, caller: Caller) {
    this.#pointer = pointer;
    this.iface = iface;
    this.#caller = caller;
    this.#ledger.opened(this);
  }

  get #ledger(): Ledger {
    return this.#caller.process.services.ledger;
  }

  describe(): LedgerDescription {
    const { apartment } = this.#caller.entry;
    return { name: this.iface.name, apartment: apartment.name, references: 1 };
  }

  get lane(): "worker" | "direct" {
    return this.#pointer?.unknown instanceof ProxyManager ? "worker" : "direct";
  }

  get hasOwnBlanket(): boolean {
    const { pointer } = this;
    const proxy = pointer.unknown instanceof ProxyManager ? pointer.unknown : null;
    return proxy?.security.blanketOf(pointer)?.isOwn ?? false;
  }

  /** The pointer, borrowed. */
  get pointer(): Pointer {
    if (this.#pointer === null) {
      throw new ComError(CO_E_RELEASED, this.iface.name, {
        detail:
          "the interface pointer was released; take a reference of your own with addRef first",
      });
    }
    return this.#pointer;
  }

  isIn(entry: ApartmentEntry): boolean {
    // Agile objects are at home everywhere.
    return (
      this.#caller.entry.apartment === entry.apartment || this.pointer.unknown.apartment === null
    );
  }

  async queryInterface(iface: Interface): Promise<BackendObject> {
    const place = this.#ledger.place();
    this.#enter(`${this.iface.name}::QueryInterface`);
    const { hr, pointer } = await this.#queryHeld(iface);
    if (pointer === null) {
      throw new ComError(hr, `${this.iface.name}::QueryInterface`, {
        detail: `no interface ${iface.name} {${iface.iid}}`,
      });
    }
    return this.#ledger.at(place, () => new EmulatorObject(pointer, iface, this.#caller));
  }

  /** Asks the object, which lives until it has answered, whoever releases this pointer meanwhile. */
  async #queryHeld(iface: Interface): Promise<QueryResult> {
    const { unknown } = this.pointer;
    unknown.addRef();
    try {
      return await unknown.query(iface.iid);
    } finally {
      unknown.release();
    }
  }

  invoke(method: Method, args: readonly unknown[], onCancel?: OnCancel): Promise<Reply> {
    if (threadOf(this.#caller).isOut) return Promise.reject(notInitialized(method.qualifiedName));
    const work = (): Promise<Reply> => this.#invoke(method, args, onCancel);
    return this.#caller.entry.callers.wait(work, DISCONNECTED, (late) => dropResult(method, late));
  }

  async #invoke(method: Method, args: readonly unknown[], onCancel?: OnCancel): Promise<Reply> {
    const { pointer } = this;
    const bridge = bridgeOf(this.#caller);
    const place = method.hasInterfaces ? this.#ledger.place() : null;
    const direct = this.#enter(method.qualifiedName);
    const values = mapArgs(method, args, (object) => bridge.borrow(object));
    pointer.unknown.addRef();
    try {
      const isRemote = this.lane === "worker";
      const context = onCancel === undefined || !isRemote ? direct : cancelable(direct, onCancel);
      const reply = await pointer.invoke(method, values, context);
      if (!method.hasInterfaces) return reply;
      return this.#ledger.at(place, () => wrapResult(method, reply, bridge));
    } finally {
      pointer.unknown.release();
    }
  }

  async createCall(iface: Interface, hooks?: SynchronizeHooks): Promise<BackendCall> {
    const where = `${this.iface.name}: ICallFactory::CreateCall`;
    const made = { where, place: this.#ledger.place(), context: this.#enter(where) };
    // An object's own factory may take its time, or never answer (LIFE-09).
    const call = await this.#caller.entry.callers.wait<EmulatorCall | null>(
      () => this.#createCall(iface, hooks, made),
      null,
      (late) => late?.release(),
    );
    if (call === null) throw new ComError(RPC_E_DISCONNECTED, where);
    return call;
  }

  async #createCall(
    iface: Interface,
    hooks: SynchronizeHooks | undefined,
    { where, place, context }: CallMade & { readonly where: string },
  ): Promise<EmulatorCall> {
    const { pointer: factory, hr } = await this.pointer.unknown.query(ICallFactory.iid);
    if (factory === null) {
      throw new ComError(hr, where, { detail: "the object has no call factory here (DISC-01)" });
    }
    const outer = hooks === undefined ? null : this.#createOuter(hooks);
    const riid2 = outer === null ? iface.iid : IUnknown.iid;
    const args = [iface.iid, outer?.inner ?? null, riid2];
    const reply = await this.#ledger.at(place, () => factory.invoke(CREATE_CALL, args, context));
    factory.unknown.release();
    const created = failed(reply.hr) ? null : (reply.value as Pointer | null);
    if (created === null) {
      outer?.release();
      throwIfFailed(reply.hr, where, { detail: `for ${iface.name} {${iface.iid}}` });
      throw new ComError(E_NOINTERFACE, where, { detail: "success without a call object" });
    }
    if (outer === null && created.iface.iid !== iface.iid) {
      // A factory written in JavaScript can give anything.
      created.unknown.release();
      const detail = `the factory gave ${created.iface.name} where riid2 was ${iface.name}`;
      throw new ComError(E_NOINTERFACE, where, { detail });
    }
    if (outer === null) return this.#callOf(created, iface, { place, context });
    outer.adopt(created);
    const { pointer } = await outer.query(iface.iid);
    outer.release();
    if (pointer === null) throw new ComError(E_NOINTERFACE, where);
    return this.#callOf(pointer, iface, { place, context });
  }

  addRef(): BackendObject {
    const { pointer } = this;
    pointer.unknown.addRef();
    return new EmulatorObject(pointer, this.iface, this.#caller);
  }

  async identity(): Promise<unknown> {
    return identityOf(this.pointer);
  }

  release(): void {
    const pointer = this.#pointer;
    if (pointer === null) return;
    this.#pointer = null;
    this.#ledger.closed(this);
    pointer.unknown.release();
  }

  /** Gives the reference away: the caller owns it, this object is released. */
  take(): Pointer {
    const { pointer } = this;
    this.#pointer = null;
    this.#ledger.closed(this);
    return pointer;
  }

  /** For whom a call runs that is made now. */
  #enter(where: string): CallContext {
    const isAgile = this.pointer.unknown.apartment === null;
    return threadToCallOn(this.#caller, { where, isAgile }).direct;
  }

  #createOuter(hooks: SynchronizeHooks): OuterObject {
    const { entry, process } = this.#caller;
    return new OuterObject({ services: process.services, apartment: entry.apartment, hooks });
  }

  #callOf(pointer: Pointer, iface: Interface, made: CallMade): EmulatorCall {
    const caller = { ...this.#caller, thread: made.context.thread };
    const wrap = (inner: Pointer, as: Interface): BackendObject =>
      new EmulatorObject(inner, as, this.#caller);
    const { place } = made;
    const holder = { check: () => void this.pointer, take: () => this.take() };
    const counted = new CountedReference(holder);
    const bridge = bridgeOf(this.#caller);
    return new EmulatorCall({ pointer, iface, caller, bridge, place, counted, wrap });
  }
}

/** Who asks for a call object, and for whom it is. */
interface CallMade {
  readonly place: Place | null;
  readonly context: CallContext;
}

/** Lets whoever gave up cancel the synchronous call that a proxy makes, where that is enabled (CAN-16). */
function cancelable(context: CallContext, onCancel: OnCancel): CallContext {
  return {
    thread: context.thread,
    testCancel: () => context.testCancel(),
    onOutgoingCall: (call) => {
      if (call.isCancelable) onCancel(() => void call.cancel(0, context));
    },
  };
}

/** How pointers of an apartment look on the seam. */
export function bridgeOf(caller: Caller): PointerBridge {
  return {
    wrap: (pointer, thread) => {
      pointer.unknown.addRef();
      const spare = caller.entry.apartment.thread;
      const owner = thread === undefined ? caller : { ...caller, thread, spare };
      return new EmulatorObject(pointer, pointer.iface, owner);
    },
    borrow: (wrapper) => emulatorObject(wrapper, caller.entry).pointer,
    take: (wrapper) => emulatorObject(wrapper, caller.entry).take(),
  };
}

/** Pointers are valid in their own apartment alone (APT-04). */
function emulatorObject(value: unknown, entry: ApartmentEntry): EmulatorObject {
  if (!(value instanceof EmulatorObject)) {
    throw new TypeError("an interface pointer of another backend cannot be passed here");
  }
  if (value.isIn(entry)) return value;
  throw new ComError(RPC_E_WRONG_THREAD, value.iface.name, {
    detail: "the pointer belongs to another apartment; marshal it there and unmarshal it here",
  });
}
