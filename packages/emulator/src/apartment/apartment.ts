import type { ApartmentKind, Awaitable, Guid } from "@callfactory/core";
import type { Activity } from "./callout.ts";
import type { IncomingCall } from "./call-origin.ts";
import type { Thread } from "./thread.ts";

/** Something that an apartment runs: an incoming call or a message. */
export interface Incoming {
  readonly cid: Guid | null;
  /** Who calls what; absent for a message. */
  readonly call?: IncomingCall;
  /** Runs on `thread`, whose innermost frame is this one's. Never rejects. */
  run(thread: Thread): Awaitable<void>;
  /** The apartment ended before it could run. */
  drop(): void;
}

/** Starts something that ends later; `done` is called once. */
export type Pending<T> = (done: (value: T) => void) => void;

/** How a thread waits. */
export interface WaitOptions {
  /** SendMessage's way: only what is sent in the same way comes in meanwhile (INP-01). */
  readonly sentOnly?: boolean;
}

/** The unit of concurrency: who may run when (APT-03). */
export interface Apartment {
  readonly kind: ApartmentKind | "na";
  /** For people: "STA 1", "MTA". */
  readonly name: string;
  readonly isClosed: boolean;
  /** The STA's one thread; elsewhere, one of COM's own. */
  readonly thread: Thread;
  /** Runs `incoming` as soon as the apartment's rules allow. */
  deliver(incoming: Incoming): void;
  /**
   * Waits as a blocking COM call does: an STA serves incoming calls meanwhile (APT-07, FIN-06),
   * and the wait ends only when the calls served inside it have ended.
   */
  wait<T>(pending: Pending<T>, options?: WaitOptions): Promise<T>;
  close(): void;
}

/** What a thread is busy with while `incoming` runs. */
export function activityOf({ call }: Incoming): Activity {
  return call?.origin.category ?? "message";
}

// The words that belong together are found together.
export type { AwaitedCall, CallContext, Frame, OutgoingSyncCall } from "./thread.ts";
export { Running, Thread } from "./thread.ts";
