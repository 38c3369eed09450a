import type { Thread } from "./apartment/apartment.ts";
import type { ApartmentEntry, Process } from "./process.ts";

/** For whom the wrappers on the seam work: a thread, its apartment, its process. */
export interface Caller {
  readonly process: Process;
  readonly entry: ApartmentEntry;
  readonly thread: Thread;
}

/** The thread that calls: the one whose code runs, where that is known and of the caller's apartment. */
export function callingThread({ process, entry, thread }: Caller): Thread {
  const running = process.services.running.thread;
  return running?.apartment === entry.apartment ? running : thread;
}
