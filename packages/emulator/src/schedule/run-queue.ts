import type { Random } from "./random.ts";

/** Something to run once. */
export type Task = () => void;

/** Tasks of one strand run in the order in which they were posted; tasks without one, in any. */
export type Strand = object;

/** Runnable tasks, and the order in which they are taken. */
export interface RunQueue {
  readonly size: number;
  push(strand: Strand | null, task: Task): void;
  take(): Task | undefined;
}

/** Takes tasks in the order of their posting. */
export class FifoQueue implements RunQueue {
  #tasks: (Task | undefined)[] = [];
  #head = 0;

  get size(): number {
    return this.#tasks.length - this.#head;
  }

  push(_strand: Strand | null, task: Task): void {
    this.#tasks.push(task);
  }

  take(): Task | undefined {
    const task = this.#tasks[this.#head];
    if (task === undefined) return undefined;
    this.#tasks[this.#head++] = undefined;
    if (this.#head > 1024 && this.#head * 2 > this.#tasks.length) {
      this.#tasks = this.#tasks.slice(this.#head);
      this.#head = 0;
    }
    return task;
  }
}

/** Takes tasks of different strands in an order that a seed determines. */
export class SeededQueue implements RunQueue {
  readonly #random: Random;
  readonly #ready: FifoQueue[] = [];
  readonly #byStrand = new Map<Strand, FifoQueue>();
  readonly #strandOf = new Map<FifoQueue, Strand>();
  #size = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  get size(): number {
    return this.#size;
  }

  push(strand: Strand | null, task: Task): void {
    let queue = strand === null ? undefined : this.#byStrand.get(strand);
    if (queue === undefined) {
      queue = new FifoQueue();
      this.#ready.push(queue);
      if (strand !== null) {
        this.#byStrand.set(strand, queue);
        this.#strandOf.set(queue, strand);
      }
    }
    queue.push(null, task);
    this.#size++;
  }

  take(): Task | undefined {
    if (this.#size === 0) return undefined;
    const at = this.#random.below(this.#ready.length);
    const queue = this.#ready[at] as FifoQueue;
    const task = queue.take();
    this.#size--;
    if (queue.size === 0) this.#remove(at, queue);
    return task;
  }

  #remove(at: number, queue: FifoQueue): void {
    const last = this.#ready.pop() as FifoQueue;
    if (last !== queue) this.#ready[at] = last;
    const strand = this.#strandOf.get(queue);
    if (strand !== undefined) this.#byStrand.delete(strand);
    this.#strandOf.delete(queue);
  }
}
