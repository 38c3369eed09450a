import type { Clock } from "@callfactory/core";
import { createRandom, type Random } from "./random.ts";
import { FifoQueue, type RunQueue, SeededQueue, type Strand, type Task } from "./run-queue.ts";
import { TimerHeap } from "./timer-heap.ts";
import { nextTurn } from "./turn.ts";

/** How a scheduler orders tasks and tells time. */
export interface SchedulerOptions {
  /** Chooses one of the possible interleavings; without it, tasks run in the order of their posting. */
  readonly seed?: number;
  /**
   * "virtual": time stands still while anything can run, then jumps to the next timer.
   * "real" (the default): the machine's clock.
   */
  readonly clock?: "virtual" | "real";
}

/**
 * The emulator's only source of time and order.
 *
 * Tasks run one at a time, each in a microtask of its own, so that the promises that a task
 * settles are seen before the next task. Virtual time moves only after a whole turn of the event
 * loop in which nothing was posted.
 */
export class Scheduler implements Clock {
  readonly random: Random;
  readonly isVirtual: boolean;
  readonly #queue: RunQueue;
  readonly #timers = new TimerHeap();
  readonly #fences: Task[] = [];
  readonly #drain = (): void => this.#runOne();
  #isDraining = false;
  #isTurnPending = false;
  #virtualNowMs = 0;
  #wakeAtMs = Number.POSITIVE_INFINITY;
  #wake: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SchedulerOptions = {}) {
    this.random = createRandom(options.seed ?? 0);
    this.isVirtual = options.clock === "virtual";
    this.#queue = options.seed === undefined ? new FifoQueue() : new SeededQueue(this.random);
  }

  /** Milliseconds: since the scheduler's creation if virtual, else of performance.now(). */
  now(): number {
    return this.isVirtual ? this.#virtualNowMs : performance.now();
  }

  /** Runs `task` soon; after all tasks posted before on the same strand. */
  post(strand: Strand | null, task: Task): void {
    this.#queue.push(strand, task);
    if (this.#isDraining) return;
    this.#isDraining = true;
    queueMicrotask(this.#drain);
  }

  /** @throws TypeError for a delay that is no number: time could not go on after it; for no callback. */
  setTimer(delayMs: number, callback: Task): () => void {
    checkCallback(callback);
    if (typeof delayMs !== "number" || Number.isNaN(delayMs)) {
      throw new TypeError("setTimer: 'delayMs' must be a number of milliseconds");
    }
    // Never: virtual time must not jump there.
    if (delayMs === Number.POSITIVE_INFINITY) return () => {};
    const timer = this.#timers.add(this.now() + Math.max(0, delayMs), callback);
    this.#armClock();
    return () => {
      this.#timers.cancel(timer);
      this.#armClock();
    };
  }

  /** Resolves when no task can run and every promise has settled; timers may be pending. */
  fence(): Promise<void> {
    return new Promise((resolve) => {
      this.#fences.push(resolve);
      this.#requestTurn();
    });
  }

  #runOne(): void {
    const task = this.#queue.take();
    if (task !== undefined) {
      try {
        task();
      } finally {
        queueMicrotask(this.#drain);
      }
      return;
    }
    this.#isDraining = false;
    this.#armClock();
  }

  /** Sees to it that the earliest timer fires. */
  #armClock(): void {
    if (this.isVirtual) {
      if (this.#timers.peek() !== undefined) this.#requestTurn();
      return;
    }
    const dueMs = this.#timers.peek()?.dueMs ?? Number.POSITIVE_INFINITY;
    if (dueMs === this.#wakeAtMs) return;
    clearTimeout(this.#wake);
    this.#wakeAtMs = dueMs;
    if (dueMs === Number.POSITIVE_INFINITY) return;
    // A longer wait than setTimeout can take is cut into several.
    const delayMs = Math.min(Math.max(0, dueMs - this.now()), 0x7fffffff);
    this.#wake = setTimeout(() => {
      this.#wakeAtMs = Number.POSITIVE_INFINITY;
      this.#fireDue(this.now());
      this.#armClock();
    }, delayMs);
  }

  #requestTurn(): void {
    if (this.#isTurnPending) return;
    this.#isTurnPending = true;
    nextTurn(() => {
      this.#isTurnPending = false;
      this.#atTurn();
    });
  }

  #atTurn(): void {
    if (this.#isDraining) {
      if (this.#fences.length > 0) this.#requestTurn();
      return;
    }
    if (this.#fences.length > 0) {
      for (const release of this.#fences.splice(0)) release();
      this.#requestTurn();
      return;
    }
    if (!this.isVirtual) return;
    const next = this.#timers.peek();
    if (next === undefined) return;
    this.#virtualNowMs = Math.max(this.#virtualNowMs, next.dueMs);
    this.#fireDue(this.#virtualNowMs);
    this.#armClock();
  }

  #fireDue(nowMs: number): void {
    for (let timer = this.#timers.peek(); timer !== undefined && timer.dueMs <= nowMs; ) {
      this.#timers.take();
      const { task } = timer;
      timer.task = null;
      if (task !== null) this.post(null, task);
      timer = this.#timers.peek();
    }
  }
}

/** @throws TypeError for what cannot be called back. */
export function checkCallback(callback: unknown): void {
  if (typeof callback !== "function")
    throw new TypeError("setTimer: 'callback' must be a function");
}
