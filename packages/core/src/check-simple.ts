import {
  type BoolType,
  type CharsType,
  type EnumType,
  type FloatType,
  type HyperType,
  type IntType,
  type Type,
  typeName,
} from "./type.ts";

/** Checks an integer; throws TypeError or RangeError, naming `where`. */
export function checkInt(type: IntType, value: unknown, where: string): number {
  if (typeof value !== "number") throw mismatch(type, "an integer", value, where);
  const bits = type.sizeBytes * 8;
  const least = type.signed ? -(2 ** (bits - 1)) : 0;
  const most = type.signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  return checkRange(type, value, { least, most }, where);
}

/** Checks a 64-bit integer. */
export function checkHyper(type: HyperType, value: unknown, where: string): bigint {
  if (typeof value !== "bigint") throw mismatch(type, "a bigint", value, where);
  const fits = type.signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
  if (fits !== value) throw new RangeError(`${where} does not fit 64 bits: ${value}`);
  return value;
}

/** Checks a float or a double. */
export function checkFloat(type: FloatType, value: unknown, where: string): number {
  if (typeof value !== "number") throw mismatch(type, "a number", value, where);
  return value;
}

/** Checks a truth value. */
export function checkBool(type: BoolType, value: unknown, where: string): boolean {
  if (typeof value !== "boolean") throw mismatch(type, "true or false", value, where);
  return value;
}

/**
 * Checks an enumeration, named value or not. Without `[v1_enum]` it is 0 to 32,767: others raise
 * RPC_X_ENUM_VALUE_OUT_OF_RANGE in MIDL's stubs.
 */
export function checkEnum(type: EnumType, value: unknown, where: string): number {
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw mismatch(type, `one of ${Object.keys(type.values).join(", ")}`, value, where);
  }
  const [least, most] = type.wireBytes === 2 ? [0, 0x7fff] : [-0x80000000, 0x7fffffff];
  return checkRange(type, value, { least, most }, where);
}

/** Checks a string that ends at its first NUL, or `null`. */
export function checkString(type: Type, value: unknown, where: string): string | null {
  if (value === null) return null;
  if (typeof value !== "string") throw mismatch(type, "a string or null", value, where);
  if (value.includes("\0")) throw withNul(type, where);
  return value;
}

/** Checks an OLE string, which may hold NULs. */
export function checkBstr(type: Type, value: unknown, where: string): string | null {
  if (typeof value !== "string" && value !== null) {
    throw mismatch(type, "a string or null", value, where);
  }
  return value;
}

/** Checks characters: their length, with the NUL, and that each has a unit. */
export function checkChars(type: CharsType, value: unknown, where: string): string {
  if (typeof value !== "string") throw mismatch(type, "a string", value, where);
  if (value.includes("\0")) throw withNul(type, where);
  const { length } = type.bound;
  if (length !== undefined && value.length >= length) {
    throw new RangeError(
      `${where} must be shorter than ${length} characters, got ${value.length}: one is the NUL`,
    );
  }
  if (type.unitBytes === 1) {
    for (let i = 0; i < value.length; i++) {
      if (value.charCodeAt(i) > 0xff) {
        throw new RangeError(`${where} must hold characters of one byte, got '${value.charAt(i)}'`);
      }
    }
  }
  return value;
}

/** The TypeError for a value of the wrong type. */
export function mismatch(type: Type, expected: string, value: unknown, where: string): TypeError {
  return new TypeError(
    `${where} must be a ${typeName(type)} (${expected}), got ${describe(value)}`,
  );
}

function withNul(type: Type, where: string): TypeError {
  const what = type.kind === "string" ? "an LPWSTR" : `a ${typeName(type)}`;
  return new TypeError(`${where} must not contain NUL: ${what} ends at the first one`);
}

function checkRange(
  type: Type,
  value: number,
  { least, most }: { least: number; most: number },
  where: string,
): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(
      `${where} must be a ${typeName(type)} (${least} to ${most}), got ${value}`,
    );
  }
  return value;
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (typeof value === "object") return value.constructor?.name ?? "an object";
  return typeof value === "bigint" ? `${value}n` : String(value);
}
