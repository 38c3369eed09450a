import type { AsyncMethods, Awaitable, Received, Returnable } from "@callfactory/core";
import type { IncomingCall } from "../com.ts";
import type { Success } from "../success.ts";

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
