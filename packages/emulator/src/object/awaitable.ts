import type { Awaitable } from "@callfactory/core";

/** Goes on with `value` at once when it is there already; a promise costs a turn of the microtask queue. */
export function chain<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
