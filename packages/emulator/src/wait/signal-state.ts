import { type Clock, type HResult, INFINITE, RPC_S_CALLPENDING, S_OK } from "@callfactory/core";

/** What one waits for: a flag, as an event of the kernel has it. Nonsignaled at first (SYNC-12). */
export class SignalState {
  readonly #clock: Clock;
  readonly #isAutoReset: boolean;
  #isSignaled = false;
  #first: Link | null = null;
  #last: Link | null = null;

  constructor(clock: Clock, options: { readonly autoReset: boolean; readonly signaled?: boolean }) {
    this.#clock = clock;
    this.#isAutoReset = options.autoReset;
    this.#isSignaled = options.signaled ?? false;
  }

  get isSignaled(): boolean {
    return this.#isSignaled;
  }

  /** Releases every wait, or one if auto-reset; a second signal adds nothing (SYNC-07, SYNC-11). */
  signal(): void {
    this.#isSignaled = true;
    // Who is released is settled before any of them runs: what they do comes after the signal.
    const released: (() => void)[] = [];
    for (let link = this.#first; link !== null && this.#isSignaled; link = link.next) {
      const release = link.wait.offer();
      if (release !== null) released.push(release);
    }
    for (const release of released) release();
  }

  reset(): void {
    this.#isSignaled = false;
  }

  /** A wait is over because of this signal: an auto-reset state has none for another. */
  take(): void {
    if (this.#isAutoReset) this.#isSignaled = false;
  }

  /**
   * Calls `done` with S_OK when signaled, or with RPC_S_CALLPENDING after `timeoutMs` (SYNC-02).
   * A signal is not for those that `isGone` says are gone.
   */
  wait(timeoutMs: number, done: (hr: HResult) => void, isGone?: () => boolean): void {
    const options = { clock: this.#clock, timeoutMs };
    waitForSignals([this], isGone === undefined ? options : { ...options, isGone }, (index) =>
      done(index === null ? RPC_S_CALLPENDING : S_OK),
    );
  }

  /** Puts a wait at the end of the line; the oldest is the first to be released. */
  enqueue(wait: Wait): Link {
    const link: Link = { wait, previous: this.#last, next: null };
    if (this.#last === null) this.#first = link;
    else this.#last.next = link;
    this.#last = link;
    return link;
  }

  /** Takes a wait out of the line; `link.next` stays, for whoever walks along it. */
  dequeue({ previous, next }: Link): void {
    if (previous === null) this.#first = next;
    else previous.next = next;
    if (next === null) this.#last = previous;
    else next.previous = previous;
  }
}

/** The place of a wait in a state's line. */
interface Link {
  readonly wait: Wait;
  previous: Link | null;
  next: Link | null;
}

/** How to wait for several states. */
export interface SignalWaitOptions {
  readonly clock: Clock;
  /** In milliseconds; INFINITE has no limit, 0 does not wait. */
  readonly timeoutMs: number;
  /** Waits until all are signaled at one time, and takes none before. */
  readonly all?: boolean;
  /** Whether whoever waits is gone: the wait ends without a signal, as if it were too late. */
  readonly isGone?: () => boolean;
}

/**
 * Waits for any of `states`, or for all. `done` is called once, perhaps at once: with the index of
 * the signaled one (0 for all), or with `null` when the time is over. The result gives up waiting.
 */
export function waitForSignals(
  states: readonly SignalState[],
  options: SignalWaitOptions,
  done: (index: number | null) => void,
): () => void {
  const taken = takeSignal(states, options.all ?? false);
  if (taken !== null || options.timeoutMs === 0) {
    done(taken);
    return () => {};
  }
  const wait = new Wait(states, options, done);
  return () => wait.end();
}

/** The index of a state that is signaled now, whose signal is the caller's from now on. */
export function takeSignal(states: readonly SignalState[], all: boolean): number | null {
  if (!all) {
    const index = states.findIndex((state) => state.isSignaled);
    if (index < 0) return null;
    states[index]?.take();
    return index;
  }
  if (!states.every((state) => state.isSignaled)) return null;
  for (const state of states) state.take();
  return 0;
}

/** Someone in the lines of several states. */
class Wait {
  readonly #states: readonly SignalState[];
  readonly #all: boolean;
  readonly #isGone: () => boolean;
  readonly #done: (index: number | null) => void;
  readonly #links: Link[];
  #stopTimer = (): void => {};
  #isOver = false;

  constructor(
    states: readonly SignalState[],
    { clock, timeoutMs, all, isGone }: SignalWaitOptions,
    done: (index: number | null) => void,
  ) {
    this.#states = states;
    this.#all = all ?? false;
    this.#isGone = isGone ?? (() => false);
    this.#done = done;
    this.#links = states.map((state) => state.enqueue(this));
    if (timeoutMs >= INFINITE) return;
    this.#stopTimer = clock.setTimer(timeoutMs, () => {
      if (this.#isOver) return;
      this.end();
      done(null);
    });
  }

  /** One of the states is signaled: what tells the waiting one, if that ends the wait. */
  offer(): (() => void) | null {
    if (this.#isOver) return null;
    if (this.#isGone()) {
      this.end();
      return () => this.#done(null);
    }
    const index = takeSignal(this.#states, this.#all);
    if (index === null) return null;
    this.end();
    return () => this.#done(index);
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopTimer();
    for (const [i, link] of this.#links.entries()) this.#states[i]?.dequeue(link);
  }
}
