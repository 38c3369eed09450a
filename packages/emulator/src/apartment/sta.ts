import type { Apartment, Frame, Incoming, Pending, Running, Thread } from "./apartment.ts";

interface StaFrame extends Frame {
  /** Blocking COM calls that this frame is inside of. */
  waits: number;
  /** Ended waits that resume when this frame is on top again. */
  readonly ready: (() => void)[];
  /** The call has ended; what it left waiting resumes by itself. */
  hasLeft: boolean;
}

/**
 * A single-threaded apartment: one call at a time, reentrant only while the running call waits in
 * an outgoing COM call (APT-05).
 *
 * A promise that a server awaits for any other reason blocks the apartment, as a thread would be.
 */
export class StaApartment implements Apartment {
  readonly kind = "sta";
  readonly name: string;
  readonly thread: Thread;
  readonly #queue: Incoming[] = [];
  /** Where the queue begins: shift() would move all that is behind it. */
  #head = 0;
  readonly #stack: StaFrame[] = [];
  readonly #running: Running;
  #isClosed = false;

  constructor(name: string, running: Running) {
    this.name = name;
    this.#running = running;
    this.thread = running.newThread(this, this.#stack);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  deliver(incoming: Incoming): void {
    if (this.#isClosed) {
      incoming.drop();
      return;
    }
    this.#queue.push(incoming);
    this.#pump();
  }

  wait<T>(pending: Pending<T>): Promise<T> {
    const frame = this.#stack.at(-1);
    // Code outside any call is the thread's own: it counts as pumping, and may wait in many places.
    if (frame === undefined) return new Promise(pending);
    frame.waits++;
    const result = new Promise<T>((resolve) => {
      pending((value) => {
        const resume = (): void => {
          frame.waits--;
          resolve(value);
        };
        if (frame.hasLeft || this.#stack.at(-1) === frame) resume();
        else frame.ready.push(resume);
      });
    });
    this.#pump();
    return result;
  }

  close(): void {
    this.#isClosed = true;
    const dropped = this.#queue.splice(0).slice(this.#head);
    this.#head = 0;
    for (const incoming of dropped) incoming.drop();
  }

  #pump(): void {
    while (this.#head < this.#queue.length) {
      const top = this.#stack.at(-1);
      if (top !== undefined && top.waits === 0) return;
      const incoming = this.#take();
      const frame: StaFrame = { cid: incoming.cid, waits: 0, ready: [], hasLeft: false };
      this.#stack.push(frame);
      let running: unknown;
      let hasReturned = false;
      try {
        running = this.#running.during(this.thread, () => incoming.run(this.thread));
        hasReturned = true;
      } finally {
        // What throws, the callback of a timer for one, must not block the apartment for ever.
        if (!hasReturned) this.#leave(frame);
      }
      if (running instanceof Promise) void running.finally(() => this.#leave(frame));
      else this.#end(frame);
    }
  }

  #take(): Incoming {
    const incoming = this.#queue[this.#head++] as Incoming;
    if (this.#head * 2 > this.#queue.length) {
      this.#queue.splice(0, this.#head);
      this.#head = 0;
    }
    return incoming;
  }

  #leave(frame: StaFrame): void {
    this.#end(frame);
    this.#pump();
  }

  /** Takes a call off the stack; the loop in #pump goes on by itself, however long the queue. */
  #end(frame: StaFrame): void {
    this.#stack.splice(this.#stack.lastIndexOf(frame), 1);
    frame.hasLeft = true;
    for (const resume of frame.ready.splice(0)) resume();
    for (const resume of this.#stack.at(-1)?.ready.splice(0) ?? []) resume();
  }
}
