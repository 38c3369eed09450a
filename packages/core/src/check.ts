import { type Checker, checkAutomation } from "./automation-check.ts";
import { checkExtents, checkMemberExtents } from "./check-extents.ts";
import {
  checkBool,
  checkBstr,
  checkChars,
  checkEnum,
  checkFloat,
  checkHyper,
  checkInt,
  checkString,
  mismatch,
} from "./check-simple.ts";
import { extentNames } from "./extent.ts";
import { guid, isGuid } from "./guid.ts";
import type { Method, Param } from "./interface.ts";
import { SharedTargets } from "./shared-targets.ts";
import { type ArrayType, type PointerType, resolved, type StructType, type Type } from "./type.ts";
import { armOf, type UnionType } from "./union.ts";

/**
 * How deep values may be nested. Only those of recursive types get there: long lists, and what
 * leads back to itself through pointers that cannot express it.
 */
const MAX_NESTING = 1200;

/**
 * Checks the arguments of a call against its [in] and [in,out] parameters.
 *
 * `isPointer` tells whether a value is an interface pointer of the caller's kind.
 *
 * @returns The arguments, GUIDs in canonical form; objects are copies, and those that [ptr]
 *   pointers share are shared again.
 * @throws TypeError naming the argument when the count or a type is wrong; RangeError when a
 *   number does not fit, an array is shorter than its extents say, or a value is nested too deep.
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
  const check = newCheck(isPointer);
  const checked = args.map((value, i) => {
    const p = params[ins[i] as number] as Param;
    return checkValue(p.type, value, whereIs(method, p), check);
  });
  for (const i of sizedArgs(method)) {
    const p = params[ins[i] as number] as Param;
    checkExtents(p.type, checked[i], whereIs(method, p), (name) => {
      const place = ins.findIndex((at) => params[at]?.name === name);
      return place < 0 ? undefined : checked[place];
    });
  }
  return checked;
}

/** Checks what a server returned for all outs of `method`, in IDL order; throws like {@link checkArgs}. */
export function checkOuts(
  method: Method,
  outs: readonly unknown[],
  isPointer: (value: unknown) => boolean,
): unknown[] {
  const check = newCheck(isPointer);
  return method.outs.map((index, i) => {
    const p = method.params[index] as Param;
    return checkValue(p.type, outs[i], whereIs(method, p), check);
  });
}

const sized = new WeakMap<Method, readonly number[]>();

/** The places of the arguments that others size. */
function sizedArgs(method: Method): readonly number[] {
  let places = sized.get(method);
  if (places === undefined) {
    const { ins, params } = method;
    const isSized = (i: number): boolean =>
      extentNames((params[ins[i] as number] as Param).type).length > 0;
    places = [...ins.keys()].filter(isSized);
    sized.set(method, places);
  }
  return places;
}

function whereIs(method: Method, { name }: Param): string {
  return `${method.qualifiedName}: '${name}'`;
}

/** The checking of one list of values. */
interface Check {
  readonly isPointer: (value: unknown) => boolean;
  readonly shared: SharedTargets;
  /** Structures, unions, arrays and pointers around the value at hand. */
  depth: number;
}

function newCheck(isPointer: (value: unknown) => boolean): Check {
  return { isPointer, shared: new SharedTargets(), depth: 0 };
}

function checkValue(type: Type, value: unknown, where: string, check: Check): unknown {
  switch (type.kind) {
    case "int":
      return checkInt(type, value, where);
    case "hyper":
      return checkHyper(type, value, where);
    case "float":
      return checkFloat(type, value, where);
    case "bool":
      return checkBool(type, value, where);
    case "guid":
      if (!isGuid(value)) throw mismatch(type, "a GUID string", value, where);
      return guid(value);
    case "enum":
      return checkEnum(type, value, where);
    case "string":
      return checkString(type, value, where);
    case "chars":
      return checkChars(type, value, where);
    case "bstr":
      return checkBstr(type, value, where);
    case "struct":
      return checkStruct(type, value, where, check);
    case "union":
      return checkUnion(type, value, where, check);
    case "array":
      return checkArray(type, value, where, check);
    case "pointer":
      return checkTarget(type, value, where, check);
    case "lazy":
      return checkValue(type.resolve(), value, where, check);
    case "variant":
    case "safearray":
    case "currency":
    case "decimal":
    case "date":
      return checkAutomation(type, value, where, checkerFor(check));
    case "interface":
      if (value !== null && !check.isPointer(value)) {
        throw mismatch(type, "an interface pointer or null", value, where);
      }
      return value;
  }
}

