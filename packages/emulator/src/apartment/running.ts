import { type Apartment, Thread, type ThreadOptions } from "./apartment.ts";

/** The thread whose code runs right now, until that code awaits something. */
export class Running {
  #thread: Thread | null = null;
  #lastId = 0;

  get thread(): Thread | null {
    return this.#thread;
  }

  get apartment(): Apartment | null {
    return this.#thread?.apartment ?? null;
  }

  during<T>(thread: Thread, run: () => T): T {
    const outer = this.#thread;
    this.#thread = thread;
    try {
      return run();
    } finally {
      this.#thread = outer;
    }
  }

  /** A thread of an apartment, new unless `options` name its id. */
  newThread(apartment: Apartment, options: ThreadOptions = {}): Thread {
    return new Thread(options.id ?? this.newThreadId(), apartment, options);
  }

  /** Ids look like Windows': multiples of four. */
  newThreadId(): number {
    this.#lastId += 4;
    return this.#lastId;
  }
}
