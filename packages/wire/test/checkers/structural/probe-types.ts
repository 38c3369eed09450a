import {
  arm,
  array,
  BYTE,
  CHAR,
  defaultArm,
  enumeration,
  lazy,
  LONG,
  LONGLONG,
  method,
  type Method,
  param,
  ptr,
  ref,
  SHORT,
  stringOf,
  struct,
  switchIs,
  type Type,
  ULONG,
  union,
  unique,
  WCHAR,
} from "@callfactory/core";
import { placed } from "../../calls.ts";

// The types of probe.idl.

interface Node {
  value: number;
  next: Node | null;
}

const NODE = struct("NODE", { value: LONG, next: ptr(lazy<Node>((): Type => NODE)) });
const LIST = struct("LIST", { value: LONG, next: unique(lazy<Node>((): Type => LIST)) });
export const FLAT = struct("FLAT", { x: LONG });
const PAIR = { a: ptr(FLAT), b: ptr(FLAT) };
const SHARED = { x: 1 };
const SIZED = struct("SIZED", { n: ULONG, p: unique(array(LONG, { sizeIs: "n" })) });
const TAIL = struct("TAIL", { n: SHORT, a: array(LONG, { sizeIs: "n" }) });
const TEXT = unique(stringOf(WCHAR));
const NAMED = struct("NAMED", { id: SHORT, wide: TEXT, narrow: unique(stringOf(CHAR)) });
const PART = { n: LONG, a: array(SHORT, { length: 5, lengthIs: "n" }) };
const ENC = union("ENC", LONG, [
  arm(1, SHORT),
  arm(2, LONGLONG),
  arm(3, TEXT),
  arm(4),
  defaultArm(BYTE),
]);
const INFO = union("INFO", ULONG, [arm(0, LONG), arm(1, TEXT)]);
const LEVEL = struct("LEVEL", { level: ULONG, info: switchIs(INFO, "level") });
const COLOR = enumeration("COLOR", { RED: 0, BLUE: 258 });
const COLOR_V1 = enumeration("COLOR_V1", { RED: 0, BLUE: 258 }, { v1: true });

/** What a method of probe.idl is called with. */
export interface ProbeCall {
  readonly title: string;
  readonly slot: number;
  readonly method: Method;
  readonly args: readonly unknown[];
}

export function probeCall(
  title: string,
  slot: number,
  types: Readonly<Record<string, Type>>,
  args: readonly unknown[],
): ProbeCall {
  const params = Object.entries(types).map(([name, type]) => param.in(name, type));
  return { title, slot, method: placed(method("Probe", params)), args };
}

const OPEN = { s: LONG, n: LONG, a: array(LONG, { sizeIs: "s", lengthIs: "n" }) };
const GRID = array(array(SHORT, { length: 2 }), { length: 2 });
const STRINGS = { r: ref(stringOf(WCHAR)), u: unique(stringOf(CHAR)), p: ptr(stringOf(WCHAR)) };
const NAMES = { n: ULONG, names: array(TEXT, { sizeIs: "n" }) };

export const PROBE_CALLS: readonly ProbeCall[] = [
  probeCall("[ptr]: a chain", 3, { node: ptr(NODE) }, [
    { value: 1, next: { value: 2, next: null } },
  ]),
  probeCall("[ptr]: NULL", 3, { node: ptr(NODE) }, [null]),
  probeCall("[unique]: a list", 4, { list: LIST }, [
    { value: 1, next: { value: 2, next: { value: 3, next: null } } },
  ]),
  probeCall("[ptr]: two objects that are equal", 5, PAIR, [{ x: 1 }, { x: 1 }]),
  probeCall("[ptr]: one object twice", 5, PAIR, [SHARED, SHARED]),
  probeCall("a pointer to a sized array", 6, { sized: SIZED }, [{ n: 2, p: Int32Array.of(7, 8) }]),
  probeCall("a sized array at NULL", 6, { sized: SIZED }, [{ n: 2, p: null }]),
  probeCall("a conformant structure", 7, { tail: TAIL }, [{ n: 3, a: Int32Array.of(7, 8, 9) }]),
  probeCall("strings in a structure", 8, { named: NAMED }, [{ id: 5, wide: "hé", narrow: "x" }]),
  probeCall("a varying array", 9, PART, [2, Int16Array.of(7, 8, 0, 0, 0)]),
  probeCall("a union's short", 10, { value: ENC }, [{ tag: 1, value: -7 }]),
  probeCall("a union's hyper", 10, { value: ENC }, [{ tag: 2, value: -7n }]),
  probeCall("a union's empty arm", 10, { value: ENC }, [{ tag: 4, value: undefined }]),
  probeCall("a union's default arm", 10, { value: ENC }, [{ tag: 99, value: 200 }]),
  probeCall("switch_is by a member", 11, { value: LEVEL }, [
    { level: 1, info: { tag: 1, value: "a" } },
  ]),
  probeCall("switch_is by a parameter", 12, { level: ULONG, info: switchIs(INFO, "level") }, [
    0,
    { tag: 0, value: 7 },
  ]),
  probeCall("[ref], [unique] and [ptr] strings", 13, STRINGS, ["abc", "x", "de"]),
  probeCall("[unique] and [ptr] strings at NULL", 13, STRINGS, ["", null, null]),
  probeCall("a string with size_is", 14, { n: ULONG, text: stringOf(WCHAR, { sizeIs: "n" }) }, [
    9,
    "ab",
  ]),
  probeCall("a conformant varying array", 15, OPEN, [5, 2, Int32Array.of(7, 8)]),
  probeCall("a fixed array of two dimensions", 16, { a: GRID }, [
    [Int16Array.of(1, 2), Int16Array.of(3, 4)],
  ]),
  probeCall("an array of strings", 17, NAMES, [3, ["a", null, "bcd"]]),
  probeCall("enumerations of both sizes", 18, { color: COLOR, wide: COLOR_V1 }, [258, 258]),
];
