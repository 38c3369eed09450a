import type { Type } from "./type.ts";

/**
 * The copies of what `[ptr]` pointers lead to, while values are copied: one object stays one
 * object, and a cycle comes to an end.
 */
export class SharedTargets {
  /** Made when the first pointer is met: most values have none. */
  #copies: Map<object, Map<Type, unknown>> | null = null;
  /** Targets whose copy is about to be made; several when pointers lead to pointers. */
  #awaited: { readonly value: object; readonly type: Type }[] | null = null;

  /** Returns the copy of `value` as `type`, which `copy` makes when there is none yet. */
  follow(type: Type, value: unknown, copy: () => unknown): unknown {
    // Strings and numbers have no identity: each pointer has its own.
    if (typeof value !== "object" || value === null) return copy();
    const known = this.#copies?.get(value)?.get(type);
    if (known !== undefined) return known;
    (this.#awaited ??= []).push({ value, type });
    const made = copy();
    this.made(made);
    return made;
  }

  /** Says that `copy`, perhaps still empty, is the copy of the target that was asked for last. */
  made(copy: unknown): void {
    if (this.#awaited === null) return;
    this.#copies ??= new Map();
    for (const { value, type } of this.#awaited) {
      const copies = this.#copies.get(value) ?? new Map<Type, unknown>();
      this.#copies.set(value, copies.set(type, copy));
    }
    this.#awaited = null;
  }
}
