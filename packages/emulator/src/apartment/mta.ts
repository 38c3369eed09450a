import {
  activityOf,
  type Apartment,
  type Incoming,
  type Pending,
  type Thread,
} from "./apartment.ts";
import type { Running } from "./running.ts";

/** The multithreaded apartment: calls run whenever they arrive, beside each other (APT-06). */
export class MtaApartment implements Apartment {
  readonly kind = "mta";
  readonly name = "MTA";
  readonly thread: Thread;
  readonly #running: Running;
  #isClosed = false;

  constructor(running: Running) {
    this.#running = running;
    this.thread = running.newThread(this);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Every incoming call has a thread to itself. */
  deliver(incoming: Incoming): void {
    if (this.#isClosed) {
      incoming.drop();
      return;
    }
    const frames = [{ cid: incoming.cid, activity: activityOf(incoming) }];
    const thread = this.#running.newThread(this, { frames });
    const running = this.#running.during(thread, () => incoming.run(thread));
    // What is kept of the call, a pointer for one, calls in no call any more (APT-15).
    const leave = (): void => void frames.splice(0);
    if (running instanceof Promise) void running.finally(leave);
    else leave();
  }

  /** A thread of the MTA just blocks; others go on (APT-07). */
  wait<T>(pending: Pending<T>): Promise<T> {
    return new Promise(pending);
  }

  close(): void {
    this.#isClosed = true;
  }
}
