import {
  checkArgs,
  currency,
  GUID_NULL,
  IDispatch,
  type Method,
  MISSING,
  OleDate,
  safeArray,
  Variant,
  type VariantInput,
  VT_ARRAY,
  VT_BSTR,
  VT_BYREF,
  VT_DISPATCH,
  VT_ERROR,
  VT_I1,
  VT_I2,
  VT_I4,
  VT_I8,
  VT_R4,
  VT_R8,
  VT_UI1,
  VT_UI2,
  VT_UI4,
  VT_UI8,
  VT_UNKNOWN,
  VT_VARIANT,
  variant,
} from "@callfactory/core";
import { describe, expect, test } from "vitest";
import { golden } from "../../hex.ts";
import { call, CID } from "../call-bytes.ts";
import { bindPdu, requestPdu } from "../pdu.ts";
import { runTshark } from "../run-tool.ts";

const invoke = IDispatch.members.get("Invoke") as Method;
const DISPATCH_METHOD = 1;

/** What tshark finds in IDispatch::Invoke with `rgvarg`; the first two tell that it is malformed or too long. */
function dissected(rgvarg: readonly VariantInput[], fields: readonly string[]): string[] {
  const params = { rgvarg, rgdispidNamedArgs: null, cArgs: rgvarg.length, cNamedArgs: 0 };
  const given = [5, GUID_NULL, 0x409, DISPATCH_METHOD, params, 0, new Uint32Array(0), []];
  const args = checkArgs(invoke, given, (value) => value instanceof Uint8Array);
  const stub = call(invoke, args);
  const messages = [bindPdu(IDispatch.iid), requestPdu({ opnum: invoke.slot, object: CID, stub })];
  const lines = runTshark(messages, ["_ws.malformed", "dcerpc.long_frame", ...fields]);
  return (lines.at(1) ?? "").split("\t");
}

/** Stands last, so that what comes before it must have been read to its end. */
const LAST = 5;

describe("tshark finds an argument of IDispatch::Invoke, and the one behind it:", () => {
  test.each<[string, VariantInput, string, string, string]>([
    ["VT_I1", variant(VT_I1, -5), "dcom.vt.i1", "0x0010", "-5"],
    ["VT_UI1", variant(VT_UI1, 200), "dcom.vt.ui1", "0x0011", "200"],
    ["VT_I2", variant(VT_I2, -300), "dcom.vt.i2", "0x0002", "-300"],
    ["VT_UI2", variant(VT_UI2, 60_000), "dcom.vt.ui2", "0x0012", "60000"],
    ["VT_UI4", variant(VT_UI4, 4_000_000_000), "dcom.vt.ui4", "0x0013", "4000000000"],
    ["VT_I8", -5n, "dcom.vt.i8", "0x0014", "-5"],
    ["VT_UI8", variant(VT_UI8, 1n << 63n), "dcom.vt.ui8", "0x0015", "9223372036854775808"],
    ["VT_R4", variant(VT_R4, 1.5), "dcom.vt.r4", "0x0004", "1.5"],
    ["VT_R8", 2.5, "dcom.vt.r8", "0x0005", "2.5"],
    ["VT_BOOL", true, "dcom.vt.bool", "0x000b", "0xffff"],
    ["VT_CY", currency("1.25"), "dcom.vt.cy", "0x0006", "12500"],
    ["VT_DATE", new OleDate(45_351.5), "dcom.vt.date", "0x0007", "45351.5"],
    ["VT_BSTR", "abc", "dcom.vt.bstr", "0x0008", ",abc"],
    ["VT_EMPTY", undefined, "dcom.vt.i1", "0x0000", ""],
    ["VT_UNKNOWN, NULL", variant(VT_UNKNOWN, null), "dcom.vt.i1", "0x000d", ""],
    ["VT_BSTR by reference", variant(VT_BYREF | VT_BSTR, "ref"), "dcom.vt.bstr", "0x4008", ",ref"],
    ["VT_R8 by reference", variant(VT_BYREF | VT_R8, 2.5), "dcom.vt.r8", "0x4005", "2.5"],
    [
      "an array of strings",
      variant(VT_ARRAY | VT_BSTR, ["x", "yz"]),
      "dcom.vt.bstr",
      "0x2008",
      ",x,,yz",
    ],
    ["an array of doubles, by its size", Float64Array.of(1, 2), "dcom.vt.r8", "0x2005", ""],
    [
      "an array of bytes by reference, by its size",
      variant(VT_BYREF | VT_ARRAY | VT_UI1, Uint8Array.of(1, 2)),
      "dcom.vt.ui1",
      "0x6011",
      "",
    ],
  ])("%s", (_what, value, field, vt, shown) => {
    const found = dissected([value, LAST], ["dcom.variant_type", field, "dcom.vt.i4"]);

    expect(found).toEqual(["", "", `${vt},0x0003`, shown, String(LAST)]);
  });
});

