import {
  BSTR,
  ComError,
  DECIMAL,
  DOUBLE,
  LONG,
  method,
  param,
  MAX_VARIANT_DEPTH,
  RPC_E_CLIENT_CANTMARSHAL_DATA,
  RPC_E_SERVER_CANTUNMARSHAL_DATA,
  SAFEARRAY,
  type Type,
  VARIANT,
  Variant,
  VT_ARRAY,
  VT_BSTR,
  VT_DECIMAL,
  VT_I4,
  VT_VARIANT,
} from "@callfactory/core";
import { describe, expect, test } from "vitest";
import { argsOf, placed, recordingHost, request, takes } from "../calls.ts";
import { bytesOf, hexOf } from "../hex.ts";

/** The error of reading `hex` as one [in] value. */
function failureOf(type: Type, hex: string): ComError {
  try {
    argsOf(takes(type), bytesOf(hex));
  } catch (error) {
    if (error instanceof ComError) return error;
    throw error;
  }
  throw new Error("it was read");
}

/** A VARIANT with this VARTYPE and arm, and 16 bytes that would be enough for any. */
function variantHex(vt: string, arm: string, rest = "01".repeat(16)): string {
  return `55736572 00000000 03000000 00000000 ${vt} 000000000000 ${arm} ${rest}`;
}

describe("a VARIANT is refused", () => {
  test.each([
    ["of VT_RECORD", variantHex("2400", "24000000"), "a VARIANT of VT_RECORD"],
    ["of an unknown VARTYPE", variantHex("1f00", "1f000000"), "a VARIANT of 0x001f"],
    ["of a vector", variantHex("0310", "03100000"), "a VARIANT of 0x1003"],
    ["of VT_VARIANT itself", variantHex("0c00", "0c000000"), "a VARIANT of VT_VARIANT"],
    ["with another arm than its VARTYPE's", variantHex("0300", "05000000"), "with the arm of 0x5"],
    ["with an array's arm per VARTYPE", variantHex("0320", "03200000"), "with the arm of 0x2003"],
    [
      "by reference at NULL",
      variantHex("0340", "03400000", "00000000"),
      "VT_I4 by reference at NULL",
    ],
    ["by reference to nothing", variantHex("0040", "00400000"), "VT_EMPTY by reference"],
    ["cut short", variantHex("0300", "03000000", "0100"), "4 bytes expected"],
    [
      "by reference to a reference to a VARIANT",
      variantHex(
        "0c40",
        "0c400000",
        `10000000 55736572 00000000
         03000000 00000000 0c40 000000000000 0c400000 10000000 55736572 00000000
         03000000 00000000 0000 000000000000 00000000`,
      ),
      "a reference to a reference",
    ],
  ])("%s", (_what, hex, detail) => {
    const { hr, message } = failureOf(VARIANT, hex);

    expect(hr).toBe(RPC_E_SERVER_CANTUNMARSHAL_DATA);
    expect(message).toContain(detail);
  });

  test("nested deeper than any that is written", () => {
    let value: Variant = new Variant(VT_I4, 1);
    for (let i = 0; i < MAX_VARIANT_DEPTH; i++) value = new Variant(VT_ARRAY | VT_VARIANT, [value]);
    const deepest = request(takes(VARIANT), [value]);
    const one = new Variant(VT_ARRAY | VT_VARIANT, [value]);

    expect(argsOf(takes(VARIANT), deepest)).toEqual([value]);
    expect(() => request(takes(VARIANT), [one])).toThrow(
      expect.objectContaining({ hr: RPC_E_CLIENT_CANTMARSHAL_DATA }),
    );
  });
});

