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
import type { Callers } from "./apartment/callers.ts";
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
  readonly context: CallContext;
  readonly bridge: PointerBridge;
  /** Ends what is waited for here with the apartment. */
  readonly callers: Callers;
  readonly ledger: Ledger;
  /** Who asked for the call object. */
  readonly place: Place | null;
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
    options.ledger.opened(this, options.place);
  }

  describe(): LedgerDescription {
    const { iface, context } = this.#options;
    return { name: iface.name, apartment: context.thread.apartment.name, references: 1 };
  }

  async begin(method: Method, args: readonly unknown[]): Promise<void> {
    const begin = this.#half("Begin_", method);
    const { bridge, context, ledger, place } = this.#options;
    const values = mapArgs(begin, args, (object) => bridge.borrow(object));
    const reply = await ledger.at(place, () => this.#pointer.invoke(begin, values, context));
    if (failed(reply.hr)) {
      throw new ComError(reply.hr, begin.qualifiedName, causeOf(reply));
    }
  }

  async wait(timeoutMs: number): Promise<HResult> {
    const limit = Math.min(Math.ceil(timeoutMs), INFINITE);
    const { hr } = await this.#ask(ISynchronize, WAIT, [0, limit]);
    return hr;
  }

  async finish(method: Method): Promise<Reply> {
    const finish = this.#half("Finish_", method);
    return this.#options.callers.wait(
      () => this.#finish(finish),
      DISCONNECTED,
      (late) => dropResult(finish, late),
    );
  }

  async #finish(finish: Method): Promise<Reply> {
    const { bridge, context, ledger, place } = this.#options;
    const pointer = this.#pointer;
    // Finish_ may outlive our own reference.
    pointer.unknown.addRef();
    try {
      const reply = await pointer.invoke(finish, [], context);
      if (!finish.hasInterfaces) return reply;
      return ledger.at(place, () => wrapResult(finish, reply, bridge));
    } finally {
      pointer.unknown.release();
    }
  }

  async cancel(cancelSeconds: number): Promise<HResult> {
    const { hr } = await this.#ask(ICancelMethodCalls, CANCEL, [cancelSeconds]);
    return hr;
  }

  async testCancel(): Promise<HResult> {
    const { hr } = await this.#ask(ICancelMethodCalls, TEST_CANCEL, []);
    return hr;
  }

  async queryInterface(iface: Interface): Promise<BackendObject> {
    const { ledger, wrap } = this.#options;
    const place = ledger.place();
    const { hr, pointer } = await this.#pointer.unknown.query(iface.iid);
    if (pointer === null) {
      throw new ComError(hr, `${this.#options.iface.name}::QueryInterface`, {
        detail: `the call object has no interface ${iface.name}`,
      });
    }
    return ledger.at(place, () => wrap(pointer, iface));
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#options.ledger.closed(this);
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

  /** Calls a method of another interface of the call object. */
  #ask(iface: Interface, method: Method, args: readonly unknown[]): Promise<Reply> {
    const work = (): Promise<Reply> => this.#invoke(iface, method, args);
    return this.#options.callers.wait(work, DISCONNECTED, () => {});
  }

  async #invoke(iface: Interface, method: Method, args: readonly unknown[]): Promise<Reply> {
    const found: Awaitable<{ readonly hr: HResult; readonly pointer: Pointer | null }> =
      this.#pointer.unknown.query(iface.iid);
    const { pointer } = await found;
    if (pointer === null) return { hr: E_NOINTERFACE, value: undefined };
    try {
      return await pointer.invoke(method, args, this.#options.context);
    } finally {
      pointer.unknown.release();
    }
  }
}

function causeOf(reply: Reply): { readonly cause?: unknown } {
  return reply.cause === undefined ? {} : { cause: reply.cause };
}
