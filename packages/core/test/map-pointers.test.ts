import { expect, test } from "vitest";
import {
  arm,
  array,
  IUnknown,
  lazy,
  LONG,
  mapArgs,
  mapOuts,
  param,
  pointerTo,
  ptr,
  ref,
  struct,
  type Type,
  union,
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

test.each([
  ["in an arm", { tag: 1, value: "p" }, { tag: 1, value: "[p]" }],
  ["not in another arm", { tag: 2, value: 7 }, { tag: 2, value: 7 }],
  ["nor in an empty one", { tag: 3 }, { tag: 3 }],
])("a pointer in a union is mapped: %s", (_where, value, expected) => {
  const type = union("U", LONG, [arm(1, POINTER), arm(2, LONG), arm(3)]);

  expect(mapIn(type, value)).toEqual(expected);
});

test("what [ptr] pointers share is mapped once", () => {
  interface Node {
    held: unknown;
    next: Node | null;
  }
  const RING = struct("RING", { held: POINTER, next: ptr(lazy<Node>((): Type => RING)) });
  const node: Node = { held: "p", next: null };
  node.next = node;
  const mapped: unknown[] = [];
  const of = placed("Take", [param.in("a", ptr(RING)), param.in("b", ptr(RING))]);

  const [a, b] = mapArgs(of, [node, node], (pointer) => mapped.push(pointer)) as [Node, Node];

  expect(mapped).toEqual(["p"]);
  expect(a).toBe(b);
  expect(a.next).toBe(a);
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
