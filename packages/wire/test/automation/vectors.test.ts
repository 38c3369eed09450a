import {
  BSTR,
  CURRENCY,
  currency,
  DATE,
  Decimal,
  DECIMAL,
  DOUBLE,
  decimal,
  OleDate,
  SAFEARRAY,
  safeArray,
  SHORT,
  type Type,
  VARIANT,
  Variant,
  VT_ARRAY,
  VT_BSTR,
  VT_BYREF,
  VT_DECIMAL,
  VT_I1,
  VT_I2,
  VT_R8,
  VT_UNKNOWN,
  VT_VARIANT,
} from "@callfactory/core";
import { describe, expect, test } from "vitest";
import { argsOf, request, takes } from "../calls.ts";
import { bytesOf, hexOf } from "../hex.ts";

// "User", and 4 more bytes in front of what is aligned to 8.
const USER = "55736572";
const USER_8 = `${USER} 00000000`;

/** What is written for a value, and what is read from `hex`. */
function both(type: Type, value: unknown, hex: string): { written: string; read: unknown[] } {
  const of = takes(type);
  return { written: hexOf(request(of, [value])), read: argsOf(of, bytesOf(hex)) };
}

const plain = (hex: string): string => hexOf(bytesOf(hex));

describe("a VARIANT, as [MS-OAUT] 2.2.29 lays it out", () => {
  test.each<[string, Variant, string]>([
    ["VT_EMPTY", new Variant(0, undefined), "03000000 00000000 0000 000000000000 00000000"],
    ["VT_NULL", new Variant(1, null), "03000000 00000000 0100 000000000000 01000000"],
    ["VT_I1: 21 bytes", new Variant(VT_I1, 18), "03000000 00000000 1000 000000000000 10000000 12"],
    [
      "VT_I2 by reference: the size of what it refers to, at least 4",
      new Variant(VT_BYREF | VT_I2, 0x1234),
      "04000000 00000000 0240 000000000000 02400000 04000000 3412",
    ],
    [
      "VT_R8: aligned to 8",
      new Variant(VT_R8, 1.5),
      "04000000 00000000 0500 000000000000 05000000 00000000 000000000000f83f",
    ],
    [
      "VT_R8 by reference: the pointer fills the gap",
      new Variant(VT_BYREF | VT_R8, 1.5),
      "04000000 00000000 0540 000000000000 05400000 08000000 000000000000f83f",
    ],
    [
      "VT_BSTR: clSize counts what is deferred",
      new Variant(VT_BSTR, "abc"),
      `06000000 00000000 0800 000000000000 08000000 ${USER} 03000000 06000000 03000000 610062006300`,
    ],
    [
      "VT_BSTR, NULL",
      new Variant(VT_BSTR, null),
      `05000000 00000000 0800 000000000000 08000000 ${USER} 00000000 ffffffff 00000000`,
    ],
    [
      "VT_DECIMAL: its first half stands in the reserved fields too, as it does in memory",
      new Variant(VT_DECIMAL, new Decimal({ negative: true, digits: (1n << 64n) | 5n, scale: 2 })),
      "05000000 00000000 0e00 0280 01000000 0e000000 00000000 0e00 02 80 01000000 0500000000000000",
    ],
    [
      "VT_DECIMAL by reference: nothing shared",
      new Variant(VT_BYREF | VT_DECIMAL, decimal("-1.50")),
      "05000000 00000000 0e40 000000000000 0e400000 10000000 0000 02 80 00000000 9600000000000000",
    ],
    [
      "VT_VARIANT by reference: marshaled like a parameter, and counted",
      new Variant(VT_BYREF | VT_VARIANT, new Variant(VT_R8, 1.5)),
      `08000000 00000000 0c40 000000000000 0c400000 10000000 ${USER} 00000000
       04000000 00000000 0500 000000000000 05000000 00000000 000000000000f83f`,
    ],
    [
      "VT_UNKNOWN, NULL",
      new Variant(VT_UNKNOWN, null),
      "03000000 00000000 0d00 000000000000 0d000000 00000000",
    ],
    [
      "VT_UNKNOWN: a MInterfacePointer",
      new Variant(VT_UNKNOWN, Uint8Array.of(1, 2, 3) as never),
      "05000000 00000000 0d00 000000000000 0d000000 00000200 03000000 03000000 010203",
    ],
    [
      "VT_ARRAY: two pointers, and one arm for all arrays",
      new Variant(VT_ARRAY | VT_I2, Int16Array.of(1, 2, 3)),
      `0a000000 00000000 0220 000000000000 00200000 00000200 01000000
       01000000 0100 8000 02000000 0000 0200 02000000 03000000 04000200 03000000 00000000
       03000000 0100 0200 0300`,
    ],
    [
      "VT_ARRAY by reference: three pointers",
      new Variant(VT_BYREF | VT_ARRAY | VT_I2, Int16Array.of(1)),
      `0a000000 00000000 0260 000000000000 00600000 04000000 00000200 01000000
       01000000 0100 8000 02000000 0000 0200 02000000 01000000 04000200 01000000 00000000
       01000000 0100`,
    ],
    [
      "VT_ARRAY without an array",
      new Variant(VT_ARRAY | VT_I2, null),
      "04000000 00000000 0220 000000000000 00200000 00000200 00000000",
    ],
  ])("%s", (_what, value, hex) => {
    const whole = `${USER_8} ${hex}`;

    expect(both(VARIANT, value, whole)).toEqual({ written: plain(whole), read: [value] });
  });
});

