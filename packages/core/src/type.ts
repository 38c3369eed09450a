import type { AutomationType } from "./automation-type.ts";
import type { Interface } from "./interface.ts";
import type { UnionType } from "./union.ts";

/** An integer of up to 32 bits; a JavaScript `number`. */
export interface IntType<B extends 1 | 2 | 4 = 1 | 2 | 4, S extends boolean = boolean> {
  readonly kind: "int";
  readonly name: string;
  readonly sizeBytes: B;
  readonly signed: S;
}

/** A 64-bit integer; a JavaScript `bigint`. */
export interface HyperType<S extends boolean = boolean> {
  readonly kind: "hyper";
  readonly name: string;
  readonly sizeBytes: 8;
  readonly signed: S;
}

/** An IEEE float or double; a JavaScript `number`. */
export interface FloatType<B extends 4 | 8 = 4 | 8> {
  readonly kind: "float";
  readonly name: string;
  readonly sizeBytes: B;
}

/** A truth value; `trueBits` is what `true` looks like in memory (VARIANT_BOOL: 0xffff). */
export interface BoolType {
  readonly kind: "bool";
  readonly name: string;
  readonly sizeBytes: 1 | 2 | 4;
  readonly trueBits: number;
}

/** A GUID by value; a {@link Guid} string. */
export interface GuidType {
  readonly kind: "guid";
  readonly name: "GUID";
}

/** An enumeration: 4 bytes in memory; 2 on the wire unless `[v1_enum]`. Its values are numbers. */
export interface EnumType<V extends number = number> {
  readonly kind: "enum";
  readonly name: string;
  readonly values: Readonly<Record<string, V>>;
  readonly wireBytes: 2 | 4;
}

/** A unique pointer to a NUL-terminated string; `string | null`. */
export interface StringType {
  readonly kind: "string";
  readonly name: "LPWSTR";
}

/** A length-prefixed OLE string; `string | null`, where NULL and "" may differ. */
export interface BstrType {
  readonly kind: "bstr";
  readonly name: "BSTR";
}

/** The members of a structure, in declaration order. */
export type Fields = Readonly<Record<string, Type>>;

/** A structure by value; an object with one property a member. */
export interface StructType<F extends Fields = Fields> {
  readonly kind: "struct";
  readonly name: string;
  readonly fields: F;
}

/**
 * Where an array's extent comes from: a constant, or parameters of the same method or members of
 * the same structure, by name.
 *
 * `size_is` is the allocated count and `max_is` the last index of it; `length_is` is how many
 * elements travel and `last_is` the last index that does; `first_is` is the index of the first,
 * which is 0 without it. A value holds what stands before the first element too.
 */
export interface ArrayBound {
  readonly length?: number;
  readonly sizeIs?: string;
  readonly maxIs?: string;
  readonly lengthIs?: string;
  readonly lastIs?: string;
  readonly firstIs?: string;
}

/**
 * An array; a typed array for numbers, else a JavaScript array. An array of arrays has several
 * dimensions, as in C; all rows of a conformant one have the same length.
 */
export interface ArrayType<T extends Type = Type, B extends ArrayBound = ArrayBound> {
  readonly kind: "array";
  readonly element: T;
  readonly bound: B;
}

/**
 * What an array of characters holds: a constant number of them, or what the parameter or member
 * `sizeIs` says. Both count the NUL.
 */
export interface CharsBound {
  readonly length?: number;
  readonly sizeIs?: string;
}

/**
 * An array of characters that ends with NUL, `[string]` in IDL; a `string` without the NUL.
 *
 * Characters of one byte are U+0001 to U+00FF, one byte each: no code page is applied.
 */
export interface CharsType<B extends CharsBound = CharsBound> {
  readonly kind: "chars";
  readonly name: string;
  readonly unitBytes: 1 | 2;
  readonly bound: B;
}

/** How a pointer may point, in IDL's words. */
export type PointerKind = "ref" | "unique" | "ptr";

