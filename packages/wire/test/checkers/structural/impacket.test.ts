import {
  arm,
  array,
  CHAR,
  lazy,
  LONG,
  LPWSTR,
  method,
  param,
  ref,
  SHORT,
  stringOf,
  struct,
  switchIs,
  type Type,
  ULONG,
  union,
  unique,
  USHORT,
  WCHAR,
} from "@callfactory/core";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { argsOf, placed, request } from "../../calls.ts";
import { bytesOf, hexOf } from "../../hex.ts";
import { runTool } from "../run-tool.ts";

function run(what: "parse" | "build", input?: string): string {
  const script = fileURLToPath(new URL("impacket_structural.py", import.meta.url));
  return runTool("/usr/bin/python3", [script, what], input);
}

interface Node {
  value: number;
  next: Node | null;
}
const LIST = struct("LIST", { value: LONG, next: unique(lazy<Node>((): Type => LIST)) });
const SIZED = struct("SIZED", { n: ULONG, p: unique(array(LONG, { sizeIs: "n" })) });
const TAIL = struct("TAIL", { n: USHORT, a: array(LONG, { sizeIs: "n" }) });
const CHOICE = union("CHOICE", ULONG, [arm(1, SHORT), arm(3, LPWSTR), arm(5, unique(SIZED))]);
const LEVEL = struct("LEVEL", { level: ULONG, choice: switchIs(CHOICE, "level") });

// In the order of Call in impacket_structural.py.
const FIELDS: Readonly<Record<string, Type>> = {
  wide: ref(stringOf(WCHAR)),
  narrow: ref(stringOf(CHAR)),
  maybe: unique(stringOf(CHAR)),
  first: ULONG,
  part: array(USHORT, { length: 4, firstIs: "first", lastIs: "last" }),
  short: CHOICE,
  text: LEVEL,
  deep: LEVEL,
  tail: TAIL,
  list: unique(LIST),
  last: LONG,
  whole: array(LONG, { maxIs: "last" }),
};
const of = placed(
  method(
    "Call",
    Object.entries(FIELDS).map(([name, type]) => param.in(name, type)),
  ),
);
const VALUES: readonly unknown[] = [
  "abc",
  "de",
  "f",
  1,
  Uint16Array.of(0, 7, 8, 0),
  { tag: 1, value: -2 },
  { level: 3, choice: { tag: 3, value: "g" } },
  { level: 5, choice: { tag: 5, value: { n: 2, p: Int32Array.of(4, -5) } } },
  { n: 3, a: Int32Array.of(1, 2, 3) },
  { value: 1, next: { value: 2, next: { value: 3, next: null } } },
  2,
  Int32Array.of(7, 8, 9),
];

test("impacket reads our strings, unions, lists, varying arrays and sized arrays", () => {
  const fields: unknown = JSON.parse(run("parse", hexOf(request(of, VALUES))));

  expect(fields).toEqual({
    wide: "abc\0",
    narrow: "de\0",
    maybe: "f\0",
    part: [1, [7, 8]],
    short: [1, -2],
    text: [3, "g\0"],
    deep: [5, 2, [4, -5]],
    tail: [3, [1, 2, 3]],
    list: [1, 2, 3],
    last: 2,
    whole: [7, 8, 9],
  });
});

test("impacket writes them so that we read them", () => {
  expect(argsOf(of, bytesOf(run("build")))).toEqual(VALUES);
});
