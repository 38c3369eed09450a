import type {
  AsyncInterface,
  AsyncMethods,
  Awaitable,
  HResult,
  Interface,
  ServerCall,
} from "@callfactory/core";
import type { Success } from "../success.ts";

/**
 * An interface implemented in JavaScript: the [in] values in IDL order, then the incoming call.
 *
 * A method returns what a caller gets, or a {@link Success}; it throws a ComError to fail with its
 * HRESULT. Interface pointers among the arguments are lent for the call: keep one with addRef().
 */
export type Implementation<S> = {
  [K in keyof S]: S[K] extends (...args: infer A) => infer R
    ? (...args: [...A, call: IncomingCall]) => Awaitable<R | Success<R>>
    : never;
};

/** The call that a method runs for. */
export type IncomingCall = Pick<ServerCall, "testCancel">;

/** The server call object that Begin_ and Finish_ belong to (SRV-04). */
export interface ServerCallObject {
  /** Completes the call: ISynchronize::Signal in the apartment of Begin_ (SRV-09, SRV-10). */
  signal(): HResult;
  /** RPC_E_CALL_CANCELED when the client has asked to cancel, else RPC_S_CALLPENDING (SRV-18). */
  testCancel(): HResult;
}

/** The async form of an interface, implemented in JavaScript by a server call object. */
export type AsyncImplementation<S> = {
  [K in keyof AsyncMethods<S>]: AsyncMethods<S>[K] extends (...args: infer A) => infer R
    ? (...args: A) => Awaitable<R | Success<R>>
    : never;
};

/** What a server call object can say besides its methods. */
export interface CallObjectOptions {
  /** Interfaces beyond AsyncIFoo, ICancelMethodCalls for one (CALL-16). */
  readonly interfaces?: readonly Interface[];
  /**
   * A Finish_ that comes before completion: "wait" for it (the default, SRV-13), or "pass" it to
   * the implementation, which may answer RPC_S_CALLPENDING (FIN-04).
   */
  readonly earlyFinish?: "wait" | "pass";
}

/** What an implementation can do besides its methods. */
export interface ImplementationOptions {
  /**
   * The object's own ICallFactory: a call object for `iface`, or `null` when there is none for it
   * (DISC-05). Without this method the object has no call factory (DISC-01).
   */
  createCall?(
    iface: AsyncInterface,
    call: ServerCallObject,
    request: { readonly aggregated: boolean; readonly riid2: string },
  ): Awaitable<(object & CallObjectOptions) | null>;
  /** The last reference is gone. */
  finalRelease?(): void;
}

type UnionToIntersection<U> = (U extends unknown ? (value: U) => void : never) extends (
  value: infer I,
) => void
  ? I
  : never;

/** An object that implements all of the interfaces `I`. */
export type ImplementationOf<I extends readonly Interface[]> = UnionToIntersection<
  I[number] extends infer One ? (One extends Interface<infer S> ? Implementation<S> : never) : never
> &
  ImplementationOptions;