/**
 * A pointer to data: `[ref]` is never NULL, `[unique]` and `[ptr]` may be `null`. Only `[ptr]` may
 * lead to one object from several places, or back to where it came from.
 */
export interface PointerType<T extends Type = Type, P extends PointerKind = PointerKind> {
  readonly kind: "pointer";
  readonly pointer: P;
  readonly target: T;
}

/** An interface pointer, of a fixed interface or of the one that the parameter `iidIs` names. */
export interface InterfaceType<S = unknown> {
  readonly kind: "interface";
  /** Deferred, so that interfaces can refer to each other and to themselves. */
  readonly resolve: () => Interface<S>;
  readonly iidIs?: string;
}

/** A type that is named before it is complete; behind a pointer it may contain itself. */
export interface LazyType<V = unknown> {
  readonly kind: "lazy";
  readonly resolve: () => Type;
  readonly [lazyValue]?: V;
}

declare const lazyValue: unique symbol;

/** Any type that a parameter, a member or an element can have. */
export type Type =
  | IntType
  | HyperType
  | FloatType
  | BoolType
  | GuidType
  | EnumType
  | StringType
  | BstrType
  | StructType
  | UnionType
  | ArrayType
  | CharsType
  | PointerType
  | LazyType
  | InterfaceType
  | AutomationType;

function int<N extends string, B extends 1 | 2 | 4, S extends boolean>(
  name: N,
  sizeBytes: B,
  signed: S,
): IntType<B, S> {
  return { kind: "int", name, sizeBytes, signed };
}

export const BYTE: IntType<1, false> = int("BYTE", 1, false);
export const CHAR: IntType<1, true> = int("CHAR", 1, true);
export const SHORT: IntType<2, true> = int("SHORT", 2, true);
export const USHORT: IntType<2, false> = int("USHORT", 2, false);
/** One UTF-16 code unit, as a number. */
export const WCHAR: IntType<2, false> = int("WCHAR", 2, false);
export const LONG: IntType<4, true> = int("LONG", 4, true);
export const ULONG: IntType<4, false> = int("ULONG", 4, false);
export const DWORD: IntType<4, false> = int("DWORD", 4, false);
/** The status of an RPC that failed in transit: an unsigned long. */
export const error_status_t: IntType<4, false> = int("error_status_t", 4, false);
/** An HRESULT as data, unsigned. */
export const HRESULT: IntType<4, false> = int("HRESULT", 4, false);
export const LONGLONG: HyperType<true> = {
  kind: "hyper",
  name: "LONGLONG",
  sizeBytes: 8,
  signed: true,
};
export const ULONGLONG: HyperType<false> = {
  kind: "hyper",
  name: "ULONGLONG",
  sizeBytes: 8,
  signed: false,
};
export const FLOAT: FloatType<4> = { kind: "float", name: "FLOAT", sizeBytes: 4 };
export const DOUBLE: FloatType<8> = { kind: "float", name: "DOUBLE", sizeBytes: 8 };
export const BOOL: BoolType = { kind: "bool", name: "BOOL", sizeBytes: 4, trueBits: 1 };
export const BOOLEAN: BoolType = { kind: "bool", name: "BOOLEAN", sizeBytes: 1, trueBits: 1 };
export const VARIANT_BOOL: BoolType = {
  kind: "bool",
  name: "VARIANT_BOOL",
  sizeBytes: 2,
  trueBits: 0xffff,
};
export const GUID: GuidType = { kind: "guid", name: "GUID" };
export const LPWSTR: StringType = { kind: "string", name: "LPWSTR" };
export const BSTR: BstrType = { kind: "bstr", name: "BSTR" };

