import { isGuid, guid } from "./guid.ts";
import type { Method, Param } from "./interface.ts";
import { type ArrayType, type EnumType, type IntType, type Type, typeName } from "./type.ts";

/**
 * Checks the arguments of a call against its [in] and [in,out] parameters.
 *
 * `isPointer` tells whether a value is an interface pointer of the caller's kind.
 *
 * @returns The arguments, GUIDs in canonical form.
 * @throws TypeError naming the argument when the count or a type is wrong; RangeError when a
 *   number does not fit or an array is shorter than its `size_is` says.
 */
export function checkArgs(
  method: Method,
  args: readonly unknown[],
  isPointer: (value: unknown) => boolean,
): unknown[] {
  const { ins, params } = method;
  if (args.length !== ins.length) {
    const names = ins.map((i) => (params[i] as Param).name).join(", ");
    throw new TypeError(
      `${method.qualifiedName} takes ${ins.length} argument(s) (${names}), got ${args.length}`,
    );
  }
  const checked = args.map((value, i) => {
    const p = params[ins[i] as number] as Param;
    return checkValue(p.type, value, `${method.qualifiedName}: '${p.name}'`, isPointer);
  });
  checkSizes(method, checked);
  return checked;
}

/** Checks what a server returned for all outs of `method`, in IDL order; throws like {@link checkArgs}. */
export function checkOuts(
  method: Method,
  outs: readonly unknown[],
  isPointer: (value: unknown) => boolean,
): unknown[] {
  return method.outs.map((index, i) => {
    const p = method.params[index] as Param;
    return checkValue(p.type, outs[i], `${method.qualifiedName}: '${p.name}'`, isPointer);
  });
}

/** Conformant [in] arrays must hold as many elements as their size parameter says. */
function checkSizes(method: Method, args: readonly unknown[]): void {
  const { ins, params } = method;
  for (const [i, index] of ins.entries()) {
    const p = params[index] as Param;
    const array = p.type.kind === "pointer" ? p.type.target : p.type;
    const value = args[i];
    if (array.kind !== "array" || value === null) continue;
    const name = array.bound.lengthIs ?? array.bound.sizeIs;
    const count = ins.findIndex((at) => params[at]?.name === name);
    if (name === undefined || count < 0) continue;
    const { length } = value as ArrayLike<unknown>;
    if (length < (args[count] as number)) {
      throw new RangeError(
        `${method.qualifiedName}: '${p.name}' has ${length} elements, fewer than '${name}' = ${String(args[count])}`,
      );
    }
  }
}

function checkValue(
  type: Type,
  value: unknown,
  where: string,
  isPointer: (value: unknown) => boolean,
): unknown {
  switch (type.kind) {
    case "int":
      return checkInt(type, value, where);
    case "hyper":
      return checkHyper(type.signed, value, where, type);
    case "float":
      if (typeof value !== "number") throw mismatch(type, "a number", value, where);
      return value;
    case "bool":
      if (typeof value !== "boolean") throw mismatch(type, "true or false", value, where);
      return value;
    case "guid":
      if (!isGuid(value)) throw mismatch(type, "a GUID string", value, where);
      return guid(value);
    case "enum":
      return checkEnum(type, value, where);
    case "string":
      if (typeof value === "string" && value.includes("\0")) {
        throw new TypeError(`${where} must not contain NUL: an LPWSTR ends at the first one`);
      }
      if (typeof value !== "string" && value !== null)
        throw mismatch(type, "a string or null", value, where);
      return value;
    case "bstr":
      if (typeof value !== "string" && value !== null)
        throw mismatch(type, "a string or null", value, where);
      return value;
    case "struct":
      return checkStruct(type, value, where, isPointer);
    case "array":
      return checkArray(type, value, where, isPointer);
    case "pointer":
      if (type.pointer === "unique" && value === null) return null;
      return checkValue(type.target, value, where, isPointer);
    case "interface":
      if (value !== null && !isPointer(value)) {
        throw mismatch(type, "an interface pointer or null", value, where);
      }
      return value;
  }
}