describe("a SAFEARRAY, as [MS-OAUT] 2.2.30 lays it out", () => {
  test.each<[string, Type, unknown, string]>([
    ["none", SAFEARRAY(SHORT), null, "00000000"],
    [
      "doubles, aligned to 8",
      SAFEARRAY(DOUBLE),
      Float64Array.of(0, 0, 1.5),
      `01000000 01000000 0100 8000 08000000 0000 0500 14000000 03000000 00000200 03000000 00000000
       03000000 000000000000000000000000 00000000 000000000000f83f`,
    ],
    [
      "two dimensions, the bounds of the leftmost index first",
      SAFEARRAY(SHORT),
      safeArray(VT_I2, Int16Array.of(1, 2, 3, 4, 5, 6), {
        bounds: [
          { lowerBound: 5, elements: 2 },
          { lowerBound: -1, elements: 3 },
        ],
      }),
      `01000000 02000000 0200 8000 02000000 0000 0200 02000000 06000000 00000200
       02000000 05000000 03000000 ffffffff 06000000 010002000300040005000600`,
    ],
    [
      "strings: pointers first, each string aligned to 4",
      SAFEARRAY(BSTR),
      ["a", null, ""],
      `01000000 01000000 0100 8001 04000000 0000 0800 08000000 03000000 00000200 03000000 00000000
       03000000 ${USER} ${USER} ${USER} 01000000 02000000 01000000 6100 0000
       00000000 ffffffff 00000000 00000000 00000000 00000000`,
    ],
    [
      "VARIANTs: pointers first, each VARIANT aligned to 8, 16 bytes an element",
      SAFEARRAY(VARIANT),
      [new Variant(VT_I1, 1), new Variant(0, undefined)],
      `01000000 01000000 0100 8008 10000000 0000 0c00 0c000000 02000000 00000200 02000000 00000000
       02000000 ${USER} ${USER} 03000000 00000000 1000 000000000000 10000000 01 000000
       03000000 00000000 0000 000000000000 00000000`,
    ],
    [
      "none of no elements",
      SAFEARRAY(VARIANT),
      [],
      `01000000 01000000 0100
      8008 10000000 0000 0c00 0c000000 00000000 00000200 00000000 00000000 00000000`,
    ],
  ])("%s", (_what, type, value, hex) => {
    const whole = `${USER} ${hex}`;

    expect(both(type, value, whole)).toEqual({ written: plain(whole), read: [value] });
  });
});

test.each<[string, Type, unknown, string]>([
  ["CURRENCY", CURRENCY, currency("-12.5"), "b817feffffffffff"],
  ["DATE", DATE, new OleDate(1.5), "000000000000f83f"],
  ["DECIMAL", DECIMAL, decimal("-1.50"), "0000 02 80 00000000 9600000000000000"],
])("%s stands in place", (_what, type, value, hex) => {
  expect(both(type, value, hex)).toEqual({ written: plain(hex), read: [value] });
});
