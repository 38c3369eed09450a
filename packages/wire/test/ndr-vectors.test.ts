import {
  array,
  BOOL,
  BOOLEAN,
  BSTR,
  BYTE,
  CHAR,
  DOUBLE,
  enumeration,
  FLOAT,
  GUID,
  guid,
  IUnknown,
  LONG,
  LONGLONG,
  LPWSTR,
  method,
  param,
  pointerTo,
  ref,
  SHORT,
  struct,
  ULONG,
  ULONGLONG,
  unique,
  USHORT,
  VARIANT_BOOL,
} from "@callfactory/core";
import { describe, expect, test } from "vitest";
import { argsOf, placed, request } from "./calls.ts";
import { bytesOf, hexOf } from "./hex.ts";
import { holdsBothWays } from "./vectors.ts";

const COLOR = enumeration("COLOR", { RED: 0, BLUE: 258 });
const COLOR_V1 = enumeration("COLOR", { RED: 0, BLUE: 258 }, { v1: true });
const IID = guid("00112233-4455-6677-8899-aabbccddeeff");

describe("primitives (C706 14.2)", () => {
  holdsBothWays([
    ["CHAR (14.2.5)", CHAR, -2, "fe"],
    ["BYTE (14.2.5)", BYTE, 254, "fe"],
    ["SHORT (14.2.5)", SHORT, -2, "feff"],
    ["USHORT (14.2.5)", USHORT, 0x0102, "0201"],
    ["LONG (14.2.5)", LONG, -2, "feffffff"],
    ["ULONG (14.2.5)", ULONG, 0x01020304, "04030201"],
    ["LONGLONG (14.2.5)", LONGLONG, -2n, "feffffffffffffff"],
    ["ULONGLONG (14.2.5)", ULONGLONG, 0x0102030405060708n, "0807060504030201"],
    ["FLOAT (14.2.6)", FLOAT, -1.5, "0000c0bf"],
    ["DOUBLE (14.2.6)", DOUBLE, -1.5, "000000000000f8bf"],
    ["BOOL: a long", BOOL, true, "01000000"],
    ["BOOLEAN (14.2.3)", BOOLEAN, true, "01"],
    ["VARIANT_BOOL: all bits of a short", VARIANT_BOOL, true, "ffff"],
    ["an enumeration: a short (14.2.5)", COLOR, 258, "0201"],
    ["[v1_enum]: a long ([MS-RPCE] 2.2.4.1)", COLOR_V1, 258, "02010000"],
    [
      "GUID: a structure of a long, two shorts, eight bytes",
      GUID,
      IID,
      "33221100 5544 7766 8899aabbccddeeff",
    ],
  ]);
});

describe("strings and pointers", () => {
  holdsBothWays([
    [
      "LPWSTR: max_count, offset, actual_count with NUL (14.3.4.2)",
      LPWSTR,
      "hé",
      "00000200 03000000 00000000 03000000 6800 e900 0000",
    ],
    ["LPWSTR: NULL (14.3.12.2)", LPWSTR, null, "00000000"],
    ["LPWSTR: empty", LPWSTR, "", "00000200 01000000 00000000 01000000 0000"],
    [
      "BSTR: marker, max_count, cBytes, clSize, no NUL ([MS-OAUT] 2.2.23)",
      BSTR,
      "hé",
      "55736572 02000000 04000000 02000000 6800 e900",
    ],
    [
      "BSTR: NULL is not empty ([MS-OAUT] 2.2.23.1)",
      BSTR,
      null,
      "55736572 00000000 ffffffff 00000000",
    ],
    ["BSTR: empty", BSTR, "", "55736572 00000000 00000000 00000000"],
    ["[ref] as a parameter is its target (14.3.12.1)", ref(LONG), 7, "07000000"],
    ["[unique] (14.3.12.2)", unique(LONG), 7, "00000200 07000000"],
    ["[unique] NULL", unique(LONG), null, "00000000"],
    ["[unique] of [unique]", unique(unique(LONG)), 7, "00000200 04000200 07000000"],
    ["[unique] of [ref]: the inner one is no pointer", unique(ref(LONG)), 7, "00000200 07000000"],
    [
      "an interface pointer: a MInterfacePointer ([MS-DCOM] 2.2.14)",
      pointerTo(IUnknown),
      Uint8Array.of(1, 2, 3),
      "00000200 03000000 03000000 010203",
    ],
    ["an interface pointer: NULL", pointerTo(IUnknown), null, "00000000"],
  ]);
});