function checkInt(type: IntType, value: unknown, where: string): number {
  if (typeof value !== "number") throw mismatch(type, "an integer", value, where);
  const bits = type.sizeBytes * 8;
  const least = type.signed ? -(2 ** (bits - 1)) : 0;
  const most = type.signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${where} must be a ${type.name} (${least} to ${most}), got ${value}`);
  }
  return value;
}

function checkHyper(signed: boolean, value: unknown, where: string, type: Type): bigint {
  if (typeof value !== "bigint") throw mismatch(type, "a bigint", value, where);
  const fits = signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
  if (fits !== value) throw new RangeError(`${where} does not fit 64 bits: ${value}`);
  return value;
}

function checkEnum(type: EnumType, value: unknown, where: string): number {
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw mismatch(type, `one of ${Object.keys(type.values).join(", ")}`, value, where);
  }
  const [least, most] = type.wireBytes === 2 ? [-0x8000, 0x7fff] : [-0x80000000, 0x7fffffff];
  if (value < least || value > most) {
    throw new RangeError(`${where} must be a ${type.name} (${least} to ${most}), got ${value}`);
  }
  return value;
}

function checkStruct(
  type: Extract<Type, { kind: "struct" }>,
  value: unknown,
  where: string,
  isPointer: (value: unknown) => boolean,
): unknown {
  if (typeof value !== "object" || value === null) throw mismatch(type, "an object", value, where);
  const checked: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(type.fields)) {
    const field = (value as Record<string, unknown>)[name];
    checked[name] = checkValue(member, field, `${where}.${name}`, isPointer);
  }
  return checked;
}

function checkArray(
  type: ArrayType,
  value: unknown,
  where: string,
  isPointer: (value: unknown) => boolean,
): unknown {
  const kind = typedArrayOf(type.element);
  const { length } = type.bound;
  if (kind === null) {
    if (!Array.isArray(value)) throw mismatch(type, "an array", value, where);
    checkLength(length, value.length, where);
    return value.map((e, i) => checkValue(type.element, e, `${where}[${i}]`, isPointer));
  }
  if (!(value instanceof kind)) throw mismatch(type, `a ${kind.name}`, value, where);
  checkLength(length, value.length, where);
  return value;
}

function checkLength(expected: number | undefined, actual: number, where: string): void {
  if (expected !== undefined && expected !== actual) {
    throw new RangeError(`${where} must have ${expected} elements, got ${actual}`);
  }
}

/** Constructors of the typed arrays that carry arrays of numbers. */
export type TypedArrayConstructor =
  | Int8ArrayConstructor
  | Uint8ArrayConstructor
  | Int16ArrayConstructor
  | Uint16ArrayConstructor
  | Int32ArrayConstructor
  | Uint32ArrayConstructor
  | BigInt64ArrayConstructor
  | BigUint64ArrayConstructor
  | Float32ArrayConstructor
  | Float64ArrayConstructor;

/** The typed array that holds elements of `type`; `null` when they go into a plain array. */
export function typedArrayOf(type: Type): TypedArrayConstructor | null {
  switch (type.kind) {
    case "int":
      if (type.sizeBytes === 1) return type.signed ? Int8Array : Uint8Array;
      if (type.sizeBytes === 2) return type.signed ? Int16Array : Uint16Array;
      return type.signed ? Int32Array : Uint32Array;
    case "hyper":
      return type.signed ? BigInt64Array : BigUint64Array;
    case "float":
      return type.sizeBytes === 4 ? Float32Array : Float64Array;
    default:
      return null;
  }
}

function mismatch(type: Type, expected: string, value: unknown, where: string): TypeError {
  return new TypeError(
    `${where} must be a ${typeName(type)} (${expected}), got ${describe(value)}`,
  );
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (typeof value === "object") return value.constructor?.name ?? "an object";
  return typeof value === "bigint" ? `${value}n` : String(value);
}
