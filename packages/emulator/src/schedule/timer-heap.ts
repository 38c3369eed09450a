import type { Task } from "./run-queue.ts";

/** A task with its time; `task` is taken away when the timer is cancelled. */
export interface Timer {
  readonly dueMs: number;
  readonly order: number;
  task: Task | null;
}

/** Below this size cancelled timers may stay where they are. */
const LEAST_WORTH_CLEARING = 64;

/** Timers by time, and by order of creation where the time is the same. */
export class TimerHeap {
  #heap: Timer[] = [];
  #order = 0;
  #cancelled = 0;

  /** Timers held, cancelled ones too. */
  get size(): number {
    return this.#heap.length;
  }

  add(dueMs: number, task: Task): Timer {
    const timer: Timer = { dueMs, order: this.#order++, task };
    this.#heap.push(timer);
    this.#siftUp(this.#heap.length - 1);
    return timer;
  }

  /** Takes a timer back. It stays in the heap until most of the heap is like it, or its time comes. */
  cancel(timer: Timer): void {
    if (timer.task === null) return;
    timer.task = null;
    this.#cancelled++;
    if (this.#heap.length < LEAST_WORTH_CLEARING || this.#cancelled * 2 < this.#heap.length) return;
    // A sorted array is a heap.
    this.#heap = this.#heap
      .filter(({ task }) => task !== null)
      .sort((a, b) => (isBefore(a, b) ? -1 : 1));
    this.#cancelled = 0;
  }

  /** The earliest timer that has not been cancelled. */
  peek(): Timer | undefined {
    while (this.#heap.length > 0 && this.#heap[0]?.task === null) {
      this.#removeFirst();
      this.#cancelled--;
    }
    return this.#heap[0];
  }

  take(): Timer | undefined {
    const first = this.peek();
    if (first !== undefined) this.#removeFirst();
    return first;
  }

  #removeFirst(): void {
    const last = this.#heap.pop() as Timer;
    if (this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#siftDown(0);
  }

  #siftUp(start: number): void {
    const heap = this.#heap;
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(heap[at] as Timer, heap[parent] as Timer)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #siftDown(start: number): void {
    const heap = this.#heap;
    let at = start;
    for (;;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && isBefore(heap[child] as Timer, heap[least] as Timer)) {
          least = child;
        }
      }
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #swap(i: number, j: number): void {
    const timer = this.#heap[i] as Timer;
    this.#heap[i] = this.#heap[j] as Timer;
    this.#heap[j] = timer;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}
