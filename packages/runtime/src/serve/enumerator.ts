import { S_FALSE } from "@callfactory/core";
import { Success } from "../success.ts";

/** What an enumerator goes through. */
export interface Sequence<T, E> {
  readonly items: readonly T[];
  /** What a caller gets for an item, with references of its own. */
  readonly give: (item: T) => T;
  readonly drop: (item: T) => void;
  /** An interface pointer to another enumerator. */
  readonly implement: (enumerator: Enumerator<T, E>) => E;
}

/**
 * A COM enumerator: Next, Skip, Reset and Clone over a sequence that it holds references to.
 *
 * Next and Skip say S_FALSE when there is less than was asked for (EVT-09).
 */
export class Enumerator<T, E> {
  readonly #sequence: Sequence<T, E>;
  #position: number;

  /** Takes over the references of the items. */
  constructor(sequence: Sequence<T, E>, position = 0) {
    this.#sequence = sequence;
    this.#position = position;
  }

  Next(count: number): T[] | Success<T[]> {
    const { items, give } = this.#sequence;
    const next = items.slice(this.#position, this.#position + count).map(give);
    this.#position += next.length;
    return next.length < count ? new Success(S_FALSE, next) : next;
  }

  Skip(count: number): void | Success<void> {
    const left = this.#sequence.items.length - this.#position;
    this.#position += Math.min(left, count);
    if (left < count) return new Success(S_FALSE, undefined);
  }

  Reset(): void {
    this.#position = 0;
  }

  Clone(): E {
    const { items, give } = this.#sequence;
    const sequence = { ...this.#sequence, items: items.map(give) };
    return sequence.implement(new Enumerator(sequence, this.#position));
  }

  finalRelease(): void {
    for (const item of this.#sequence.items) this.#sequence.drop(item);
  }
}