test("tshark finds a left out argument as VT_ERROR, and the name of the error", () => {
  const found = dissected([MISSING, LAST], ["dcom.variant_type", "dcom.hresult", "dcom.vt.i4"]);

  expect(found.slice(0, 3)).toEqual(["", "", `0x000${VT_ERROR.toString(16)},0x0003`]);
  expect(found.at(-1)).toBe(String(LAST));
});

test("tshark finds what a VARIANT by reference refers to, and both sizes", () => {
  const outer = variant(VT_BYREF | VT_VARIANT, variant(VT_I4, 11));

  const found = dissected([outer, LAST], ["dcom.variant_type", "dcom.variant_size", "dcom.vt.i4"]);

  expect(found).toEqual(["", "", "0x400c,0x0003,0x0003", "7,3,3", "11,5"]);
});

test("tshark finds the header, the bounds and the elements of a SAFEARRAY", () => {
  const array = safeArray(VT_I4, Int32Array.of(1, 2, 3), {
    bounds: [{ lowerBound: 7, elements: 3 }],
  });

  const found = dissected(
    [array, LAST],
    [
      "dcom.variant_type",
      "dcom.variant_size",
      "dcom.sa.dims16",
      "dcom.sa.features",
      "dcom.sa.element_size",
      "dcom.sa.vartype",
      "dcom.sa.elements",
      "dcom.sa.bound_elements",
      "dcom.sa.low_bound",
      "dcom.vt.i4",
    ],
  );

  expect(found).toEqual([
    "",
    "",
    "0x2003,0x0003",
    "10,3",
    "1",
    "0x0080",
    "4",
    "3,3",
    "3",
    "3",
    "7",
    "1,2,3,5",
  ]);
});

test.each<[string, VariantInput, vt: string, field: string, shown: string]>([
  ["hypers", variant(VT_ARRAY | VT_I8, BigInt64Array.of(2n, -3n)), "20", "dcom.vt.i8", "2,-3"],
  [
    "errors, which travel as longs",
    variant(VT_ARRAY | VT_ERROR, Uint32Array.of(0x80004005, 7)),
    "10",
    "dcom.vt.i4",
    `${0x80004005 | 0},7,5`,
  ],
])("tshark finds the elements of a SAFEARRAY of %s", (_what, value, vt, field, shown) => {
  const found = dissected([value, LAST], ["dcom.sa.vartype", field]);

  // The array's VARTYPE, and the arm of its union.
  expect(found).toEqual(["", "", `${vt},${vt === "10" ? "3" : vt}`, shown]);
});

test("tshark finds the OBJREF of a dispatch interface in a VARIANT", () => {
  const pointer = new Variant(VT_DISPATCH, golden("objref-standard") as never);

  const found = dissected([pointer, LAST], ["dcom.variant_type", "dcom.oxid", "dcom.vt.i4"]);

  expect(found).toEqual(["", "", "0x0009,0x0003", "0x0102030405060708", "5"]);
});

test("tshark calls the same request malformed when an argument lacks its end", () => {
  const given = [
    5,
    GUID_NULL,
    0,
    1,
    { rgvarg: ["a"], rgdispidNamedArgs: null, cArgs: 1, cNamedArgs: 0 },
  ];
  const args = checkArgs(invoke, [...given, 0, new Uint32Array(0), []], () => false);
  const stub = call(invoke, args).subarray(0, -24);
  const messages = [bindPdu(IDispatch.iid), requestPdu({ opnum: invoke.slot, object: CID, stub })];

  expect(runTshark(messages, ["_ws.malformed"]).at(1)).not.toBe("");
});
