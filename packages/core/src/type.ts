import type { Interface } from "./interface.ts";

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
 * Where an array's extent comes from: a constant, or parameters of the same method by name
 * (`size_is`: the allocated count; `length_is`: how many of them hold data).
 */
export interface ArrayBound {
  readonly length?: number;
  readonly sizeIs?: string;
  readonly lengthIs?: string;
}

/** An array; a typed array for numbers, else a JavaScript array. */
export interface ArrayType<T extends Type = Type, B extends ArrayBound = ArrayBound> {
  readonly kind: "array";
  readonly element: T;
  readonly bound: B;
}

/** A pointer to data: `[ref]` is never NULL, `[unique]` may be `null`; neither may alias. */
export interface PointerType<T extends Type = Type, P extends "ref" | "unique" = "ref" | "unique"> {
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
  | ArrayType
  | PointerType
  | InterfaceType;

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

/** A fixed array (`{ length }`), or a conformant and perhaps varying one (`{ sizeIs, lengthIs }`). */
export function array<T extends Type, const B extends ArrayBound>(
  element: T,
  bound: B,
): ArrayType<T, B> {
  return { kind: "array", element, bound };
}

/** A `[ref]` pointer: one more level of indirection that is never NULL. */
export function ref<T extends Type>(target: T): PointerType<T, "ref"> {
  return { kind: "pointer", pointer: "ref", target };
}

/** A `[unique]` pointer: `null` or a value. */
export function unique<T extends Type>(target: T): PointerType<T, "unique"> {
  return { kind: "pointer", pointer: "unique", target };
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
      return `${typeName(type.element)}[${type.bound.length ?? type.bound.sizeIs ?? ""}]`;
    case "pointer":
      return `${typeName(type.target)}*`;
    case "interface":
      return `${type.resolve().name}*`;
    default:
      return type.name;
  }
}
