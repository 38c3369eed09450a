import { type ArrayBound, resolved, type Type } from "./type.ts";

/** A name that an extent refers to, and what it says about a value. */
export interface ExtentName {
  readonly name: string;
  /** The attribute as IDL spells it. */
  readonly attribute: "size_is" | "max_is" | "length_is" | "last_is" | "first_is" | "switch_is";
}

const ATTRIBUTES = [
  ["sizeIs", "size_is"],
  ["maxIs", "max_is"],
  ["lengthIs", "length_is"],
  ["lastIs", "last_is"],
  ["firstIs", "first_is"],
] as const;

/** Every name that the extents of `type` refer to: through pointers, and in each dimension. */
export function extentNames(type: Type): ExtentName[] {
  switch (type.kind) {
    case "pointer":
      // A lazy target is none that a method sizes; it may not even be defined yet.
      return type.target.kind === "lazy" ? [] : extentNames(type.target);
    case "array": {
      const inner = type.element.kind === "array" ? extentNames(type.element) : [];
      return [...boundNames(type.bound), ...inner];
    }
    case "chars":
      return boundNames(type.bound);
    case "union":
      return type.switchIs === undefined ? [] : [{ name: type.switchIs, attribute: "switch_is" }];
    default:
      return [];
  }
}

function boundNames(bound: ArrayBound): ExtentName[] {
  return ATTRIBUTES.flatMap(([key, attribute]) => {
    const name = bound[key];
    return name === undefined ? [] : [{ name, attribute }];
  });
}

/**
 * How the value of a count follows from the array (or string) that it counts; `null` when `type`
 * is not counted by `name`. Nothing follows from an array with `first_is`, nor a tag from its union.
 */
export function countOf(type: Type, name: string): ((value: unknown) => number) | null {
  if (type.kind === "pointer") {
    const target = type.target.kind === "lazy" ? null : countOf(type.target, name);
    return target && ((value) => (value === null ? 0 : target(value)));
  }
  if (type.kind === "chars") {
    return type.bound.sizeIs === name ? (value) => lengthOf(value) + 1 : null;
  }
  if (type.kind !== "array" || type.bound.firstIs !== undefined) return null;
  const { sizeIs, lengthIs, maxIs, lastIs } = type.bound;
  if (sizeIs === name || lengthIs === name) return lengthOf;
  if (maxIs === name || lastIs === name) return (value) => lengthOf(value) - 1;
  const row = type.element.kind === "array" ? countOf(type.element, name) : null;
  return row && ((value) => row((value as readonly unknown[] | undefined)?.[0]));
}

function lengthOf(value: unknown): number {
  return (value as ArrayLike<unknown> | null | undefined)?.length ?? 0;
}

/** Tells whether `matches` is true of a type anywhere in `type`; what contains itself is seen once. */
export function holdsType(
  type: Type,
  matches: (type: Type) => boolean,
  seen: Set<Type> = new Set(),
): boolean {
  const found = resolved(type);
  if (matches(type) || matches(found)) return true;
  if (seen.has(found)) return false;
  seen.add(found);
  return partsOf(found).some((part) => holdsType(part, matches, seen));
}

/** Tells whether an interface pointer can occur in a value of `type`. */
export function holdsInterface(type: Type): boolean {
  return holdsType(type, ({ kind }) => kind === "interface" || kind === "variant");
}

/** The types that a value of `type` consists of, one level down. */
function partsOf(type: Type): readonly Type[] {
  switch (type.kind) {
    case "array":
    case "safearray":
      return [type.element];
    case "pointer":
      return [type.target];
    case "struct":
      return Object.values(type.fields);
    case "union":
      return type.arms.flatMap((a) => (a.type === null ? [] : [a.type]));
    default:
      return [];
  }
}