describe("structures (C706 14.3.6)", () => {
  const MIXED = struct("MIXED", { a: BYTE, b: DOUBLE, c: SHORT });
  const NAMED = struct("NAMED", { name: LPWSTR, id: LONG, next: unique(BYTE) });
  const HOLDER = struct("HOLDER", { inner: unique(NAMED), after: unique(LONG) });
  const TAIL = struct("TAIL", { id: SHORT, values: array(DOUBLE, {}) });
  holdsBothWays([
    [
      "members at their own alignment, nothing behind the last",
      MIXED,
      { a: 1, b: 1, c: 2 },
      "01 00000000000000 000000000000f03f 0200",
    ],
    [
      "an array of them: one stride apart (14.3.3.1)",
      array(MIXED, { length: 2 }),
      [
        { a: 1, b: 0, c: 2 },
        { a: 3, b: 0, c: 4 },
      ],
      `01 00000000000000 0000000000000000 0200 000000000000
       03 00000000000000 0000000000000000 0400`,
    ],
    [
      "a nested one keeps its alignment",
      struct("OUTER", { x: BYTE, m: MIXED }),
      { x: 9, m: { a: 1, b: 0, c: 2 } },
      "09 00000000000000 01 00000000000000 0000000000000000 0200",
    ],
    [
      "referents follow the structure, in order (14.3.12.3)",
      NAMED,
      { name: "x", id: 5, next: 6 },
      "00000200 05000000 04000200 02000000 00000000 02000000 7800 0000 06",
    ],
    [
      "a referent's own referents come before the next one (14.3.12.3)",
      HOLDER,
      { inner: { name: "x", id: 5, next: 6 }, after: 7 },
      `00000200 04000200
       08000200 05000000 0c000200
       02000000 00000000 02000000 7800 0000 06 000000
       07000000`,
    ],
    [
      "a [ref] member is four bytes and a referent (14.3.12.1)",
      struct("R", { p: ref(LONG) }),
      { p: 7 },
      "00000200 07000000",
    ],
    [
      "a BSTR member: the marker in line, the blob deferred",
      struct("B", { s: BSTR, n: LONG }),
      { s: "x", n: 3 },
      "55736572 03000000 01000000 02000000 01000000 7800",
    ],
    [
      "the conformance of a last member comes first (14.3.7.1)",
      TAIL,
      { id: 3, values: Float64Array.of(1) },
      "01000000 00000000 0300 000000000000 000000000000f03f",
    ],
    [
      "it is hoisted out of nested structures too",
      struct("DEEP", { x: LONG, tail: TAIL }),
      { x: 2, tail: { id: 3, values: Float64Array.of(1) } },
      "01000000 00000000 02000000 00000000 0300 000000000000 000000000000f03f",
    ],
  ]);
});

describe("arrays (C706 14.3.3)", () => {
  holdsBothWays([
    [
      "fixed: the elements alone (14.3.3.1)",
      array(SHORT, { length: 3 }),
      Int16Array.of(1, 2, -1),
      "0100 0200 ffff",
    ],
    [
      "conformant: max_count (14.3.3.2)",
      array(DOUBLE, {}),
      Float64Array.of(1),
      "01000000 00000000 000000000000f03f",
    ],
    [
      "empty: the elements are aligned all the same",
      array(DOUBLE, {}),
      new Float64Array(0),
      "00000000 00000000",
    ],
    ["behind [unique]", unique(array(BYTE, {})), Uint8Array.of(1, 2), "00000200 02000000 0102"],
    [
      "of pointers: referents after the array (14.3.12.3)",
      array(LPWSTR, {}),
      ["a", null, ""],
      `03000000 00000200 00000000 04000200
       02000000 00000000 02000000 6100 0000
       01000000 00000000 01000000 0000`,
    ],
    [
      "of arrays: row by row",
      array(array(SHORT, { length: 2 }), {}),
      [Int16Array.of(1, 2), Int16Array.of(3, 4)],
      "02000000 0100 0200 0300 0400",
    ],
    ["of BOOLEAN", array(BOOLEAN, {}), [true, false], "02000000 01 00"],
  ]);

  test("conformant varying: max_count, offset, actual_count (14.3.3.4)", () => {
    const bound = { sizeIs: "size", lengthIs: "length" };
    const of = placed(
      method("Take", [
        param.in("size", LONG),
        param.in("length", SHORT),
        param.in("values", array(LONG, bound)),
      ]),
    );
    const hex = "04000000 0200 0000 04000000 00000000 02000000 0a000000 0b000000";

    expect(hexOf(request(of, [4, 2, Int32Array.of(10, 11)]))).toBe(hexOf(bytesOf(hex)));
    expect(argsOf(of, bytesOf(hex))).toEqual([4, 2, Int32Array.of(10, 11)]);
  });

  test("varying: offset, actual_count (14.3.3.3); the rest of a fixed array reads as zero", () => {
    const of = placed(
      method("Take", [
        param.in("values", array(SHORT, { length: 4, lengthIs: "length" })),
        param.in("length", LONG),
      ]),
    );
    const hex = "00000000 02000000 0a00 0b00 02000000";

    expect(hexOf(request(of, [Int16Array.of(10, 11, 12, 13), 2]))).toBe(hexOf(bytesOf(hex)));
    expect(argsOf(of, bytesOf(hex))).toEqual([Int16Array.of(10, 11, 0, 0), 2]);
  });
});
