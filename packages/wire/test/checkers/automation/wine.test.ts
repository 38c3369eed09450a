import {
  BSTR,
  currency,
  Decimal,
  DOUBLE,
  FADF_FIXEDSIZE,
  IUnknown,
  LONG,
  OleDate,
  pointerTo,
  SAFEARRAY,
  SafeArray,
  safeArray,
  SHORT,
  type Type,
  VARIANT,
  Variant,
  VARIANT_BOOL,
  VT_ARRAY,
  VT_BSTR,
  VT_BYREF,
  VT_CY,
  VT_DATE,
  VT_DECIMAL,
  VT_DISPATCH,
  VT_ERROR,
  VT_I2,
  VT_I4,
  VT_I8,
  VT_TYPEMASK,
  VT_UI1,
  VT_UNKNOWN,
  VT_VARIANT,
} from "@callfactory/core";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { anyVariant, AUTOMATION } from "../../automation/arbitraries.ts";
import { argsOf, request, takes } from "../../calls.ts";
import { bytesOf, hexOf } from "../../hex.ts";
import { runUserMarshal } from "./run-wine.ts";

const USER_MARKER = 0x72657355;

/** The bytes behind the marker and its gap, which is where oleaut32's routines begin. */
function ours(type: Type, value: unknown): string {
  return hexOf(request(takes(type), [value]).subarray(type.kind === "variant" ? 8 : 4));
}

function read(type: Type, hex: string): unknown {
  const front = type.kind === "variant" ? "5573657200000000" : "55736572";
  return argsOf(takes(type), bytesOf(front + hex))[0];
}

/** Words that stand for pointers, which may be anything but 0. */
function isPointer(word: number): boolean {
  return word === USER_MARKER || (word >= 0x20000 && word < 0x20100 && word % 4 === 0);
}

/** `theirs` with our own word wherever ours is a pointer and theirs is one too. */
function alike(own: string, theirs: string): string {
  const [a, b] = [bytesOf(own), bytesOf(theirs)];
  const [mine, other] = [new DataView(a.buffer), new DataView(b.buffer)];
  for (let at = 0; at + 4 <= Math.min(a.length, b.length); at += 4) {
    const word = mine.getUint32(at, true);
    if (isPointer(word) && other.getUint32(at, true) !== 0) other.setUint32(at, word, true);
  }
  return hexOf(b);
}

const matrix = safeArray(VT_I2, Int16Array.of(1, 2, 3, 4, 5, 6), {
  bounds: [
    { lowerBound: 5, elements: 2 },
    { lowerBound: -1, elements: 3 },
  ],
});
const decimal = new Decimal({ negative: true, digits: (0x11223344n << 64n) | 5n, scale: 2 });

// What user_marshal.c makes.
const VALUES: readonly [string, Type, unknown][] = [
  ["empty", VARIANT, new Variant(0, undefined)],
  ["null", VARIANT, new Variant(1, null)],
  ["ui1", VARIANT, new Variant(VT_UI1, 200)],
  ["i4", VARIANT, new Variant(VT_I4, -7)],
  ["cy", VARIANT, new Variant(VT_CY, currency("-12.5"))],
  ["date", VARIANT, new Variant(VT_DATE, new OleDate(45_351.5))],
  ["bstr", VARIANT, new Variant(VT_BSTR, "abc")],
  ["bstr by reference", VARIANT, new Variant(VT_BYREF | VT_BSTR, "abc")],
  ["decimal", VARIANT, new Variant(VT_DECIMAL, decimal)],
  ["decimal by reference", VARIANT, new Variant(VT_BYREF | VT_DECIMAL, decimal)],
  ["matrix", SAFEARRAY(SHORT), matrix],
  ["matrix in a variant", VARIANT, new Variant(VT_ARRAY | VT_I2, matrix)],
  ["matrix by reference", VARIANT, new Variant(VT_BYREF | VT_ARRAY | VT_I2, matrix)],
  ["doubles", SAFEARRAY(DOUBLE), Float64Array.of(0, 1.5)],
  ["booleans", SAFEARRAY(VARIANT_BOOL), [true, false]],
  ["unknowns", SAFEARRAY(pointerTo(IUnknown)), [null, null]],
  ["none", SAFEARRAY(LONG), null],
  ["string", BSTR, "abc"],
  ["no string", BSTR, null],
  ["empty string", BSTR, ""],
];

