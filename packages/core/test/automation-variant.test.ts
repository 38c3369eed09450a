import { describe, expect, expectTypeOf, test } from "vitest";
import {
  checkArgs,
  currency,
  decimal,
  type Given,
  IDispatch,
  IUnknown,
  MAX_VARIANT_DEPTH,
  MISSING,
  OleDate,
  param,
  type PointerType,
  SafeArray,
  safeArray,
  type Value,
  VARIANT,
  Variant,
  type VariantInput,
  VT_ARRAY,
  VT_BOOL,
  VT_BSTR,
  VT_BYREF,
  VT_CY,
  VT_DATE,
  VT_DECIMAL,
  VT_DISPATCH,
  VT_EMPTY,
  VT_ERROR,
  VT_I2,
  VT_I4,
  VT_I8,
  VT_NULL,
  VT_R8,
  VT_RECORD,
  VT_UI1,
  VT_UI8,
  VT_UNKNOWN,
  VT_VARIANT,
  variant,
  vtName,
} from "../src/index.ts";
import { placed } from "./placed.ts";

const take = placed("Take", [param.in("value", VARIANT)]);
const pointer = { interface: IUnknown };
const dispatch = { interface: IDispatch };

function checked(value: unknown): Variant {
  return checkArgs(take, [value], (v) => v === pointer || v === dispatch)[0] as Variant;
}

describe("what is passed for a VARIANT gets its VARTYPE:", () => {
  test.each<[string, unknown, number]>([
    ["undefined", undefined, VT_EMPTY],
    ["null", null, VT_NULL],
    ["a boolean", true, VT_BOOL],
    ["a string", "text", VT_BSTR],
    ["an integer of 32 bits", -0x80000000, VT_I4],
    ["a greater integer", 0x80000000, VT_R8],
    ["a fraction", 1.5, VT_R8],
    ["negative zero", -0, VT_R8],
    ["not a number", Number.NaN, VT_R8],
    ["a bigint", -1n, VT_I8],
    ["a greater bigint", 1n << 63n, VT_UI8],
    ["a Currency", currency("1.5"), VT_CY],
    ["a Decimal", decimal("1.50"), VT_DECIMAL],
    ["an OleDate", new OleDate(1), VT_DATE],
    ["bytes", Uint8Array.of(1), VT_ARRAY | VT_UI1],
    ["a SafeArray", safeArray(VT_I2, Int16Array.of(1)), VT_ARRAY | VT_I2],
    ["an interface pointer", pointer, VT_UNKNOWN],
    ["one whose interface is a dispatch interface", dispatch, VT_DISPATCH],
  ])("%s", (_what, value, vt) => {
    expect(checked(value)).toEqual(new Variant(vt, value as never));
  });

  test("an array becomes one of VARIANTs", () => {
    expect(checked([1, "a"])).toEqual(
      new Variant(VT_ARRAY | VT_VARIANT, [new Variant(VT_I4, 1), new Variant(VT_BSTR, "a")]),
    );
  });

  test("a Variant stays the same one", () => {
    expect(checked(MISSING)).toBe(MISSING);
  });
});

describe("no VARIANT holds", () => {
  const circle: unknown[] = [];
  circle.push(circle);

  test.each<[string, unknown, string]>([
    ["a Date, which has a time zone", new Date(), "ITest::Take: 'value': a DATE has no time zone"],
    ["an object", { a: 1 }, "ITest::Take: 'value': no VARIANT holds a Object"],
    ["a function", () => 1, "ITest::Take: 'value': no VARIANT holds a function"],
    ["a symbol", Symbol("s"), "ITest::Take: 'value': no VARIANT holds a symbol"],
    ["a Map in an array", [1, new Map()], "ITest::Take: 'value'[1]: no VARIANT holds a Map"],
    ["an array of itself", circle, `nested deeper than ${MAX_VARIANT_DEPTH} levels`],
    ["a bigint of 65 bits", 1n << 64n, "ITest::Take: 'value' does not fit 64 bits"],
  ])("%s", (_what, value, message) => {
    expect(() => checked(value)).toThrow(message);
  });

  test("what pretends to be an interface pointer", () => {
    const fake = new Variant(VT_UNKNOWN, { interface: IUnknown } as never);

    expect(() => checked(fake)).toThrow("must be a IUnknown* (an interface pointer or null)");
  });
});

describe("variant() makes exactly the VARTYPE that it is told:", () => {
  test.each<[number, unknown]>([
    [VT_I2, -5],
    [VT_ERROR, 0x80020004],
    [VT_BSTR, null],
    [VT_BYREF | VT_R8, 2.5],
    [VT_ARRAY | VT_BSTR, ["a", null]],
    [VT_ARRAY | VT_I4, null],
    [VT_BYREF | VT_ARRAY | VT_UI1, Uint8Array.of(1, 2)],
    [VT_UNKNOWN, null],
  ])("%i", (vt, value) => {
    expect(variant(vt, value)).toEqual(new Variant(vt, value));
  });

  test("a reference to a VARIANT gives what it refers to its VARTYPE", () => {
    expect(variant(VT_BYREF | VT_VARIANT, "a").value).toEqual(new Variant(VT_BSTR, "a"));
  });

  test.each<[number, unknown]>([
    [VT_I2, 0x8000],
    [VT_I4, "5"],
    [VT_UI1, -1],
    [VT_EMPTY, null],
    [VT_NULL, undefined],
    [VT_BSTR, undefined],
    [VT_DATE, 1.5],
    [VT_CY, 1n],
    [VT_RECORD, {}],
    [VT_VARIANT, 1],
    [VT_BYREF | VT_EMPTY, undefined],
    [VT_BYREF | VT_NULL, null],
    [VT_ARRAY | VT_I4, [1, 2]],
    [VT_ARRAY | VT_RECORD, []],
    [0x1000 | VT_I4, 1],
    [VT_BYREF | VT_VARIANT, new Variant(VT_BYREF | VT_VARIANT, new Variant(VT_I4, 1))],
  ])("and refuses what that cannot hold: %i, %s", (vt, value) => {
    expect(() => variant(vt, value)).toThrow(/^variant\(.*VT_|^variant\(/);
  });

  test("a Variant tells its VARTYPE", () => {
    const value: Variant = variant(VT_I4, 5);

    expect(value.is(VT_I2)).toBe(false);
    expect(value.is(VT_I4) ? value.value + 1 : 0).toBe(6);
    expect(String(value)).toBe("VT_I4(5)");
    expect(vtName(VT_BYREF | VT_ARRAY | 0x123)).toBe("VT_BYREF | VT_ARRAY | 0x0123");
  });

  test("an array that a VARIANT misnames keeps its own VARTYPE", () => {
    const array = safeArray(VT_R8, Float64Array.of(1));

    expect(variant(VT_ARRAY | VT_I4, array).value).toEqual(new SafeArray(array));
  });
});

test("only a VARIANT itself, or a [ref] pointer to one, takes plain values", () => {
  expectTypeOf<Given<typeof VARIANT>>().toEqualTypeOf<VariantInput>();
  expectTypeOf<Given<PointerType<typeof VARIANT, "ref">>>().toEqualTypeOf<VariantInput>();
  expectTypeOf<Given<PointerType<typeof VARIANT, "unique">>>().toEqualTypeOf<Variant | null>();
  expectTypeOf<Value<typeof VARIANT>>().toEqualTypeOf<Variant>();
});
