import type { Pending, Thread } from "../apartment/apartment.ts";
import type { ThreadQueues } from "./thread-queues.ts";
import type { Dispatches } from "./thread-queue.ts";

/** A thread of the program that is in no apartment. */
export interface OutsideThread {
  readonly id: number;
  readonly apartment: null;
}

/** Whatever thread waits. */
export type WaitingThread = Thread | OutsideThread;

/** Whether a thread is no longer in the apartment that it began to wait in. */
export function isGone(thread: WaitingThread): boolean {
  return thread.apartment !== null && (thread.apartment.isClosed || thread.isOut);
}

/**
 * Waits on a thread as COM does: in an STA a modal loop serves calls and looks at posted messages
 * (SYNC-06, SYNC-31); a thread of the MTA, or of no apartment, just blocks (SYNC-33).
 */
export function modalWait<T>(
  thread: WaitingThread,
  queues: ThreadQueues,
  pending: Pending<T>,
  dispatches: Dispatches = "special",
): Promise<T> {
  if (thread.apartment === null) return new Promise(pending);
  // In the neutral apartment a thread waits as at home (APT-18).
  const waiting = thread.home ?? thread;
  if (waiting.apartment.kind !== "sta") return waiting.wait(pending);
  const leave = queues.of(waiting).enterLoop(dispatches);
  return waiting.wait((done: (value: T) => void) =>
    pending((value) => {
      leave();
      done(value);
    }),
  );
}

/**
 * Blocks a thread as the kernel does: an STA serves nothing meanwhile.
 *
 * Within a method that is so for whatever the method awaits; elsewhere the thread has to be kept.
 */
export function blockThread<T>(thread: WaitingThread, pending: Pending<T>, dropped: T): Promise<T> {
  if (thread.apartment === null) return new Promise(pending);
  const { apartment } = thread;
  if (apartment.kind !== "sta" || thread.frame !== null) return new Promise(pending);
  return new Promise((resolve) => {
    apartment.deliver({
      cid: null,
      run: () => new Promise(pending).then(resolve),
      drop: () => resolve(dropped),
    });
  });
}
