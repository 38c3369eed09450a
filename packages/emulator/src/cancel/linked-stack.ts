interface Link<T> {
  readonly value: T;
  below: Link<T> | null;
  above: Link<T> | null;
}

/** A stack from which anything can be removed, at the same price at any height. */
export class LinkedStack<T> {
  readonly #links = new Map<T, Link<T>>();
  #top: Link<T> | null = null;

  get top(): T | null {
    return this.#top?.value ?? null;
  }

  /** Puts `value`, which must not be on the stack, on top. */
  push(value: T): void {
    const link: Link<T> = { value, below: this.#top, above: null };
    if (this.#top !== null) this.#top.above = link;
    this.#top = link;
    this.#links.set(value, link);
  }

  remove(value: T): void {
    const link = this.#links.get(value);
    if (link === undefined) return;
    this.#links.delete(value);
    if (link.below !== null) link.below.above = link.above;
    if (link.above === null) this.#top = link.below;
    else link.above.below = link.below;
  }
}
