import { fileURLToPath } from "node:url";
import {
  BSTR,
  CURRENCY,
  currency,
  DATE,
  DECIMAL,
  Decimal,
  decimal,
  HRESULT,
  IDispatch,
  LONG,
  type Method,
  method,
  OleDate,
  param,
  pointerTo,
  SAFEARRAY,
  safeArray,
  SHORT,
  type Type,
  VARIANT,
  Variant,
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
  VT_INT,
  VT_NULL,
  VT_R4,
  VT_R8,
  VT_UI1,
  VT_UI2,
  VT_UI4,
  VT_UI8,
  VT_UINT,
  VT_UNKNOWN,
  VT_VARIANT,
} from "@callfactory/core";
import { describe, expect, test } from "vitest";
import { argsOf, placed, request } from "../../calls.ts";
import { bytesOf, hexOf } from "../../hex.ts";
import { runTool } from "../run-tool.ts";

const SCRIPT = fileURLToPath(new URL("impacket_automation.py", import.meta.url));

/** A method with a parameter, and a LONG behind it that shows that nothing was left over. */
function takes(type: Type): Method {
  return placed(method("Take", [param.in("value", type), param.in("last", LONG)]));
}

function parsed(kind: string, messages: readonly Uint8Array[]): unknown[] {
  const hexes = messages.map(hexOf).join("\n");
  const lines = runTool("/usr/bin/python3", [SCRIPT, "parse", kind], hexes).trimEnd().split("\n");
  return lines.map((line) => {
    const { value, last } = JSON.parse(line);
    expect(last).toBe(7);
    return value;
  });
}

const by = { scale: 2, sign: 128, digits: "150" };

// Values, and what impacket finds: the VARTYPE, clSize and the value.
const VARIANTS: readonly [Variant, number, unknown?][] = [
  [new Variant(VT_EMPTY, undefined), 3],
  [new Variant(VT_NULL, null), 3],
  [new Variant(VT_UI1, 200), 3, 200],
  [new Variant(VT_I2, -300), 3, -300],
  [new Variant(VT_UI2, 60_000), 3, 60_000],
  [new Variant(VT_I4, -5), 3, -5],
  [new Variant(VT_UI4, 4_000_000_000), 3, 4_000_000_000],
  [new Variant(VT_INT, -7), 3, -7],
  [new Variant(VT_UINT, 8), 3, 8],
  [new Variant(VT_I8, -5n), 4, -5],
  [new Variant(VT_UI8, 2n ** 63n), 4, "9223372036854775808"],
  [new Variant(VT_R4, 1.5), 3, 1.5],
  [new Variant(VT_R8, 2.5), 4, 2.5],
  [new Variant(VT_BOOL, true), 3, 0xffff],
  [new Variant(VT_CY, currency("-12.5")), 4, "-125000"],
  [new Variant(VT_DATE, new OleDate(-1.25)), 4, -1.25],
  [new Variant(VT_BSTR, "abc"), 6, "abc"],
  [new Variant(VT_BSTR, ""), 5, ""],
  [new Variant(VT_BSTR, null), 5, null],
  [new Variant(VT_DECIMAL, decimal("-1.50")), 5, by],
  [new Variant(VT_UNKNOWN, Uint8Array.of(1, 2, 3) as never), 5, "010203"],
  [new Variant(VT_DISPATCH, null), 3, null],
  [new Variant(VT_BYREF | VT_I2, -2), 4, -2],
  [new Variant(VT_BYREF | VT_R8, 2.5), 4, 2.5],
  [new Variant(VT_BYREF | VT_BSTR, "ref"), 6, "ref"],
  [new Variant(VT_BYREF | VT_DECIMAL, decimal("-1.50")), 5, by],
  [
    new Variant(VT_BYREF | VT_VARIANT, new Variant(VT_R8, 1.5)),
    8,
    { vt: VT_R8, clSize: 4, value: 1.5 },
  ],
];

test("impacket reads our VARIANTs", () => {
  const of = takes(VARIANT);
  const messages = VARIANTS.map(([value]) => request(of, [value, 7]));

  expect(parsed("variant", messages)).toEqual(
    VARIANTS.map(([{ vt }, clSize, value]) => ({
      vt,
      clSize,
      ...(value === undefined ? {} : { value }),
    })),
  );
});

