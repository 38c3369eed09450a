import type {
  AsyncMethods,
  Awaitable,
  HResult,
  Interface,
  Received,
  Returnable,
} from "@callfactory/core";
import type { IncomingCall } from "../com.ts";
import type { Success } from "../success.ts";

/** The server call object that Begin_ and Finish_ belong to (SRV-04). */
export interface ServerCallObject {
  /** Completes the call: ISynchronize::Signal in the apartment of Begin_ (SRV-09, SRV-10). */
  signal(): HResult;
  /** RPC_E_CALL_CANCELED when the client has asked to cancel, else RPC_S_CALLPENDING (SRV-18). */
  testCancel(): HResult;
}

/**
 * The async form of an interface, implemented in JavaScript by a server call object. Begin_ gets
 * the incoming call last: it is what the thread serves until Begin_ returns.
 */
export type AsyncImplementation<S> = {
  [K in keyof AsyncMethods<S>]: AsyncMethods<S>[K] extends (...args: infer A) => infer R
    ? (
        ...args: K extends `Begin_${string}` ? [...Received<A>, call: IncomingCall] : Received<A>
      ) => Awaitable<Returnable<R> | Success<Returnable<R>>>
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