describe("a SAFEARRAY is refused", () => {
  const longs = `55736572 01000000 01000000 0100 8000 04000000 0000 0300 03000000 01000000
    00000200 01000000 00000000 01000000 07000000`.replace(/\s+/g, "");

  /** The array of one LONG with the bytes from `at` on replaced. */
  const changed = (at: number, hex: string): string =>
    longs.slice(0, at * 2) + hex + longs.slice(at * 2 + hex.length);

  test("by none of these when nothing is changed", () => {
    expect(argsOf(takes(SAFEARRAY(LONG)), bytesOf(longs))).toEqual([Int32Array.of(7)]);
    expect(hexOf(request(takes(SAFEARRAY(LONG)), [Int32Array.of(7)]))).toBe(longs);
  });

  test.each([
    ["without dimensions", changed(8, "000000000000"), "0 dimensions"],
    [
      "of another number of dimensions than it has bounds",
      changed(8, "02000000"),
      "1 dimensions in 2",
    ],
    ["of more dimensions than bytes", changed(8, "ffff0000ffff"), "65535 bounds announced"],
    ["of VT_RECORD", changed(22, "2400"), "a SAFEARRAY of VT_RECORD"],
    ["of elements of another size", changed(24, "02000000"), "sfType 0x2"],
    [
      "marked as wrong by its sender",
      changed(14, "0000").replace("030003000000", "00000a000000"),
      "sfType 0xa",
    ],
    ["whose bounds make another count", changed(36, "02000000"), "do not make 1 elements"],
    ["whose counts differ", changed(44, "02000000"), "another count than the 1 elements"],
    ["whose elements are at NULL", changed(32, "00000000"), "1 elements at NULL"],
  ])("%s", (_what, hex, detail) => {
    const { hr, message } = failureOf(SAFEARRAY(LONG), hex);

    expect(hr).toBe(RPC_E_SERVER_CANTUNMARSHAL_DATA);
    expect(message).toContain(detail);
  });

  test("of more elements than bytes", () => {
    const hex = longs
      .replace("0300000001000000", "03000000ffffff7f")
      .replace("0002000100000000000000", "000200ffffff7f00000000")
      .replace("0100000007000000", "ffffff7f07000000");

    expect(failureOf(SAFEARRAY(LONG), hex).hr).toBe(RPC_E_SERVER_CANTUNMARSHAL_DATA);
  });

  test("of DECIMALs, which no arm of the union has, by its sender already", () => {
    expect(() => request(takes(VARIANT), [new Variant(VT_ARRAY | VT_DECIMAL, [])])).toThrow(
      "a SAFEARRAY of VT_DECIMAL cannot be marshaled",
    );
  });
});

test.each([
  ["29 decimals", "0000 1d 00 00000000 0000000000000000", "a DECIMAL of 29 decimals"],
  ["a sign that is neither", "0000 00 01 00000000 0000000000000000", "with the sign 1"],
])("a DECIMAL is refused with %s", (_what, hex, detail) => {
  expect(failureOf(DECIMAL, hex).message).toContain(detail);
});

test("NULL in place of a VARIANT or of a string in an array is empty", () => {
  const strings = `55736572 01000000 01000000 0100 8001 04000000 0000 0800 08000000 01000000
    00000200 01000000 00000000 01000000 00000000`;

  expect(argsOf(takes(VARIANT), bytesOf("00000000"))).toEqual([new Variant(0, undefined)]);
  expect(argsOf(takes(SAFEARRAY(BSTR)), bytesOf(strings))).toEqual([[null]]);
});

test("behind a NULL pointer to no elements comes what is next, and no alignment", () => {
  const of = placed(method("Take", [param.in("value", SAFEARRAY(DOUBLE)), param.in("last", LONG)]));
  const none = `55736572 01000000 01000000 0100 8000 08000000 0000 0500 14000000 00000000 00000000
    00000000 00000000 07000000`;

  expect(argsOf(of, bytesOf(none))).toEqual([new Float64Array(0), 7]);
});

test("a NULL pointer to a string in a VARIANT has the string behind it when clSize says so", () => {
  const nulls = (clSize: string) => `55736572 00000000 ${clSize} 00000000 0800 000000000000 08000000
    00000000`;
  const of = placed(method("Take", [param.in("value", VARIANT), param.in("last", LONG)]));
  const expected = [new Variant(VT_BSTR, null), 7];

  expect(argsOf(of, bytesOf(`${nulls("03000000")} 07000000`))).toEqual(expected);
  expect(argsOf(of, bytesOf(`${nulls("05000000")} 00000000 ffffffff 00000000 07000000`))).toEqual(
    expected,
  );
});

test("no reference is taken over from bytes that turn out bad", () => {
  const host = recordingHost();
  const pair = new Variant(VT_ARRAY | VT_VARIANT, [
    new Variant(0x0d, Uint8Array.of(1) as never),
    new Variant(VT_I4, 1),
  ]);
  const bytes = request(takes(VARIANT), [pair]);

  expect(() => argsOf(takes(VARIANT), bytes.slice(0, -2), host)).toThrow(ComError);
  expect(host.iids).toEqual([]);
});
