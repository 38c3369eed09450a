import { CO_E_NOTINITIALIZED, ComError, RPC_E_WRONG_THREAD } from "@callfactory/core";
import type { Apartment, Thread } from "./apartment/apartment.ts";
import type { ApartmentEntry, Process } from "./process.ts";

/** For whom the wrappers on the seam work: a thread, its apartment, its process. */
export interface Caller {
  readonly process: Process;
  readonly entry: ApartmentEntry;
  readonly thread: Thread;
  /**
   * Another thread of the apartment, for when `thread` has left it: what an object keeps does not
   * go with those who once called the object.
   */
  readonly spare?: Thread;
}

/** The thread that a caller's pointers are called on. */
export function threadOf({ thread, spare }: Caller): Thread {
  return spare !== undefined && thread.isOut ? spare : thread;
}

/** The thread that calls: the one whose code runs, where that is known and of the caller's apartment. */
export function callingThread({ process, entry, thread }: Caller): Thread {
  const running = process.services.running.thread;
  return running?.apartment === entry.apartment ? running : thread;
}

/**
 * The thread on which a pointer of the caller is called.
 *
 * @throws ComError CO_E_NOTINITIALIZED when the thread is in no apartment any more (APT-02);
 *   RPC_E_WRONG_THREAD when code of another apartment calls, which only agile objects allow (APT-04).
 */
export function threadToCallOn(
  caller: Caller,
  { where, isAgile }: { readonly where: string; readonly isAgile: boolean },
): Thread {
  const { process, entry } = caller;
  const thread = threadOf(caller);
  const running = process.services.running.thread;
  if (isAgile) return running ?? thread;
  if (running !== null && running.apartment !== entry.apartment) {
    throw wrongThread(where, entry, running.apartment);
  }
  if (thread.isOut) throw notInitialized(where);
  // A thread can leave its apartment for another while others keep the old one.
  const now = thread.owner?.apartment ?? entry.apartment;
  if (now !== entry.apartment && !entry.apartment.isClosed) throw wrongThread(where, entry, now);
  return running ?? thread;
}

function wrongThread(where: string, { apartment }: ApartmentEntry, now: Apartment): ComError {
  return new ComError(RPC_E_WRONG_THREAD, where, {
    detail: `a pointer of ${apartment.name} was called in ${now.name}`,
  });
}

/** What a thread is told that is in no apartment (APT-02). */
export function notInitialized(where: string): ComError {
  return new ComError(CO_E_NOTINITIALIZED, where, { detail: "the thread has left its apartment" });
}
