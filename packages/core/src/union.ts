import type { BoolType, EnumType, HyperType, IntType, Type } from "./type.ts";

/** What tells the arms of a union apart. */
export type Discriminant = IntType | HyperType | BoolType | EnumType;

/** A value of a discriminant: a number, a bigint for a hyper, true or false for a BOOLEAN. */
export type Label = number | bigint | boolean;

/** An arm of a union: its `[case]` labels, none for `[default]`; a type of `null` is an empty arm. */
export interface UnionArm<L extends Label = Label, T extends Type | null = Type | null> {
  readonly labels: readonly L[];
  readonly type: T;
}

/**
 * A union; an object `{ tag, value }`, where `tag` says which arm `value` belongs to.
 *
 * Its discriminant travels with it. A non-encapsulated union also names the parameter or member
 * that says the same (`switchIs`); an encapsulated one does not.
 */
export interface UnionType<
  D extends Discriminant = Discriminant,
  A extends readonly UnionArm[] = readonly UnionArm[],
> {
  readonly kind: "union";
  readonly name: string;
  readonly discriminant: D;
  readonly arms: A;
  readonly switchIs?: string;
}

/** What labels are in JavaScript. */
const LABELS = { int: "number", enum: "number", hyper: "bigint", bool: "boolean" } as const;

/**
 * An arm of a union for one label or several, as `[case]`; without a type it is empty.
 */
export function arm<const L extends Label>(labels: L | readonly L[]): UnionArm<L, null>;
export function arm<const L extends Label, T extends Type>(
  labels: L | readonly L[],
  type: T,
): UnionArm<L, T>;
export function arm(labels: Label | readonly Label[], type: Type | null = null): UnionArm {
  return { labels: typeof labels === "object" ? labels : [labels], type };
}

/** The arm for every other label, as `[default]`; `null` makes it empty. */
export function defaultArm<T extends Type | null>(type: T): UnionArm<never, T> {
  return { labels: [], type };
}

/**
 * A union, told apart by a `discriminant` of its own, as `union switch` declares it.
 *
 * @throws TypeError when a label is no value of the discriminant or stands twice, or there are two default arms.
 */
export function union<D extends Discriminant, const A extends readonly UnionArm[]>(
  name: string,
  discriminant: D,
  arms: A,
): UnionType<D, A> {
  const labels = arms.flatMap((a) => a.labels);
  const unfit = labels.find((label) => typeof label !== LABELS[discriminant.kind]);
  if (unfit !== undefined) {
    throw new TypeError(`${name}: ${String(unfit)} is no value of ${discriminant.name}`);
  }
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice !== undefined) throw new TypeError(`${name} has two arms for ${String(twice)}`);
  if (arms.filter((a) => a.labels.length === 0).length > 1) {
    throw new TypeError(`${name} has two default arms`);
  }
  return { kind: "union", name, discriminant, arms };
}

/** A non-encapsulated union: `[switch_is(name)]` says which parameter or member equals its tag. */
export function switchIs<D extends Discriminant, A extends readonly UnionArm[]>(
  type: UnionType<D, A>,
  name: string,
): UnionType<D, A> {
  return { ...type, switchIs: name };
}

/** The arm of a union for `tag`; `undefined` when neither a label nor a default fits it. */
export function armOf(type: UnionType, tag: unknown): UnionArm | undefined {
  let found: UnionArm | undefined;
  for (const a of type.arms) {
    if (a.labels.includes(tag as Label)) return a;
    if (a.labels.length === 0) found = a;
  }
  return found;
}
