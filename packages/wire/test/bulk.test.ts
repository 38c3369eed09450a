import {
  array,
  BSTR,
  BYTE,
  DOUBLE,
  LPWSTR,
  RPC_E_CLIENT_CANTMARSHAL_DATA,
  SHORT,
  struct,
  type Type,
} from "@callfactory/core";
import { describe, expect, test } from "vitest";
import { argsOf, request, takes } from "./calls.ts";

/** Sends a value and reads it from a message that starts at an odd address. */
function comesBack(type: Type, value: unknown): unknown {
  const of = takes(type);
  const bytes = request(of, [value]);
  const odd = new Uint8Array(bytes.length + 1).subarray(1);
  odd.set(bytes);
  return argsOf(of, odd)[0];
}

const doubles = Float64Array.from({ length: 100 }, (_, i) => i / 3);

describe("what is copied whole comes back", () => {
  test.each([
    ["a conformant array", array(DOUBLE, {}), doubles],
    ["the middle of a larger one", array(DOUBLE, {}), doubles.subarray(3, 90)],
    ["a fixed array", array(DOUBLE, { length: 100 }), doubles],
    [
      "a fixed array within a structure",
      struct("S", { first: BYTE, all: array(DOUBLE, { length: 100 }), last: SHORT }),
      { first: 1, all: doubles, last: 2 },
    ],
    ["a long string", LPWSTR, "aß€𝄞".repeat(200)],
    ["a long string with half a surrogate pair", LPWSTR, `${"x".repeat(300)}\ud834y`],
    ["a long string that begins with a byte order mark", BSTR, `\ufeff${"x".repeat(300)}`],
    ["a long BSTR with NULs", BSTR, "a\0".repeat(200)],
  ])("%s", (_what, type, value) => {
    expect(comesBack(type, value)).toEqual(value);
  });

  test("and the bytes given are not kept", () => {
    const of = takes(array(BYTE, {}));
    const bytes = request(of, [new Uint8Array(1000).fill(7)]);

    const [value] = argsOf(of, bytes) as [Uint8Array];
    bytes.fill(9);

    expect(value).toEqual(new Uint8Array(1000).fill(7));
  });
});

test.each([4, 100])("a fixed array of %d that is too short does not marshal", (length) => {
  const of = takes(array(DOUBLE, { length }));

  expect(() => request(of, [new Float64Array(length - 1)])).toThrow(
    expect.objectContaining({ hr: RPC_E_CLIENT_CANTMARSHAL_DATA }),
  );
});
