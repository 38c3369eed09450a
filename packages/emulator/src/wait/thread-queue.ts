import type { Awaitable, Clock } from "@callfactory/core";
import { chain } from "../object/awaitable.ts";

/** What was posted to a thread, as MSG has it; no window is meant. */
export interface Message {
  readonly message: number;
  readonly wParam: bigint;
  readonly lParam: bigint;
  /** When it was posted, in milliseconds. */
  readonly time: number;
}

/** Which messages a modal loop dispatches: those of COM and DDE, all, or none (SYNC-31, SYNC-32). */
export type Dispatches = "special" | "all" | "none";

/** What a modal loop does with messages; a function is asked when there are new ones (APT-13). */
export type LoopPolicy = Dispatches | (() => Awaitable<Dispatches>);

const QS_POSTMESSAGE = 0x0008;
const QS_ALLPOSTMESSAGE = 0x0100;
const QS_POSTED = QS_POSTMESSAGE | QS_ALLPOSTMESSAGE;

/** How many messages Windows keeps for a thread, by default (PostThreadMessage). */
const MOST_MESSAGES = 10_000;

const WM_DDE_FIRST = 0x03e0;
const WM_DDE_LAST = 0x03e8;

/** A modal loop, and those that it runs in and that run in it. */
interface Loop {
  readonly policy: LoopPolicy;
  outer: Loop | null;
  inner: Loop | null;
}

/**
 * What waits for a thread besides COM calls: posted messages, and asynchronous procedure calls.
 *
 * A modal loop looks at every posted message, dispatches some, and leaves the rest, which no
 * longer count as new (SYNC-31).
 */
export class ThreadQueue {
  readonly #clock: Clock;
  #messages: Message[] = [];
  #innermost: Loop | null = null;
  readonly #alerts = new Set<() => void>();
  #hasNew = false;
  /** How many of the messages even the default loop dispatches. */
  #specials = 0;
  #apcs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** False when the queue is full. */
  post(message: number, wParam: bigint, lParam: bigint): boolean {
    if (this.#messages.length === MOST_MESSAGES) return false;
    // Ticks are milliseconds in 32 bits, as GetTickCount has them.
    const time = Math.trunc(this.#clock.now()) >>> 0;
    const posted: Message = { message, wParam, lParam, time };
    this.#messages.push(posted);
    if (isSpecial(posted)) this.#specials++;
    this.#hasNew = true;
    this.#runLoop();
    return true;
  }

  /** The first message from `min` to `max`, both 0 for any; none is new after that. */
  peek(min: number, max: number, remove: boolean): Message | null {
    this.#hasNew = false;
    const isAny = min === 0 && max === 0;
    const index = this.#messages.findIndex(
      ({ message }) => isAny || (message >= min && message <= max),
    );
    if (index < 0) return null;
    const found = this.#messages[index] as Message;
    if (!remove) return found;
    this.#messages.splice(index, 1);
    if (isSpecial(found)) this.#specials--;
    return found;
  }

  /** As GetQueueStatus: kinds of messages in the queue above kinds that are new; none is after that. */
  status(flags: number): number {
    const asked = flags & QS_POSTED;
    const present = this.#messages.length > 0 ? asked : 0;
    const added = this.#hasNew ? present : 0;
    this.#hasNew = false;
    return ((present << 16) | added) >>> 0;
  }

  /** A modal loop runs on the thread until the result is called; the innermost one dispatches. */
  enterLoop(policy: LoopPolicy): () => void {
    const loop: Loop = { policy, outer: this.#innermost, inner: null };
    if (loop.outer !== null) loop.outer.inner = loop;
    this.#innermost = loop;
    this.#runLoop();
    let isInside = true;
    return () => {
      if (isInside) this.#leave(loop);
      isInside = false;
    };
  }

  /** QueueUserAPC: ends one alertable wait, this one or the next. */
  queueApc(): void {
    this.#apcs++;
    for (const alert of [...this.#alerts]) alert();
  }

  /** Runs all queued procedures, as an alertable wait does; false when there are none. */
  runApcs(): boolean {
    const hasRun = this.#apcs > 0;
    this.#apcs = 0;
    return hasRun;
  }

  /** Calls back when a procedure is queued; the result stops that. */
  onApc(alert: () => void): () => void {
    this.#alerts.add(alert);
    return () => this.#alerts.delete(alert);
  }

  /** Waits that were begun at once end in any order. */
  #leave({ outer, inner }: Loop): void {
    if (outer !== null) outer.inner = inner;
    if (inner === null) this.#innermost = outer;
    else inner.outer = outer;
  }

  #runLoop(): void {
    if (this.#innermost === null) return;
    const { policy } = this.#innermost;
    const hasNew = this.#hasNew;
    this.#hasNew = false;
    if (typeof policy !== "function") this.#dispatch(policy);
    else if (hasNew) void chain(policy(), (dispatches) => this.#dispatch(dispatches));
  }

  #dispatch(dispatches: Dispatches): void {
    if (dispatches === "none") return;
    if (dispatches === "all") this.#messages = [];
    else if (this.#specials > 0) this.#messages = this.#messages.filter((each) => !isSpecial(each));
    this.#specials = 0;
  }
}

/** Messages without which other processes would hang: those of DDE. */
function isSpecial({ message }: Message): boolean {
  return message >= WM_DDE_FIRST && message <= WM_DDE_LAST;
}