describe("Wine's oleaut32 writes what we write, and we read it:", () => {
  let written: Map<string, string>;
  beforeAll(() => {
    written = new Map(runUserMarshal());
  }, 200_000);

  test.each(VALUES)("%s", (name, type, value) => {
    const theirs = written.get(name) ?? "";

    expect(alike(ours(type, value), theirs)).toBe(ours(type, value));
    expect(read(type, theirs)).toEqual(value);
  });

  test("a VARIANT by reference, whose pointer is the size of a VARIANT: 24 in 64 bits", () => {
    const value = new Variant(VT_BYREF | VT_VARIANT, new Variant(VT_I8, -5n));
    const theirs = written.get("variant by reference") ?? "";

    expect(theirs.slice(40, 48)).toBe("18000000");
    expect(theirs.slice(0, 40) + "10000000" + theirs.slice(48)).toBe(ours(VARIANT, value));
    expect(read(VARIANT, theirs)).toEqual(value);
  });

  test("a NULL string in a VARIANT, whose pointer is NULL there with the string behind it", () => {
    const value = new Variant(VT_BSTR, null);
    const theirs = written.get("null bstr") ?? "";

    expect(theirs.slice(40, 48)).toBe("00000000");
    expect(`${theirs.slice(0, 40)}55736572${theirs.slice(48)}`).toBe(ours(VARIANT, value));
    expect(read(VARIANT, theirs)).toEqual(value);
  });
});

/*
 * Wine writes arrays of strings and of VARIANTs without their pointers, which its own tests call
 * wrong; it knows no arrays of VT_ERROR; it gives a NULL string in a VARIANT a NULL pointer and the
 * string all the same; and interface pointers have to be real ones there.
 */
const UNKNOWN_THERE = [VT_BSTR, VT_VARIANT, VT_ERROR, VT_UNKNOWN, VT_DISPATCH];

function isKnownThere(value: unknown): boolean {
  if (value instanceof SafeArray) {
    return !UNKNOWN_THERE.includes(value.vt) && (value.features & FADF_FIXEDSIZE) === 0;
  }
  if (!(value instanceof Variant)) return true;
  const { vt, value: inner } = value;
  const base = vt & VT_TYPEMASK;
  if (base === VT_UNKNOWN || base === VT_DISPATCH) return false;
  if (base === VT_BSTR && inner === null) return false;
  // The size of a VARIANT is another one there, as said above.
  if (vt === (VT_BYREF | VT_VARIANT)) return false;
  if ((vt & VT_ARRAY) === 0) return true;
  return inner !== null && !UNKNOWN_THERE.includes(base) && isKnownThere(inner);
}

describe("Wine's oleaut32 reads what we write, and writes it again:", () => {
  test("80 VARIANTs of any kind", () => {
    const values = fc.sample(anyVariant.filter(isKnownThere), { numRuns: 80, seed: 20_220_214 });
    const hexes = values.map((value) => ours(VARIANT, value));

    const echoed = runUserMarshal(hexes.map((hex) => `v:${hex}`));

    expect(echoed.map(([, hex], i) => alike(hexes[i] ?? "", hex))).toEqual(hexes);
  }, 200_000);

  test("SAFEARRAYs of every element that it knows", () => {
    const hexes = AUTOMATION.flatMap(({ type, values }) => {
      if (type.kind !== "safearray") return [];
      const known = values.filter((value) => isKnownThere(value) && value !== null);
      const isPlain = ["bstr", "variant", "interface"].includes(type.element.kind);
      if (isPlain || (type.element as { name?: string }).name === "HRESULT") return [];
      return fc.sample(known, { numRuns: 5, seed: 20_220_214 }).map((value) => ours(type, value));
    });

    const echoed = runUserMarshal(hexes.map((hex) => `a:${hex}`));

    expect(hexes.length).toBeGreaterThan(40);
    expect(echoed.map(([, hex], i) => alike(hexes[i] ?? "", hex))).toEqual(hexes);
  }, 200_000);

  test("strings, of an odd number of code units too", () => {
    const hexes = ["", "a", "ab", "a\0b", "\ud800", null].map((text) => ours(BSTR, text));

    const echoed = runUserMarshal(hexes.map((hex) => `b:${hex}`));

    expect(echoed.map(([, hex]) => hex)).toEqual(hexes);
  }, 200_000);
});
