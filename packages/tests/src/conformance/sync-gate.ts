import type { Clock } from "callfactory";

/** A promise that a server or a hook settles: the fence between its world and the test's. */
export interface Gate<T> {
  readonly opened: Promise<T>;
  open(value: T | Promise<T>): void;
}

/** Makes a gate that opens once. */
export function gate<T = void>(): Gate<T> {
  let open: (value: T | Promise<T>) => void = () => {};
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Resolves when `delayMs` of `clock`'s time have passed. */
export function passes(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(delayMs, resolve);
  });
}
