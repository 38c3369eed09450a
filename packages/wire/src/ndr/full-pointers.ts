import type { Type } from "@callfactory/core";

/** Something that [ptr] pointers lead to, while a message is written. */
export interface Referent {
  readonly id: number;
  /** It is in the message already, or being written. */
  written: boolean;
}

/** Something that [ptr] pointers lead to, as it is read; `value` once there is an object to share. */
interface Arrival {
  readonly type: Type;
  value: unknown;
}

/** Marks a referent of which not even an empty object exists yet. */
export const PENDING: unique symbol = Symbol("pending");

/**
 * What the [ptr] pointers of one message lead to (C706 14.3.12.2): pointers with one referent id
 * lead to one object, and its bytes stand behind the first of them.
 *
 * An object that is seen as two types is two referents, as it has two layouts.
 */
export class FullPointers {
  readonly #sent = new Map<object, Map<Type, Referent>>();
  readonly #arrived = new Map<number, Arrival>();

  /** The referent of `value`; `undefined` before it has been added. */
  referentOf(value: object, type: Type): Referent | undefined {
    return this.#sent.get(value)?.get(type);
  }

  add(value: object, type: Type, id: number): void {
    const byType = this.#sent.get(value) ?? new Map<Type, Referent>();
    this.#sent.set(value, byType.set(type, { id, written: false }));
  }

  arrival(id: number): Arrival | undefined {
    return this.#arrived.get(id);
  }

  /** Makes room for the referent `id`, which is read next. */
  expect(id: number, type: Type): Arrival {
    const arrival: Arrival = { type, value: PENDING };
    this.#arrived.set(id, arrival);
    return arrival;
  }
}
