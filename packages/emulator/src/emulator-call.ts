import {
  type Awaitable,
  type BackendCall,
  type BackendObject,
  CO_E_RELEASED,
  ComError,
  E_NOINTERFACE,
  failed,
  type HResult,
  ICancelMethodCalls,
  INFINITE,
  type Interface,
  ISynchronize,
  type Method,
  mapArgs,
  type Reply,
} from "@callfactory/core";
import type { CallContext } from "./apartment/apartment.ts";
import { type Caller, notInitialized, threadOf, threadToCallOn } from "./caller.ts";
import type { CountedReference } from "./call/counted-reference.ts";
import type { Pointer } from "./object/com-object.ts";
import type { Ledger, LedgerDescription, LedgerItem } from "./object/ledger.ts";
import type { Place } from "./object/place.ts";
import {
  DISCONNECTED,
  dropResult,
  type PointerBridge,
  wrapResult,
} from "./object/pointer-bridge.ts";

/** What a call object's wrapper is made with. */
export interface EmulatorCallOptions {
  /** AsyncIFoo of the call object; its reference is taken over. */
  readonly pointer: Pointer;
  readonly iface: Interface;
  /** Who made it, on the thread that did. */
  readonly caller: Caller;
  readonly bridge: PointerBridge;
  /** Who asked for the call object. */
  readonly place: Place | null;
  /** What AsyncIUnknown can release: the caller's pointer (CONV-06). */
  readonly counted: CountedReference;
  /** Wraps a pointer with its reference. */
  readonly wrap: (pointer: Pointer, iface: Interface) => BackendObject;
}

const WAIT = ISynchronize.members.get("Wait") as Method;
const CANCEL = ICancelMethodCalls.members.get("Cancel") as Method;
const TEST_CANCEL = ICancelMethodCalls.members.get("TestCancel") as Method;

/** A client call object of a JavaScript caller. */
export class EmulatorCall implements BackendCall, LedgerItem {
  readonly ledgerKind = "pointer";
  readonly #options: EmulatorCallOptions;
  #isReleased = false;

  constructor(options: EmulatorCallOptions) {
    this.#options = options;
    this.#ledger.opened(this, options.place);
  }

  describe(): LedgerDescription {
    const { iface, caller } = this.#options;
    return { name: iface.name, apartment: caller.entry.apartment.name, references: 1 };
  }

  async begin(method: Method, args: readonly unknown[]): Promise<void> {
    const begin = this.#half("Begin_", method);
    const { bridge, caller, counted, iface, place } = this.#options;
    const context = this.#enter(begin.qualifiedName);
    const succeed = counted.begin(iface, method);
    const values = mapArgs(begin, args, (object) => bridge.borrow(object));
    const begun = this.#ledger.at(place, () => this.#pointer.invoke(begin, values, context));
    // A pointer among the values may take its time to be marshaled, longer than its apartment has.
    const reply = await (begun instanceof Promise
      ? caller.entry.callers.wait(
          () => begun,
          DISCONNECTED,
          () => {},
        )
      : begun);
    if (failed(reply.hr)) {
      throw new ComError(reply.hr, begin.qualifiedName, causeOf(reply));
    }
    succeed();
  }

  async wait(timeoutMs: number): Promise<HResult> {
    const limit = Math.min(Math.ceil(timeoutMs), INFINITE);
    const context = this.#enter("ISynchronize::Wait");
    const { hr } = await this.#ask(ISynchronize, WAIT, { args: [0, limit], context });
    return hr;
  }

  async finish(method: Method): Promise<Reply> {
    const finish = this.#half("Finish_", method);
    if (threadOf(this.#options.caller).isOut) throw notInitialized(finish.qualifiedName);
    return this.#options.caller.entry.callers.wait(
      () => this.#finish(finish),
      DISCONNECTED,
      (late) => dropResult(finish, late),
    );
  }

  async #finish(finish: Method): Promise<Reply> {
    const { bridge, place } = this.#options;
    const context = this.#enter(finish.qualifiedName);
    const pointer = this.#pointer;
    // Finish_ may outlive our own reference.
    pointer.unknown.addRef();
    try {
      const reply = await pointer.invoke(finish, [], context);
      if (!finish.hasInterfaces) return reply;
      return this.#ledger.at(place, () => wrapResult(finish, reply, bridge));
    } finally {
      pointer.unknown.release();
    }
  }

  async cancel(cancelSeconds: number): Promise<HResult> {
    const { hr } = await this.#ask(ICancelMethodCalls, CANCEL, { args: [cancelSeconds] });
    return hr;
  }

  async testCancel(): Promise<HResult> {
    const { hr } = await this.#ask(ICancelMethodCalls, TEST_CANCEL, { args: [] });
    return hr;
  }

  async queryInterface(iface: Interface): Promise<BackendObject> {
    const { wrap } = this.#options;
    const place = this.#ledger.place();
    this.#enter(`${this.#options.iface.name}::QueryInterface`);
    const { hr, pointer } = await this.#pointer.unknown.query(iface.iid);
    if (pointer === null) {
      throw new ComError(hr, `${this.#options.iface.name}::QueryInterface`, {
        detail: `the call object has no interface ${iface.name}`,
      });
    }
    return this.#ledger.at(place, () => wrap(pointer, iface));
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#ledger.closed(this);
    this.#options.pointer.unknown.release();
  }

  get #pointer(): Pointer {
    if (!this.#isReleased) return this.#options.pointer;
    throw new ComError(CO_E_RELEASED, this.#options.iface.name, {
      detail: "the call object was released; create another with createCall",
    });
  }

  #half(kind: "Begin_" | "Finish_", method: Method): Method {
    const half = this.#options.iface.members.get(`${kind}${method.name}`);
    if (half !== undefined) return half;
    throw new TypeError(`${this.#options.iface.name} has no ${kind}${method.name}`);
  }

  /** Calls a method of another interface of the call object; Cancel from wherever it is needed. */
  #ask(iface: Interface, method: Method, call: Asked): Promise<Reply> {
    const work = (): Promise<Reply> => this.#invoke(iface, method, call);
    return this.#options.caller.entry.callers.wait(work, DISCONNECTED, () => {});
  }

  async #invoke(iface: Interface, method: Method, { args, context }: Asked): Promise<Reply> {
    const found: Awaitable<{ readonly hr: HResult; readonly pointer: Pointer | null }> =
      this.#pointer.unknown.query(iface.iid);
    const { pointer } = await found;
    if (pointer === null) return { hr: E_NOINTERFACE, value: undefined };
    try {
      return await pointer.invoke(method, args, context ?? threadOf(this.#options.caller).direct);
    } finally {
      pointer.unknown.release();
    }
  }

  /** For whom something is done with the call object now (CALL-18). */
  #enter(where: string): CallContext {
    return threadToCallOn(this.#options.caller, { where, isAgile: false }).direct;
  }

  get #ledger(): Ledger {
    return this.#options.caller.process.services.ledger;
  }
}

interface Asked {
  readonly args: readonly unknown[];
  readonly context?: CallContext;
}

function causeOf(reply: Reply): { readonly cause?: unknown } {
  return reply.cause === undefined ? {} : { cause: reply.cause };
}