/** An enumeration of named numbers; `v1` is the `[v1_enum]` attribute. */
export function enumeration<const V extends Readonly<Record<string, number>>>(
  name: string,
  values: V,
  options: { readonly v1?: boolean } = {},
): EnumType<V[keyof V]> {
  return {
    kind: "enum",
    name,
    values: values as Readonly<Record<string, number>> as Readonly<Record<string, V[keyof V]>>,
    wireBytes: options.v1 === true ? 4 : 2,
  };
}

/** A structure; members keep the order of `fields`. */
export function struct<const F extends Fields>(name: string, fields: F): StructType<F> {
  return { kind: "struct", name, fields };
}

/**
 * A fixed array (`{ length }`), or a conformant one (`{ sizeIs }`); varying as well when the bound
 * says which elements travel (`{ lengthIs, firstIs }`).
 */
export function array<T extends Type, const B extends ArrayBound>(
  element: T,
  bound: B,
): ArrayType<T, B> {
  return { kind: "array", element, bound };
}

/**
 * Characters up to a NUL, as `[string]`: in place with a `length`, else behind a pointer.
 *
 * `unit` is WCHAR, or CHAR or BYTE for one byte a character. `ref(stringOf(WCHAR))` is a string
 * that is never NULL, `unique(stringOf(CHAR))` an LPSTR.
 */
export function stringOf(unit: IntType<1 | 2>): CharsType<Record<never, never>>;
export function stringOf<const B extends CharsBound>(unit: IntType<1 | 2>, bound: B): CharsType<B>;
export function stringOf(unit: IntType<1 | 2>, bound: CharsBound = {}): CharsType {
  const name = `[string] ${unit.name}[${bound.length ?? bound.sizeIs ?? ""}]`;
  return { kind: "chars", name, unitBytes: unit.sizeBytes, bound };
}

/** A `[ref]` pointer: one more level of indirection that is never NULL. */
export function ref<T extends Type>(target: T): PointerType<T, "ref"> {
  return { kind: "pointer", pointer: "ref", target };
}

/** A `[unique]` pointer: `null` or a value. */
export function unique<T extends Type>(target: T): PointerType<T, "unique"> {
  return { kind: "pointer", pointer: "unique", target };
}

/** A `[ptr]` pointer: `null` or a value that other `[ptr]` pointers of the call may share. */
export function ptr<T extends Type>(target: T): PointerType<T, "ptr"> {
  return { kind: "pointer", pointer: "ptr", target };
}

/**
 * A type that is defined later, for types that contain pointers to themselves. `V` is its
 * JavaScript type, and the function says that it returns a `Type`, because neither can be inferred
 * in a circle: `next: unique(lazy<Node>((): Type => NODE))`.
 */
export function lazy<V>(resolve: () => Type): LazyType<V> {
  return { kind: "lazy", resolve };
}

/** What a type is once it is needed: itself, or what a lazy one leads to. */
export function resolved(type: Type): Exclude<Type, LazyType> {
  let found = type;
  while (found.kind === "lazy") found = found.resolve();
  return found;
}

/** An interface pointer of a fixed interface; pass a function where interfaces refer to each other. */
export function pointerTo<S>(target: Interface<S> | (() => Interface<S>)): InterfaceType<S> {
  return { kind: "interface", resolve: typeof target === "function" ? target : () => target };
}

/** An `[iid_is(name)]` interface pointer; seen as `base` until it is queried for more. */
export function pointerByIid<S>(base: Interface<S>, iidIs: string): InterfaceType<S> {
  return { kind: "interface", resolve: () => base, iidIs };
}

/** The name of `type` as IDL would show it, for messages. */
export function typeName(type: Type): string {
  switch (type.kind) {
    case "array":
      return `${typeName(type.element)}[${type.bound.length ?? type.bound.sizeIs ?? type.bound.maxIs ?? ""}]`;
    case "pointer":
      return `${typeName(type.target)}*`;
    case "interface":
      return `${type.resolve().name}*`;
    case "lazy":
      return typeName(type.resolve());
    case "safearray":
      return `SAFEARRAY(${typeName(type.element)})`;
    default:
      return type.name;
  }
}