/**
 * Checks one value by itself, with every object taken for an interface pointer; throws like
 * {@link checkArgs}.
 */
export function checkAlone(type: Type, value: unknown, where: string): unknown {
  return checkValue(
    type,
    value,
    where,
    newCheck((pointer) => typeof pointer === "object"),
  );
}

function checkerFor(check: Check): Checker {
  const { isPointer } = check;
  // There are no [ptr] pointers within, and an array within is not the copy that one awaits.
  const within: Check = { ...check, shared: new SharedTargets() };
  return { isPointer, check: (type, value, where) => checkValue(type, value, where, within) };
}

function checkTarget(type: PointerType, value: unknown, where: string, check: Check): unknown {
  if (value === null && type.pointer !== "ref") return null;
  descend(check, where);
  const target = resolved(type.target);
  const checked =
    type.pointer === "ptr"
      ? check.shared.follow(target, value, () => checkValue(target, value, where, check))
      : checkValue(target, value, where, check);
  check.depth--;
  return checked;
}

/** Goes one level down; whoever does must come back up, unless it throws. */
function descend(check: Check, where: string): void {
  if (++check.depth <= MAX_NESTING) return;
  const path = `${where.slice(0, 120)}…`;
  throw new RangeError(
    `${path} is nested deeper than ${MAX_NESTING} levels, or in a circle that only [ptr] can express`,
  );
}

function checkStruct(
  type: StructType,
  value: unknown,
  where: string,
  check: Check,
): Record<string, unknown> {
  if (typeof value !== "object" || value === null) {
    throw mismatch(type, "an object", value, where);
  }
  const checked: Record<string, unknown> = {};
  check.shared.made(checked);
  descend(check, where);
  for (const [name, member] of Object.entries(type.fields)) {
    const field = (value as Record<string, unknown>)[name];
    checked[name] = checkValue(member, field, `${where}.${name}`, check);
  }
  check.depth--;
  checkMemberExtents(type, checked, where);
  return checked;
}

function checkUnion(type: UnionType, value: unknown, where: string, check: Check): unknown {
  if (typeof value !== "object" || value === null || !("tag" in value)) {
    throw mismatch(type, "an object with tag and value", value, where);
  }
  const { tag, value: inner } = value as { tag: unknown; value?: unknown };
  const checked = {
    tag: checkValue(type.discriminant, tag, `${where}.tag`, check),
    value: undefined as unknown,
  };
  check.shared.made(checked);
  const arm = armOf(type, tag);
  if (arm === undefined)
    throw new RangeError(`${where}.tag: ${type.name} has no arm ${String(tag)}`);
  if (arm.type === null) {
    if (inner !== undefined && inner !== null) {
      throw new TypeError(`${where}.value must be left out: arm ${String(tag)} is empty`);
    }
    return checked;
  }
  descend(check, where);
  checked.value = checkValue(arm.type, inner, `${where}.value`, check);
  check.depth--;
  return checked;
}

function checkArray(type: ArrayType, value: unknown, where: string, check: Check): unknown {
  const kind = typedArrayOf(type.element);
  const { length } = type.bound;
  if (kind !== null) {
    if (!(value instanceof kind)) throw mismatch(type, `a ${kind.name}`, value, where);
    checkLength(length, value.length, where);
    return value;
  }
  if (!Array.isArray(value)) throw mismatch(type, "an array", value, where);
  checkLength(length, value.length, where);
  const checked: unknown[] = [];
  check.shared.made(checked);
  descend(check, where);
  for (const [i, element] of value.entries()) {
    checked.push(checkValue(type.element, element, `${where}[${i}]`, check));
  }
  check.depth--;
  if (type.element.kind === "array") checkRows(checked as ArrayLike<unknown>[], where);
  return checked;
}

/** All rows are as long as the first one: NDR has one count for them. */
function checkRows(rows: readonly ArrayLike<unknown>[], where: string): void {
  const length = rows[0]?.length;
  const odd = rows.findIndex((row) => row.length !== length);
  if (odd < 0) return;
  throw new RangeError(
    `${where}[${odd}] must have ${length} elements like the first row, got ${rows[odd]?.length}`,
  );
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
