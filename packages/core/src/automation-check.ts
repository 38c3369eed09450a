import { Currency } from "./automation-currency.ts";
import { OleDate } from "./automation-date.ts";
import { Decimal } from "./automation-decimal.ts";
import { isDispatch } from "./automation-dispatch.ts";
import { SafeArray } from "./automation-safe-array.ts";
import type { AutomationType, SafeArrayType } from "./automation-type.ts";
import { Variant } from "./automation-variant.ts";
import {
  VT_ARRAY,
  VT_BOOL,
  VT_BSTR,
  VT_BYREF,
  VT_CY,
  VT_DATE,
  VT_DECIMAL,
  VT_DISPATCH,
  VT_EMPTY,
  VT_I1,
  VT_I2,
  VT_I4,
  VT_I8,
  VT_NULL,
  VT_R4,
  VT_R8,
  VT_UI1,
  VT_UI2,
  VT_UI4,
  VT_UI8,
  VT_UNKNOWN,
  VT_VARIANT,
  vtName,
} from "./automation-vt.ts";
import { typeOfVt, vtOfType } from "./automation-vt-type.ts";
import { mismatch } from "./check-simple.ts";
import type { Interface } from "./interface.ts";
import type { Type } from "./type.ts";

/** VARIANTs within VARIANTs: arrays of arrays, and references. */
export const MAX_VARIANT_DEPTH = 32;

/** How values are checked; check.ts brings the rules for all other types. */
export interface Checker {
  readonly check: (type: Type, value: unknown, where: string) => unknown;
  readonly isPointer: (value: unknown) => boolean;
}

/**
 * Checks a value of a type of OLE Automation.
 *
 * @returns The value; for a VARIANT always a {@link Variant}.
 * @throws TypeError, RangeError naming `where` when it is not of the type.
 */
export function checkAutomation(
  type: AutomationType,
  value: unknown,
  where: string,
  checker: Checker,
): unknown {
  switch (type.kind) {
    case "variant":
      return checkVariant(value, where, checker, 0);
    case "safearray":
      return checkSafeArray(type, value, where, checker);
    case "currency":
      return checkClass(type, Currency, value, where);
    case "decimal":
      return checkClass(type, Decimal, value, where);
    case "date":
      return checkClass(type, OleDate, value, where);
  }
}

function checkClass(
  type: AutomationType,
  kind: new (...args: never[]) => unknown,
  value: unknown,
  where: string,
): unknown {
  if (!(value instanceof kind)) throw mismatch(type, `a ${kind.name}`, value, where);
  return value;
}

/** Gives what was passed for a VARIANT its VARTYPE, `depth` VARIANTs further in. */
function checkVariant(value: unknown, where: string, checker: Checker, depth: number): Variant {
  if (depth > MAX_VARIANT_DEPTH) {
    throw new RangeError(`${where}: VARIANTs nested deeper than ${MAX_VARIANT_DEPTH} levels`);
  }
  const given = value instanceof Variant ? value : null;
  const vt = given === null ? naturalVt(value, where, checker) : given.vt;
  const content = given === null ? value : given.value;
  const checked = checkContent(vt, content, where, checker, depth);
  return given !== null && checked === content ? given : new Variant(vt, checked);
}

function checkSafeArray(
  type: SafeArrayType,
  value: unknown,
  where: string,
  checker: Checker,
): unknown {
  if (value === null) return null;
  const vt = vtOfType(type.element) as number;
  if (value instanceof SafeArray && value.vt !== vt) {
    throw new TypeError(`${where} must have elements of ${vtName(vt)}, not ${vtName(value.vt)}`);
  }
  return checkElements(vt, type.element, value, where, { checker, depth: 0 });
}

interface Nesting {
  readonly checker: Checker;
  readonly depth: number;
}

function checkContent(
  vt: number,
  value: unknown,
  where: string,
  checker: Checker,
  depth: number,
): unknown {
  if ((vt & VT_BYREF) !== 0) {
    const target = vt & ~VT_BYREF;
    if (target === VT_VARIANT) return checkReferredVariant(value, where, checker, depth);
    if (target !== VT_EMPTY && target !== VT_NULL) {
      return checkContent(target, value, where, checker, depth);
    }
  } else if ((vt & VT_ARRAY) !== 0) {
    const element = typeOfVt(vt & ~VT_ARRAY);
    if (element !== null) {
      if (value === null) return null;
      return checkElements(vt & ~VT_ARRAY, element, value, where, { checker, depth });
    }
  } else if (vt === VT_EMPTY || vt === VT_NULL) {
    const expected = vt === VT_EMPTY ? undefined : null;
    if (value === expected) return value;
    throw new TypeError(`${where}: ${vtName(vt)} holds ${String(expected)} and nothing else`);
  } else if (vt !== VT_VARIANT) {
    const type = typeOfVt(vt);
    if (type !== null) return checker.check(type, value, where);
  }
  throw new TypeError(`${where}: a VARIANT cannot hold ${vtName(vt)} here`);
}

