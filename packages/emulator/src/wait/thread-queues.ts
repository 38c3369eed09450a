import type { Clock } from "@callfactory/core";
import { ThreadQueue } from "./thread-queue.ts";

/** The queues of a process's threads: an STA's thread has one from the start, others by asking for it. */
export class ThreadQueues {
  readonly #clock: Clock;
  readonly #byId = new Map<number, ThreadQueue>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The queue of a thread, made if need be. */
  of({ id }: { readonly id: number }): ThreadQueue {
    let queue = this.#byId.get(id);
    if (queue === undefined) {
      queue = new ThreadQueue(this.#clock);
      this.#byId.set(id, queue);
    }
    return queue;
  }

  /** The queue of a thread that has one. */
  find(threadId: number): ThreadQueue | undefined {
    return this.#byId.get(threadId);
  }

  /** The thread has ended. */
  drop({ id }: { readonly id: number }): void {
    this.#byId.delete(id);
  }
}
