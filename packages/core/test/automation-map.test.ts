import { describe, expect, test } from "vitest";
import {
  IUnknown,
  LONG,
  mapArgs,
  param,
  pointerTo,
  SAFEARRAY,
  SafeArray,
  struct,
  type Type,
  VARIANT,
  Variant,
  VT_ARRAY,
  VT_BYREF,
  VT_DISPATCH,
  VT_I4,
  VT_UNKNOWN,
  VT_VARIANT,
} from "../src/index.ts";
import { placed } from "./placed.ts";

const bracket = (pointer: NonNullable<unknown>): string => `[${String(pointer)}]`;

function mapIn(type: Type, value: unknown): unknown {
  return mapArgs(placed("Take", [param.in("value", type)]), [value], bracket)[0];
}

/** A SafeArray of two columns, which is what it takes not to be an array. */
function columns(vt: number, values: unknown[], iid = IUnknown.iid): SafeArray {
  const bounds = [
    { lowerBound: 0, elements: values.length },
    { lowerBound: 0, elements: 1 },
  ];
  return new SafeArray({ vt, bounds, values, features: 0x240, iid });
}

const p = "p" as never;
const inner = (text: string) => new Variant(VT_DISPATCH, text as never);

describe("an interface pointer is mapped", () => {
  test.each<[string, Variant, Variant]>([
    ["in a VARIANT", new Variant(VT_UNKNOWN, p), new Variant(VT_UNKNOWN, "[p]" as never)],
    [
      "by reference",
      new Variant(VT_BYREF | VT_DISPATCH, p),
      new Variant(VT_BYREF | VT_DISPATCH, "[p]"),
    ],
    [
      "in a VARIANT by reference",
      new Variant(VT_BYREF | VT_VARIANT, inner("p")),
      new Variant(VT_BYREF | VT_VARIANT, inner("[p]")),
    ],
    [
      "in an array of VARIANTs",
      new Variant(VT_ARRAY | VT_VARIANT, [new Variant(VT_I4, 1), inner("p")]),
      new Variant(VT_ARRAY | VT_VARIANT, [new Variant(VT_I4, 1), inner("[p]")]),
    ],
    [
      "in an array that the VARIANT takes for numbers",
      new Variant(VT_ARRAY | VT_I4, columns(VT_UNKNOWN, ["p", null])),
      new Variant(VT_ARRAY | VT_I4, columns(VT_UNKNOWN, ["[p]", null])),
    ],
  ])("%s", (_where, value, expected) => {
    expect(mapIn(VARIANT, value)).toEqual(expected);
  });

  test("in a SAFEARRAY", () => {
    const type = SAFEARRAY(pointerTo(IUnknown));

    expect(mapIn(type, ["p", null])).toEqual(["[p]", null]);
    expect(mapIn(type, columns(VT_UNKNOWN, ["p"]))).toEqual(columns(VT_UNKNOWN, ["[p]"]));
    expect(mapIn(type, null)).toBeNull();
  });

  test("in a structure with a VARIANT", () => {
    const type = struct("S", { n: LONG, held: VARIANT });

    expect(mapIn(type, { n: 1, held: inner("p") })).toEqual({ n: 1, held: inner("[p]") });
  });
});

describe("without a pointer in it", () => {
  test.each([
    new Variant(VT_I4, 1),
    new Variant(VT_UNKNOWN, null),
    new Variant(VT_ARRAY | VT_I4, Int32Array.of(1)),
  ])("a VARIANT stays the same one: %s", (value) => {
    expect(mapIn(VARIANT, value)).toBe(value);
  });

  test("methods with SAFEARRAYs of numbers have no interfaces", () => {
    expect(placed("Take", [param.in("value", SAFEARRAY(LONG))]).hasInterfaces).toBe(false);
    expect(placed("Take", [param.in("value", SAFEARRAY(VARIANT))]).hasInterfaces).toBe(true);
  });
});
