import { expect, test } from "vitest";
import {
  array,
  IUnknown,
  LONG,
  mapArgs,
  mapOuts,
  param,
  pointerTo,
  ref,
  struct,
  type Type,
} from "../src/index.ts";
import { placed } from "./placed.ts";

const POINTER = pointerTo(IUnknown);

/** Shows the pointer with brackets around it. */
const bracket = (pointer: NonNullable<unknown>): string => `[${String(pointer)}]`;

function mapIn(type: Type, value: unknown): unknown {
  return mapArgs(placed("Take", [param.in("value", type)]), [value], bracket)[0];
}

test.each([
  ["itself", POINTER, "p", "[p]"],
  ["behind a pointer", ref(POINTER), "p", "[p]"],
  ["in an array", array(POINTER, { length: 3 }), ["p", null, "q"], ["[p]", null, "[q]"]],
  [
    "in a structure",
    struct("S", { n: LONG, held: POINTER }),
    { n: 1, held: "p" },
    { n: 1, held: "[p]" },
  ],
])("a pointer is mapped: %s", (_where, type: Type, value, expected) => {
  expect(mapIn(type, value)).toEqual(expected);
});

test("NULL stays NULL", () => {
  expect(mapIn(POINTER, null)).toBeNull();
});

test("values without pointers are not copied", () => {
  const args = [1];

  expect(mapArgs(placed("Take", [param.in("value", LONG)]), args, bracket)).toBe(args);
});

test("[in] and [in,out] values are found by their place among the arguments", () => {
  const of = placed("Mix", [
    param.out("a", POINTER),
    param.in("b", LONG),
    param.inout("c", POINTER),
  ]);

  expect(mapArgs(of, [1, "p"], bracket)).toEqual([1, "[p]"]);
});

test("[out] and [in,out] values are found by their place among the outs", () => {
  const of = placed("Mix", [
    param.in("a", POINTER),
    param.out("b", LONG),
    param.inout("c", POINTER),
  ]);

  expect(mapOuts(of, [1, "p"], bracket)).toEqual([1, "[p]"]);
});
