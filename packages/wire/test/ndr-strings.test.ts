import {
  array,
  BYTE,
  CHAR,
  LONG,
  ptr,
  ref,
  SHORT,
  stringOf,
  struct,
  ULONG,
  unique,
  WCHAR,
} from "@callfactory/core";
import { describe } from "vitest";
import { callsHoldBothWays, holdsBothWays } from "./vectors.ts";

const X = "02000000 00000000 02000000 7800 0000";

describe("[string] behind pointers (C706 14.3.4)", () => {
  holdsBothWays([
    ["[ref] as a parameter: no referent id", ref(stringOf(WCHAR)), "x", X],
    ["[ref] as a member", struct("R", { s: ref(stringOf(WCHAR)) }), { s: "x" }, `00000200 ${X}`],
    ["[unique]", unique(stringOf(WCHAR)), "x", `00000200 ${X}`],
    ["[ptr]", ptr(stringOf(WCHAR)), "x", `00000200 ${X}`],
    ["[ptr] NULL", ptr(stringOf(WCHAR)), null, "00000000"],
    [
      "one byte a character",
      unique(stringOf(CHAR)),
      "hé",
      "00000200 03000000 00000000 03000000 68 e9 00",
    ],
    ["of BYTE", ref(stringOf(BYTE)), "", "01000000 00000000 01000000 00"],
    [
      "an array of pointers to them",
      array(ref(stringOf(CHAR)), {}),
      ["a", "b"],
      `02000000 00000200 04000200
       02000000 00000000 02000000 61 00 0000
       02000000 00000000 02000000 62 00`,
    ],
  ]);
});

describe("[string] in place", () => {
  holdsBothWays([
    [
      "a member of a fixed length is varying, and counts in the alignment (14.3.3.3)",
      struct("S", { n: SHORT, name: stringOf(WCHAR, { length: 8 }), after: BYTE }),
      { n: 5, name: "ab", after: 7 },
      "0500 0000 00000000 03000000 6100 6200 0000 07",
    ],
    [
      "a last member without a length: max_count comes first (14.3.7)",
      struct("S", { id: LONG, text: stringOf(WCHAR) }),
      { id: 1, text: "a" },
      "02000000 01000000 00000000 02000000 6100 0000",
    ],
    [
      "an array of fixed lengths (14.3.5)",
      array(stringOf(CHAR, { length: 4 }), { length: 2 }),
      ["a", ""],
      "00000000 02000000 61 00 0000 00000000 01000000 00",
    ],
  ]);
  callsHoldBothWays([
    [
      "size_is is the max_count, whatever the string needs",
      { n: ULONG, text: stringOf(CHAR, { sizeIs: "n" }) },
      [8, "a"],
      "08000000 08000000 00000000 02000000 61 00",
    ],
    [
      "size_is by a member",
      { s: struct("S", { n: ULONG, text: unique(stringOf(WCHAR, { sizeIs: "n" })) }) },
      [{ n: 3, text: "x" }],
      "03000000 00000200 03000000 00000000 02000000 7800 0000",
    ],
  ]);
});