/** What is referred to must not be a reference to a VARIANT again ([MS-OAUT] 2.2.29.2). */
function checkReferredVariant(
  value: unknown,
  where: string,
  checker: Checker,
  depth: number,
): Variant {
  const referred = checkVariant(value, where, checker, depth + 1);
  if (referred.vt !== (VT_VARIANT | VT_BYREF)) return referred;
  throw new TypeError(`${where}: VT_VARIANT | VT_BYREF cannot refer to another one`);
}

/** Checks elements in a (typed) array or a SafeArray. */
function checkElements(
  vt: number,
  element: Type,
  value: unknown,
  where: string,
  { checker, depth }: Nesting,
): unknown {
  if (value instanceof SafeArray) {
    // An array that came from elsewhere may be of another VARTYPE than its VARIANT says.
    const own = typeOfVt(value.vt);
    if (own === null) throw new TypeError(`${where}: a SAFEARRAY of ${vtName(value.vt)}`);
    const checked = checkElements(value.vt, own, value.values, where, { checker, depth });
    return new SafeArray({ ...value, values: checked as ArrayLike<unknown> });
  }
  if (vt === VT_VARIANT && Array.isArray(value)) {
    return value.map((e, i) => checkVariant(e, `${where}[${i}]`, checker, depth + 1));
  }
  return checker.check({ kind: "array", element, bound: {} }, value, where);
}

/** The VARTYPE that goes without saying, as `VariantInput` lists them. */
function naturalVt(value: unknown, where: string, { isPointer }: Checker): number {
  switch (typeof value) {
    case "undefined":
      return VT_EMPTY;
    case "boolean":
      return VT_BOOL;
    case "string":
      return VT_BSTR;
    case "number":
      return Number.isInteger(value) && Object.is(value | 0, value) ? VT_I4 : VT_R8;
    case "bigint":
      return BigInt.asIntN(64, value) === value ? VT_I8 : VT_UI8;
    case "object":
      return value === null ? VT_NULL : vtOfObject(value, where, isPointer);
    default:
      throw new TypeError(`${where}: no VARIANT holds a ${typeof value}`);
  }
}

const VT_OF_CLASS: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  [Currency, VT_CY],
  [Decimal, VT_DECIMAL],
  [OleDate, VT_DATE],
  [Array, VT_ARRAY | VT_VARIANT],
  [Int8Array, VT_ARRAY | VT_I1],
  [Uint8Array, VT_ARRAY | VT_UI1],
  [Int16Array, VT_ARRAY | VT_I2],
  [Uint16Array, VT_ARRAY | VT_UI2],
  [Int32Array, VT_ARRAY | VT_I4],
  [Uint32Array, VT_ARRAY | VT_UI4],
  [BigInt64Array, VT_ARRAY | VT_I8],
  [BigUint64Array, VT_ARRAY | VT_UI8],
  [Float32Array, VT_ARRAY | VT_R4],
  [Float64Array, VT_ARRAY | VT_R8],
]);

function vtOfObject(value: object, where: string, isPointer: Checker["isPointer"]): number {
  if (isPointer(value)) return vtOfPointer(value);
  if (value instanceof SafeArray) return VT_ARRAY | value.vt;
  for (const [kind, vt] of VT_OF_CLASS) {
    if (value instanceof (kind as new () => object)) return vt;
  }
  // oxlint-disable-next-line no-restricted-globals -- refuses a Date; the clock is never asked.
  if (value instanceof Date) {
    throw new TypeError(`${where}: a DATE has no time zone; pass oleDate(date, "local" or "utc")`);
  }
  const name = value.constructor?.name ?? "object";
  throw new TypeError(
    `${where}: no VARIANT holds a ${name}; variant(vt, value) says what is meant`,
  );
}

function vtOfPointer(pointer: object): number {
  const { interface: iface } = pointer as { readonly interface?: Interface };
  return iface !== undefined && isDispatch(iface) ? VT_DISPATCH : VT_UNKNOWN;
}
