import {
  array,
  BYTE,
  DOUBLE,
  LONG,
  LPWSTR,
  SHORT,
  struct,
  ULONG,
  unique,
  USHORT,
} from "@callfactory/core";
import { describe } from "vitest";
import { callsHoldBothWays, holdsBothWays } from "./vectors.ts";

describe("which elements travel (C706 14.3.3)", () => {
  callsHoldBothWays([
    [
      "first_is is the offset; the rest of a fixed array reads as zero",
      { a: array(SHORT, { length: 5, firstIs: "f", lengthIs: "n" }), f: LONG, n: LONG },
      [Int16Array.of(0, 10, 11, 0, 0), 1, 2],
      "01000000 02000000 0a00 0b00 01000000 02000000",
    ],
    [
      "first_is alone: up to the end",
      { f: ULONG, a: array(BYTE, { length: 4, firstIs: "f" }) },
      [3, Uint8Array.of(0, 0, 0, 9)],
      "03000000 03000000 01000000 09",
    ],
    [
      "last_is is an index; a conformant array reaches as far",
      { s: USHORT, f: BYTE, l: BYTE, a: array(LONG, { sizeIs: "s", firstIs: "f", lastIs: "l" }) },
      [4, 1, 2, Int32Array.of(0, 10, 11)],
      "0400 01 02 04000000 01000000 02000000 0a000000 0b000000",
    ],
    [
      "max_is is one less than the count",
      { m: LONG, a: array(BYTE, { maxIs: "m" }) },
      [2, Uint8Array.of(7, 8, 9)],
      "02000000 03000000 07 08 09",
    ],
    [
      "of pointers: those that travel have referents",
      { f: LONG, n: LONG, a: array(LPWSTR, { length: 3, firstIs: "f", lengthIs: "n" }) },
      [1, 1, [null, "a", null]],
      "01000000 01000000 01000000 01000000 00000200 02000000 00000000 02000000 6100 0000",
    ],
    [
      "an extent that comes after its array, in a structure",
      { s: struct("S", { a: array(SHORT, { length: 2, lengthIs: "n" }), n: LONG }) },
      [{ a: Int16Array.of(5, 0), n: 1 }],
      "00000000 01000000 0500 0000 01000000",
    ],
  ]);
});

describe("several dimensions (C706 14.3.3.2, 14.3.3.4)", () => {
  const MATRIX = array(array(DOUBLE, { sizeIs: "n" }), { sizeIs: "m" });
  holdsBothWays([
    [
      "fixed: row by row",
      array(array(SHORT, { length: 2 }), { length: 2 }),
      [Int16Array.of(1, 2), Int16Array.of(3, 4)],
      "0100 0200 0300 0400",
    ],
    [
      "conformant: a max_count each, then the elements",
      array(array(SHORT, {}), {}),
      [Int16Array.of(1, 2, 3), Int16Array.of(4, 5, 6)],
      "02000000 03000000 0100 0200 0300 0400 0500 0600",
    ],
    [
      "three of them",
      array(array(array(BYTE, {}), {}), {}),
      [[Uint8Array.of(1, 2)], [Uint8Array.of(3, 4)]],
      "02000000 01000000 02000000 01 02 03 04",
    ],
    ["no rows", array(array(SHORT, {}), {}), [], "00000000 00000000"],
    [
      "of strings",
      array(array(LPWSTR, {}), {}),
      [["a"], [null]],
      "02000000 01000000 00000200 00000000 02000000 00000000 02000000 6100 0000",
    ],
    [
      "behind a pointer, sized by members",
      struct("S", { m: USHORT, n: USHORT, p: unique(MATRIX) }),
      { m: 1, n: 2, p: [Float64Array.of(1, 0)] },
      `0100 0200 00000200
       01000000 02000000 000000000000f03f 0000000000000000`,
    ],
    [
      "the last member: all max_counts come first (14.3.7)",
      struct("S", {
        m: USHORT,
        n: USHORT,
        a: array(array(SHORT, { sizeIs: "n" }), { sizeIs: "m" }),
      }),
      { m: 2, n: 1, a: [Int16Array.of(7), Int16Array.of(8)] },
      "02000000 01000000 0200 0100 0700 0800",
    ],
  ]);
  callsHoldBothWays([
    [
      "conformant varying: all max_counts, then offset and actual_count of each",
      {
        m: LONG,
        n: LONG,
        j: LONG,
        k: LONG,
        a: array(array(LONG, { sizeIs: "n", lengthIs: "k" }), { sizeIs: "m", lengthIs: "j" }),
      },
      [2, 3, 2, 1, [Int32Array.of(7), Int32Array.of(8)]],
      `02000000 03000000 02000000 01000000
       02000000 03000000  00000000 02000000 00000000 01000000
       07000000 08000000`,
    ],
    [
      "varying, with an offset in each dimension",
      {
        f: LONG,
        a: array(array(BYTE, { length: 3, firstIs: "f" }), { length: 2, firstIs: "f" }),
      },
      [1, [Uint8Array.of(0, 0, 0), Uint8Array.of(0, 5, 6)]],
      "01000000 01000000 01000000 01000000 02000000 05 06",
    ],
  ]);
});

describe("arrays without elements: what they would be aligned to", () => {
  const AFTER = { a: array(DOUBLE, {}), b: BYTE };
  callsHoldBothWays([
    ["conformant", AFTER, [new Float64Array(0), 7], "00000000 00000000 07"],
    [
      "conformant varying",
      { n: BYTE, a: array(DOUBLE, { sizeIs: "n", lengthIs: "n" }), b: BYTE },
      [0, new Float64Array(0), 7],
      "00 000000 00000000 00000000 00000000 07",
    ],
    [
      "the last member of a structure",
      { s: struct("S", { n: BYTE, a: array(LONG, { sizeIs: "n" }) }), b: BYTE },
      [{ n: 0, a: new Int32Array(0) }, 7],
      "00000000 00 000000 07",
    ],
  ]);
});
