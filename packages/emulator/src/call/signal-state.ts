import { type Clock, type HResult, INFINITE, RPC_S_CALLPENDING, S_OK } from "@callfactory/core";

interface Waiter {
  readonly done: (hr: HResult) => void;
  stopTimer: () => void;
}

/** What is behind ISynchronize: a flag that one can wait for. Nonsignaled at first (SYNC-12). */
export class SignalState {
  readonly #clock: Clock;
  readonly #isAutoReset: boolean;
  readonly #waiters = new Set<Waiter>();
  #isSignaled = false;

  constructor(clock: Clock, options: { readonly autoReset: boolean }) {
    this.#clock = clock;
    this.#isAutoReset = options.autoReset;
  }

  get isSignaled(): boolean {
    return this.#isSignaled;
  }

  /** Releases every wait, or one if auto-reset; a second signal adds nothing (SYNC-07, SYNC-11). */
  signal(): void {
    this.#isSignaled = true;
    for (const waiter of this.#waiters) {
      this.#waiters.delete(waiter);
      waiter.stopTimer();
      if (this.#isAutoReset) this.#isSignaled = false;
      waiter.done(S_OK);
      if (this.#isAutoReset) return;
    }
  }

  reset(): void {
    this.#isSignaled = false;
  }

  /** Calls `done` with S_OK when signaled, or with RPC_S_CALLPENDING after `timeoutMs` (SYNC-02). */
  wait(timeoutMs: number, done: (hr: HResult) => void): void {
    if (this.#isSignaled) {
      if (this.#isAutoReset) this.#isSignaled = false;
      done(S_OK);
      return;
    }
    if (timeoutMs === 0) {
      done(RPC_S_CALLPENDING);
      return;
    }
    const waiter: Waiter = { done, stopTimer: () => {} };
    this.#waiters.add(waiter);
    if (timeoutMs >= INFINITE) return;
    waiter.stopTimer = this.#clock.setTimer(timeoutMs, () => {
      if (this.#waiters.delete(waiter)) done(RPC_S_CALLPENDING);
    });
  }
}