describe("impacket's NDR reads our SAFEARRAYs by the IDL of [MS-OAUT] 2.2.30:", () => {
  const matrix = safeArray(VT_I2, Int16Array.of(1, 2, 3, 4, 5, 6), {
    bounds: [
      { lowerBound: 5, elements: 2 },
      { lowerBound: -1, elements: 3 },
    ],
  });
  const usual = { cDims: 1, size: 2, bounds: [[2, 0]] };
  const cases: readonly [string, Type, unknown, Record<string, unknown>][] = [
    [
      "two dimensions",
      SAFEARRAY(SHORT),
      matrix,
      {
        cDims: 2,
        fFeatures: 0x80,
        cbElements: 2,
        vt: VT_I2,
        sfType: 2,
        size: 6,
        bounds: [
          [2, 5],
          [3, -1],
        ],
        elements: [1, 2, 3, 4, 5, 6],
      },
    ],
    [
      "longs",
      SAFEARRAY(LONG),
      Int32Array.of(1, -2),
      { ...usual, fFeatures: 0x80, cbElements: 4, vt: VT_I4, sfType: 3, elements: [1, -2] },
    ],
    [
      "errors, which travel as longs",
      SAFEARRAY(HRESULT),
      Uint32Array.of(0x80004005, 7),
      {
        ...usual,
        fFeatures: 0x80,
        cbElements: 4,
        vt: VT_ERROR,
        sfType: 3,
        elements: [0x80004005 | 0, 7],
      },
    ],
    [
      "strings",
      SAFEARRAY(BSTR),
      ["a", null],
      { ...usual, fFeatures: 0x180, cbElements: 4, vt: VT_BSTR, sfType: 8, elements: ["a", null] },
    ],
    [
      "VARIANTs",
      SAFEARRAY(VARIANT),
      [new Variant(VT_BSTR, "a"), new Variant(VT_R8, 2.5)],
      {
        ...usual,
        fFeatures: 0x880,
        cbElements: 16,
        vt: VT_VARIANT,
        sfType: 12,
        elements: [
          { vt: VT_BSTR, clSize: 5, value: "a" },
          { vt: VT_R8, clSize: 4, value: 2.5 },
        ],
      },
    ],
    [
      "interface pointers",
      SAFEARRAY(pointerTo(IDispatch)),
      [Uint8Array.of(1, 2, 3), null],
      {
        ...usual,
        fFeatures: 0x440,
        cbElements: 4,
        vt: 0,
        sfType: 0x800d,
        iid: IDispatch.iid,
        elements: ["010203", null],
      },
    ],
  ];

  test.each(cases)("%s", (_what, type, value, expected) => {
    expect(parsed("safearray", [request(takes(type), [value, 7])])).toEqual([expected]);
  });

  test.each(cases)("%s in VARIANTs, and by reference", (_what, type, value, expected) => {
    if (type.kind !== "safearray") throw new Error("a SAFEARRAY expected");
    const vt = expected["vt"] === 0 ? VT_DISPATCH : (expected["vt"] as number);
    const messages = [VT_ARRAY | vt, VT_BYREF | VT_ARRAY | vt].map((flags) =>
      request(takes(VARIANT), [new Variant(flags, value), 7]),
    );

    const found = parsed("variant", messages) as { vt: number; value: unknown }[];

    expect(found.map((variant) => [variant.vt, variant.value])).toEqual([
      [VT_ARRAY | vt, expected],
      [VT_BYREF | VT_ARRAY | vt, expected],
    ]);
  });
});

test("impacket reads our strings and numbers in place", () => {
  const strings = ["abc", "", null].map((text) => request(takes(BSTR), [text, 7]));
  const numbers = placed(
    method("Numbers", [
      param.in("cy", CURRENCY),
      param.in("date", DATE),
      param.in("decimal", DECIMAL),
      param.in("last", LONG),
    ]),
  );
  const digits = (1n << 95n) + 5n;
  const values = [
    currency("-12.5"),
    new OleDate(1.5),
    new Decimal({ ...by, negative: true, digits }),
  ];

  expect(parsed("string", strings)).toEqual(["abc", "", null]);
  expect(parsed("numbers", [request(numbers, [...values, 7])])).toEqual([
    ["-125000", 1.5, { scale: 2, sign: 128, digits: String(digits) }],
  ]);
});

test("impacket writes VARIANTs that we read, whatever its pointers and clSize say", () => {
  const made: readonly [[number, string | null, unknown], Variant][] = [
    [[VT_EMPTY, null, null], new Variant(VT_EMPTY, undefined)],
    [[VT_NULL, null, null], new Variant(VT_NULL, null)],
    [[VT_I4, "lVal", -5], new Variant(VT_I4, -5)],
    [[VT_UI1, "bVal", 200], new Variant(VT_UI1, 200)],
    [[VT_R8, "dblVal", 2.5], new Variant(VT_R8, 2.5)],
    [[VT_BOOL, "boolVal", 0xffff], new Variant(VT_BOOL, true)],
    [[VT_BSTR, "bstrVal", "abc"], new Variant(VT_BSTR, "abc")],
    [[VT_CY, "cyVal", { int64: "-125000" }], new Variant(VT_CY, currency("-12.5"))],
    [
      [VT_DECIMAL, "decVal", { wReserved: 0, scale: 2, sign: 128, Hi32: 0, Lo64: 150 }],
      new Variant(VT_DECIMAL, decimal("-1.50")),
    ],
    [[VT_BYREF | VT_I4, "plVal", 9], new Variant(VT_BYREF | VT_I4, 9)],
    [[VT_BYREF | VT_I2, "piVal", 9], new Variant(VT_BYREF | VT_I2, 9)],
    [[VT_BYREF | VT_BSTR, "pbstrVal", "ref"], new Variant(VT_BYREF | VT_BSTR, "ref")],
    [
      [VT_BYREF | VT_VARIANT, "pvarVal", [VT_I4, "lVal", 3]],
      new Variant(VT_BYREF | VT_VARIANT, new Variant(VT_I4, 3)),
    ],
  ];

  const hexes = runTool(
    "/usr/bin/python3",
    [SCRIPT, "build"],
    JSON.stringify(made.map(([m]) => m)),
  );

  expect(
    hexes
      .trimEnd()
      .split("\n")
      .map((hex) => argsOf(takes(VARIANT), bytesOf(hex))),
  ).toEqual(made.map(([, value]) => [value, 7]));
});
