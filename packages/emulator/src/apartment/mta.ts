import type { Apartment, CallContext, Frame, Incoming, Pending, Running } from "./apartment.ts";
import { directContext } from "./apartment.ts";

/** The multithreaded apartment: calls run whenever they arrive, beside each other (APT-06). */
export class MtaApartment implements Apartment {
  readonly kind = "mta";
  readonly name = "MTA";
  readonly direct: CallContext = directContext(this);
  readonly #running: Running;
  #isClosed = false;
  #current: Frame | null = null;

  constructor(running: Running) {
    this.#running = running;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  deliver(incoming: Incoming): void {
    if (this.#isClosed) {
      incoming.drop();
      return;
    }
    const frame: Frame = { cid: incoming.cid };
    const outer = this.#current;
    this.#current = frame;
    try {
      void this.#running.during(this, () => incoming.run(frame));
    } finally {
      this.#current = outer;
    }
  }

  /** A thread of the MTA just blocks; others go on (APT-07). */
  wait<T>(pending: Pending<T>): Promise<T> {
    return new Promise(pending);
  }

  /** Known only until the call awaits something: which thread goes on then is nobody's business. */
  currentFrame(): Frame | null {
    return this.#current;
  }

  close(): void {
    this.#isClosed = true;
  }
}
