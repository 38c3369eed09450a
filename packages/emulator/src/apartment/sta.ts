import type { Awaitable } from "@callfactory/core";
import { chain } from "../object/awaitable.ts";
import {
  activityOf,
  type Apartment,
  type Frame,
  type Incoming,
  type Pending,
  type Thread,
  type WaitOptions,
} from "./apartment.ts";
import type { Activity } from "./callout.ts";
import { IncomingQueue } from "./incoming-queue.ts";
import type { Running } from "./running.ts";

interface StaFrame extends Frame {
  activity: Activity;
  /** Blocking COM calls that this frame is inside of. */
  waits: number;
  /** Those among them that let in only what is sent as they are. */
  sends: number;
  /** Ended waits that resume when this frame is on top again. */
  readonly ready: (() => void)[];
  /** The call has ended; what it left waiting resumes by itself. */
  hasLeft: boolean;
}

/** Asked before each incoming call; false when it has been refused (APT-09). */
export type Admission = (incoming: Incoming) => Awaitable<boolean>;

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
  /** The message filter's say; `null` without one. */
  admission: Admission | null = null;
  readonly #queue = new IncomingQueue();
  readonly #stack: StaFrame[] = [];
  readonly #running: Running;
  #isClosed = false;

  constructor(name: string, running: Running, threadId = running.newThreadId()) {
    this.name = name;
    this.#running = running;
    this.thread = running.newThread(this, { id: threadId, frames: this.#stack });
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

  /**
   * Runs `run` on the thread at once, on top of whatever it is in: an answer of the message filter,
   * a visit to the neutral apartment. Unlike a call, it is not let in, it is gone into.
   */
  enter<T>({ cid, activity }: Frame, run: () => Awaitable<T>): Awaitable<T> {
    const frame = this.#push(cid, activity);
    let running: Awaitable<T>;
    try {
      running = run();
    } catch (error) {
      this.#leave(frame);
      throw error;
    }
    if (running instanceof Promise) return running.finally(() => this.#leave(frame));
    this.#leave(frame);
    return running;
  }

  wait<T>(pending: Pending<T>, { sentOnly = false }: WaitOptions = {}): Promise<T> {
    const frame = this.#stack.at(-1);
    if (frame === undefined) {
      // Code outside any call is the thread's own: it counts as pumping, and may wait in many places.
      if (!sentOnly) return new Promise(pending);
      // SendMessage does not pump: while it waits, the thread is inside something after all.
      const sending: Frame = { cid: null, activity: "message" };
      return this.enter(sending, () => this.wait(pending, { sentOnly })) as Promise<T>;
    }
    const kind = sentOnly ? "sends" : "waits";
    frame[kind]++;
    const result = new Promise<T>((resolve) => {
      pending((value) => {
        const resume = (): void => {
          frame[kind]--;
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
    for (const incoming of this.#queue.takeAll()) incoming.drop();
  }

  #pump(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const incoming = next;
      const frame = this.#push(incoming.cid, activityOf(incoming));
      let running: unknown;
      let hasReturned = false;
      try {
        running = this.#running.during(this.thread, () => this.#run(incoming, frame));
        hasReturned = true;
      } finally {
        // What throws, the callback of a timer for one, must not block the apartment for ever.
        if (!hasReturned) this.#leave(frame);
      }
      if (running instanceof Promise) void running.finally(() => this.#leave(frame));
      else this.#end(frame);
    }
  }

  /** What the thread lets in now. */
  #next(): Incoming | undefined {
    const top = this.#stack.at(-1);
    if (top === undefined || top.waits > 0) return this.#queue.take();
    return top.sends > 0 ? this.#queue.takeSent() : undefined;
  }

  #run(incoming: Incoming, frame: StaFrame): Awaitable<void> {
    if (incoming.call === undefined || this.admission === null) return incoming.run(this.thread);
    const { activity } = frame;
    frame.activity = "filter";
    return chain(this.admission(incoming), (isAdmitted): Awaitable<void> => {
      frame.activity = activity;
      if (isAdmitted) return this.#running.during(this.thread, () => incoming.run(this.thread));
    });
  }

  #push(cid: Frame["cid"], activity: Activity): StaFrame {
    const frame = { cid, activity, waits: 0, sends: 0, ready: [], hasLeft: false };
    this.#stack.push(frame);
    return frame;
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
