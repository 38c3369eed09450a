import { extentNames } from "./extent.ts";
import type { ArrayBound, Fields, StructType, Type } from "./type.ts";

/** The value that a name in an extent refers to; `undefined` when it is not known here. */
export type ExtentLookup = (name: string) => unknown;

/**
 * Compares a checked value with its extents: an array holds as many elements as travel, a string
 * fits its buffer, the tag of a union is the one that `switch_is` names.
 *
 * @throws RangeError naming `where`.
 */
export function checkExtents(
  type: Type,
  value: unknown,
  where: string,
  lookup: ExtentLookup,
): void {
  if (value === null || value === undefined) return;
  switch (type.kind) {
    case "pointer":
      if (type.target.kind !== "lazy") checkExtents(type.target, value, where, lookup);
      return;
    case "array": {
      const values = value as ArrayLike<unknown>;
      checkCount(type.bound, values.length, where, lookup);
      if (type.element.kind !== "array") return;
      for (let i = 0; i < values.length; i++) {
        checkExtents(type.element, values[i], `${where}[${i}]`, lookup);
      }
      return;
    }
    case "chars": {
      const size = type.bound.sizeIs === undefined ? undefined : lookup(type.bound.sizeIs);
      const { length } = value as string;
      if (size === undefined || length < Number(size)) return;
      throw new RangeError(
        `${where} has ${length} characters and a NUL, more than '${type.bound.sizeIs}' = ${String(size)}`,
      );
    }
    case "union": {
      const expected = type.switchIs === undefined ? undefined : lookup(type.switchIs);
      const { tag } = value as { tag: unknown };
      if (expected === undefined || Number(expected) === Number(tag)) return;
      throw new RangeError(
        `${where}.tag is ${String(tag)}, but '${type.switchIs}' = ${String(expected)}`,
      );
    }
    default:
  }
}

/** An array must reach as far as the elements that travel. */
function checkCount(bound: ArrayBound, length: number, where: string, lookup: ExtentLookup): void {
  const first = Number((bound.firstIs && lookup(bound.firstIs)) ?? 0);
  const [name, needed] = neededBy(bound, first);
  if (name === undefined) return;
  const count = lookup(name);
  if (count === undefined || length >= Number(count) + needed) return;
  const from = first === 0 ? "" : ` from ${first} on`;
  throw new RangeError(
    `${where} has ${length} elements, fewer than '${name}' = ${String(count)}${from}`,
  );
}

/** The name that decides, and how many elements an array has beyond its value. */
function neededBy(bound: ArrayBound, first: number): [name: string | undefined, more: number] {
  if (bound.lengthIs !== undefined) return [bound.lengthIs, first];
  if (bound.lastIs !== undefined) return [bound.lastIs, 1];
  return bound.sizeIs === undefined ? [bound.maxIs, 1] : [bound.sizeIs, 0];
}

const sized = new WeakMap<Fields, readonly string[]>();

/** Compares the members of a checked structure that others size. */
export function checkMemberExtents(
  type: StructType,
  value: Readonly<Record<string, unknown>>,
  where: string,
): void {
  const { fields } = type;
  let names = sized.get(fields);
  if (names === undefined) {
    names = Object.keys(fields).filter((name) => extentNames(fields[name] as Type).length > 0);
    sized.set(fields, names);
  }
  for (const name of names) {
    checkExtents(fields[name] as Type, value[name], `${where}.${name}`, (other) => value[other]);
  }
}
