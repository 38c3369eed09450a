import type { HResult } from "./hresult.ts";
import type { AsyncInterface, Interface } from "./interface.ts";

/**
 * How a call ran: through a call object (no thread waited), as a synchronous method on an
 * apartment thread, or as a plain virtual call in the caller's own apartment.
 */
export type Lane = "call-object" | "worker" | "direct";

/** Options of one call; always the last argument. */
export interface CallOptions {
  /** Cancels the call when it aborts: the caller is released at once, a late reply is dropped (CAN-05). */
  readonly signal?: AbortSignal;
  /** Cancels the call after this many milliseconds of the backend's clock. */
  readonly timeoutMs?: number;
  /**
   * Insists on a lane: "call-object" fails where no call object can be had, "worker" runs the
   * synchronous method. By default a call object is tried first (CALL-17).
   */
  readonly lane?: "call-object" | "worker";
}

/** A call under way: a promise of its result that also tells its lane and can be cancelled. */
export interface ComCall<T> extends Promise<T> {
  /** Known once the call has been started; always after it has settled. */
  readonly lane: Lane | undefined;
  /** The HRESULT, once the call has settled; S_FALSE and other success codes stay visible here. */
  readonly hr: HResult | undefined;
  /** ICancelMethodCalls::Cancel(seconds), then release of the caller (CAN-02, CAN-05). */
  cancel(reason?: unknown): void;
}

declare const pointer: unique symbol;

/** What every interface pointer offers besides its own methods. */
export interface PointerBase<S> {
  readonly [pointer]?: S;
  /** The interface that this pointer is for. */
  readonly interface: Interface<S>;
  /** Asks the object for another interface; the result is a new reference (E_NOINTERFACE: no such one). */
  queryInterface<T>(iface: Interface<T>): Promise<InterfacePointer<T>>;
  /** ICallFactory::CreateCall: a call object for one call at a time (CALL-01, BEG-05). */
  createCall<T>(iface: AsyncInterface<T>, options?: CreateCallOptions): Promise<ClientCall<T>>;
  /** One more reference of its own to the same interface; to be released on its own. */
  addRef(): InterfacePointer<S>;
  /** Tells whether both pointers lead to one object: QueryInterface for IUnknown, compared. */
  isSameObject(other: PointerBase<unknown>): Promise<boolean>;
  /** Gives the reference up; never blocks. Later calls fail with CO_E_RELEASED. */
  release(): void;
  [Symbol.dispose](): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** An interface pointer in one apartment: the interface's methods as promises. */
export type InterfacePointer<S = unknown> = PointerBase<S> & {
  readonly [K in keyof S]: S[K] extends (...args: infer A) => infer R
    ? (...args: [...A, options?: CallOptions]) => ComCall<R>
    : never;
};

/** An outer object's ISynchronize, called by COM in place of the call object's own (CALL-09, SYNC-23). */
export interface SynchronizeHooks {
  /** Runs when a call starts; throwing makes Begin_ fail (BEG-08). */
  Reset?(): void;
  /** Runs at completion; Finish_ is legal inside (SYNC-26). */
  Signal?(): void;
}

/** Options of CreateCall. */
export interface CreateCallOptions {
  readonly synchronize?: SynchronizeHooks;
}

/** A client call object: Begin_ and Finish_ of each method, and what one may do in between. */
export type ClientCall<S = unknown> = CallBase & {
  readonly [K in keyof S & string as `Begin_${K}`]: S[K] extends (...args: infer A) => unknown
    ? (...args: A) => Promise<void>
    : never;
} & {
  readonly [K in keyof S & string as `Finish_${K}`]: S[K] extends (...args: never[]) => infer R
    ? () => ComCall<R>
    : never;
};

/** What every call object offers besides Begin_ and Finish_. */
export interface CallBase {
  /** ISynchronize::Wait: true when signaled, false on timeout (SYNC-01, SYNC-02). No limit by default. */
  wait(timeoutMs?: number): Promise<boolean>;
  /** ICancelMethodCalls::Cancel: waits up to `cancelSeconds` for the server; 0 does not wait (CAN-02, CAN-09). */
  cancel(cancelSeconds?: number): Promise<void>;
  /** ICancelMethodCalls::TestCancel: RPC_S_CALLPENDING or RPC_E_CALL_CANCELED (CAN-11). */
  testCancel(): Promise<HResult>;
  /** Asks the call object for another interface, ISynchronizeHandle for one (CALL-15). */
  queryInterface<T>(iface: Interface<T>): Promise<InterfacePointer<T>>;
  /** Gives the call object up; with a call open, abandons it (FNF-01). Never blocks. */
  release(): void;
  [Symbol.dispose](): void;
  [Symbol.asyncDispose](): Promise<void>;
}
