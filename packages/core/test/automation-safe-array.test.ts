import { describe, expect, test } from "vitest";
import {
  array,
  BSTR,
  checkArgs,
  DATE,
  enumeration,
  FADF_FIXEDSIZE,
  FADF_HAVEIID,
  FADF_HAVEVARTYPE,
  FADF_UNKNOWN,
  GUID,
  HRESULT,
  IDispatch,
  IUnknown,
  LONG,
  LPWSTR,
  param,
  pointerTo,
  SAFEARRAY,
  SafeArray,
  safeArray,
  SHORT,
  type Type,
  typeName,
  VARIANT,
  Variant,
  VT_BSTR,
  VT_DECIMAL,
  VT_DISPATCH,
  VT_ERROR,
  VT_I2,
  VT_I4,
  VT_RECORD,
  VT_UNKNOWN,
  VT_VARIANT,
  vtOfType,
} from "../src/index.ts";
import { placed } from "./placed.ts";

function checked(type: Type, value: unknown): unknown {
  return checkArgs(placed("Take", [param.in("value", type)]), [value], () => false)[0];
}

describe("a SAFEARRAY", () => {
  const bounds = [
    { lowerBound: 5, elements: 2 },
    { lowerBound: -1, elements: 3 },
  ];
  const matrix = safeArray(VT_I2, Int16Array.of(1, 2, 3, 4, 5, 6), { bounds });

  test("finds elements by their indices, the leftmost varying fastest", () => {
    expect([matrix.at(5, -1), matrix.at(6, -1), matrix.at(5, 0), matrix.at(6, 1)]).toEqual([
      1, 2, 3, 6,
    ]);
  });

  test.each([[[7, 0]], [[4, 0]], [[5, 2]], [[5]], [[5, 0, 0]], [[5.5, 0]]])(
    "has no element at %j",
    (indices) => {
      expect(() => matrix.at(...indices)).toThrow(RangeError);
    },
  );

  test("has the features that SafeArrayCreate gives it", () => {
    const { features, iid } = safeArray(VT_UNKNOWN, [null], { features: FADF_FIXEDSIZE });

    expect(features).toBe(FADF_UNKNOWN | FADF_HAVEIID | FADF_FIXEDSIZE);
    expect(iid).toBe(IUnknown.iid);
    expect(safeArray(VT_DISPATCH, []).iid).toBe(IDispatch.iid);
    expect(matrix.features).toBe(FADF_HAVEVARTYPE);
  });

  test("gives VARIANTs in it their VARTYPE", () => {
    expect(safeArray(VT_VARIANT, [1]).values).toEqual([new Variant(VT_I4, 1)]);
  });

  test.each([
    ["too few values", { bounds: [{ lowerBound: 0, elements: 2 }] }],
    ["no dimension", { bounds: [] }],
    ["half an element", { bounds: [{ lowerBound: 0, elements: 0.5 }] }],
    ["a lower bound of 33 bits", { bounds: [{ lowerBound: 2 ** 31, elements: 1 }] }],
    ["FADF_HAVEIID for numbers", { features: FADF_HAVEIID }],
    ["features of 17 bits", { features: 0x10000 }],
  ])("is not made with %s", (_what, options) => {
    expect(() => safeArray(VT_I4, Int32Array.of(1), options)).toThrow(RangeError);
  });

  test.each([
    [VT_I4, [1]],
    [VT_BSTR, [undefined]],
    [VT_RECORD, []],
    [0, []],
  ])("is not made of what is not of its VARTYPE: %i %j", (vt, values) => {
    expect(() => safeArray(vt, values)).toThrow(TypeError);
  });
});

describe("SAFEARRAY(T)", () => {
  test("takes arrays, SafeArrays of its VARTYPE, and null", () => {
    const strings = safeArray(VT_BSTR, ["a"], { bounds: [{ lowerBound: 1, elements: 1 }] });

    expect(checked(SAFEARRAY(SHORT), Int16Array.of(1))).toEqual(Int16Array.of(1));
    expect(checked(SAFEARRAY(VARIANT), ["a"])).toEqual([new Variant(VT_BSTR, "a")]);
    expect(checked(SAFEARRAY(BSTR), strings)).toEqual(new SafeArray(strings));
    expect(checked(SAFEARRAY(BSTR), null)).toBeNull();
  });

  test.each<[Type, unknown, string]>([
    [SAFEARRAY(SHORT), [1], "must be a SHORT[] (a Int16Array)"],
    [SAFEARRAY(BSTR), ["a", 1], "'value'[1] must be a BSTR"],
    [SAFEARRAY(LONG), safeArray(VT_ERROR, Uint32Array.of(1)), "must have elements of VT_I4"],
    [SAFEARRAY(DATE), [1], "'value'[0] must be a DATE (a OleDate)"],
    [SAFEARRAY(BSTR), undefined, "must be a BSTR[] (an array), got undefined"],
  ])("refuses all else", (type, value, message) => {
    expect(() => checked(type, value)).toThrow(message);
  });

  test("is named as in IDL", () => {
    expect(typeName(SAFEARRAY(pointerTo(IUnknown)))).toBe("SAFEARRAY(IUnknown*)");
  });

  test.each([LPWSTR, GUID, array(LONG, { length: 2 }), enumeration("E", { A: 0 })])(
    "has no elements without a VARTYPE: $kind",
    (type) => {
      expect(() => SAFEARRAY(type)).toThrow(TypeError);
    },
  );

  test("tells VARTYPEs of types apart by more than their size", () => {
    expect([LONG, HRESULT, pointerTo(IDispatch), VARIANT].map(vtOfType)).toEqual([
      VT_I4,
      VT_ERROR,
      VT_DISPATCH,
      VT_VARIANT,
    ]);
    expect(vtOfType(pointerTo(IUnknown))).toBe(VT_UNKNOWN);
    expect(() => safeArray(VT_DECIMAL, [])).not.toThrow();
  });
});
