import {
  arm,
  array,
  BOOLEAN,
  BYTE,
  CHAR,
  defaultArm,
  DOUBLE,
  enumeration,
  LONG,
  LONGLONG,
  LPWSTR,
  RPC_E_CLIENT_CANTMARSHAL_DATA,
  RPC_E_SERVER_CANTUNMARSHAL_DATA,
  SHORT,
  struct,
  switchIs,
  ULONG,
  ULONGLONG,
  union,
  unique,
  USHORT,
  VARIANT_BOOL,
  WCHAR,
} from "@callfactory/core";
import { describe, expect, test } from "vitest";
import { argsOf, request, takes } from "./calls.ts";
import { bytesOf } from "./hex.ts";
import { callsHoldBothWays, holdsBothWays } from "./vectors.ts";

const ANY = union("ANY", LONG, [
  arm(1, SHORT),
  arm([2, -2], DOUBLE),
  arm(3, LPWSTR),
  arm(4),
  defaultArm(BYTE),
]);
const STRICT = union("STRICT", LONG, [arm(1, SHORT)]);

describe("unions: the discriminant, then the arm at its own alignment (C706 14.3.8)", () => {
  holdsBothWays([
    ["a short", ANY, { tag: 1, value: 5 }, "01000000 0500"],
    ["a double", ANY, { tag: -2, value: 1 }, "feffffff 00000000 000000000000f03f"],
    [
      "a pointer: its referent is deferred",
      struct("S", { u: ANY, after: LONG }),
      { u: { tag: 3, value: "x" }, after: 7 },
      "03000000 00000200 07000000 02000000 00000000 02000000 7800 0000",
    ],
    ["an empty arm", ANY, { tag: 4, value: undefined }, "04000000"],
    ["the default arm", ANY, { tag: 99, value: 8 }, "63000000 08"],
    [
      "an empty default arm",
      union("U", LONG, [defaultArm(null)]),
      { tag: 5, value: undefined },
      "05000000",
    ],
    [
      "a structure around one is aligned to the greatest arm",
      struct("OUTER", { x: LONG, s: struct("S", { a: BYTE, u: ANY }) }),
      { x: 1, s: { a: 2, u: { tag: 1, value: 5 } } },
      "01000000 00000000 02 000000 01000000 0500",
    ],
    [
      "an array of them",
      array(ANY, { length: 2 }),
      [
        { tag: 1, value: 5 },
        { tag: 4, value: undefined },
      ],
      "01000000 0500 0000 04000000",
    ],
    [
      "behind a pointer, with a pointer",
      unique(union("U", LONG, [arm(1, unique(LONG))])),
      { tag: 1, value: 9 },
      "00000200 01000000 04000200 09000000",
    ],
  ]);
});

describe("every kind of discriminant", () => {
  const COLOR = enumeration("COLOR", { RED: 1 });
  const COLOR_V1 = enumeration("COLOR", { RED: 1 }, { v1: true });
  holdsBothWays([
    ["BYTE", union("U", BYTE, [arm(200, LONG)]), { tag: 200, value: 7 }, "c8 000000 07000000"],
    ["CHAR", union("U", CHAR, [arm(-1, BYTE)]), { tag: -1, value: 7 }, "ff 07"],
    ["SHORT", union("U", SHORT, [arm(-1, LONG)]), { tag: -1, value: 7 }, "ffff 0000 07000000"],
    ["USHORT", union("U", USHORT, [arm(65535, BYTE)]), { tag: 65535, value: 7 }, "ffff 07"],
    ["WCHAR", union("U", WCHAR, [arm(0x61, BYTE)]), { tag: 0x61, value: 7 }, "6100 07"],
    [
      "ULONG",
      union("U", ULONG, [arm(0xffffffff, BYTE)]),
      { tag: 0xffffffff, value: 7 },
      "ffffffff 07",
    ],
    ["an enumeration", union("U", COLOR, [arm(1, BYTE)]), { tag: 1, value: 7 }, "0100 07"],
    ["[v1_enum]", union("U", COLOR_V1, [arm(1, BYTE)]), { tag: 1, value: 7 }, "01000000 07"],
    [
      "LONGLONG",
      union("U", LONGLONG, [arm(-1n, BYTE)]),
      { tag: -1n, value: 7 },
      "ffffffffffffffff 07",
    ],
    [
      "ULONGLONG",
      union("U", ULONGLONG, [arm(1n, BYTE)]),
      { tag: 1n, value: 7 },
      "0100000000000000 07",
    ],
    ["BOOLEAN", union("U", BOOLEAN, [arm(true, BYTE)]), { tag: true, value: 7 }, "01 07"],
    [
      "VARIANT_BOOL",
      union("U", VARIANT_BOOL, [arm(true, BYTE)]),
      { tag: true, value: 7 },
      "ffff 07",
    ],
  ]);
});

describe("switch_is: the discriminant travels on its own as well", () => {
  const INFO = union("INFO", ULONG, [arm(0, LONG), arm(1, LPWSTR)]);
  callsHoldBothWays([
    [
      "by a parameter",
      { level: ULONG, info: switchIs(INFO, "level") },
      [0, { tag: 0, value: 7 }],
      "00000000 00000000 07000000",
    ],
    [
      "by a parameter that comes later, behind a pointer",
      { info: unique(switchIs(INFO, "level")), level: ULONG },
      [{ tag: 0, value: 7 }, 0],
      "00000200 00000000 07000000 00000000",
    ],
    [
      "by a member",
      { s: struct("S", { level: USHORT, info: switchIs(INFO, "level") }) },
      [{ level: 1, info: { tag: 1, value: null } }],
      "0100 0000 01000000 00000000",
    ],
  ]);

  const of = takes(struct("S", { level: USHORT, info: switchIs(INFO, "level") }));

  test("a tag that differs does not marshal", () => {
    expect(() => request(of, [{ level: 1, info: { tag: 0, value: 7 } }])).toThrow(
      expect.objectContaining({ hr: RPC_E_CLIENT_CANTMARSHAL_DATA }),
    );
  });

  test("a tag that differs does not unmarshal", () => {
    expect(() => argsOf(of, bytesOf("0100 0000 00000000 07000000"))).toThrow(
      expect.objectContaining({ hr: RPC_E_SERVER_CANTUNMARSHAL_DATA }),
    );
  });
});

describe("without a default arm", () => {
  test("a tag that has none does not marshal", () => {
    expect(() => request(takes(STRICT), [{ tag: 2, value: 7 }])).toThrow(
      expect.objectContaining({ hr: RPC_E_CLIENT_CANTMARSHAL_DATA }),
    );
  });

  test("a tag that has none does not unmarshal", () => {
    expect(() => argsOf(takes(STRICT), bytesOf("02000000 0700"))).toThrow(
      expect.objectContaining({ hr: RPC_E_SERVER_CANTUNMARSHAL_DATA }),
    );
  });
});

test("a conformant arm is a TypeError", () => {
  const type = union("U", LONG, [arm(1, array(LONG, {}))]);

  expect(() => request(takes(type), [{ tag: 1, value: Int32Array.of(1) }])).toThrow(TypeError);
});
