import type { Thread } from "./apartment/apartment.ts";
import type { ApartmentEntry, Process } from "./process.ts";

/** For whom the wrappers on the seam work: a thread, its apartment, its process. */
export interface Caller {
  readonly process: Process;
  readonly entry: ApartmentEntry;
  readonly thread: Thread;
}
