import {
  activityOf,
  type Apartment,
  type Frame,
  type Incoming,
  type Pending,
  Thread,
} from "./apartment.ts";
import type { Running } from "./running.ts";
import { StaApartment } from "./sta.ts";

/**
 * The neutral apartment: it has no threads, a call runs on the thread that makes it (APT-18). An
 * STA's thread is as busy with it as with a call of its own. A call that nobody waits for, of a
 * call object, gets a thread of COM's.
 */
export class NeutralApartment implements Apartment {
  readonly kind = "na";
  readonly name = "NA";
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

  deliver(incoming: Incoming): void {
    if (this.#isClosed) {
      incoming.drop();
      return;
    }
    const frame: Frame = { cid: incoming.cid, activity: activityOf(incoming) };
    const visitor = incoming.call?.origin.visitor ?? null;
    const home = visitor?.home ?? visitor;
    if (visitor === null || home === null) {
      void this.#run(incoming, this.#running.newThread(this, { frames: [frame] }));
      return;
    }
    const thread = new Thread(home.id, this, { frames: [...visitor.frames, frame], home });
    if (home.apartment instanceof StaApartment) {
      void home.apartment.enter(frame, () => this.#run(incoming, thread));
    } else {
      void this.#run(incoming, thread);
    }
  }

  /** COM's own threads just block; a visitor waits at home ({@link Thread.wait}). */
  wait<T>(pending: Pending<T>): Promise<T> {
    return new Promise(pending);
  }

  close(): void {
    this.#isClosed = true;
  }

  #run(incoming: Incoming, thread: Thread): ReturnType<Incoming["run"]> {
    return this.#running.during(thread, () => incoming.run(thread));
  }
}
