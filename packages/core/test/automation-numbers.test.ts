import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Currency, currency, Decimal, decimal } from "../src/index.ts";

const anyInt64 = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
const anyDecimal = fc
  .record({
    negative: fc.boolean(),
    digits: fc.bigInt({ min: 0n, max: (1n << 96n) - 1n }),
    scale: fc.integer({ min: 0, max: 28 }),
  })
  .map((parts) => new Decimal(parts));

describe("a CURRENCY", () => {
  test.each([
    ["12.34", 123_400n],
    ["-0.0001", -1n],
    [".5", 5_000n],
    ["12.30000000", 123_000n],
    ["1e3", 10_000_000n],
    [0.1, 1_000n],
    [-0, 0n],
    [7n, 70_000n],
  ])("%s is %d ten-thousandths", (value, scaled) => {
    expect(currency(value).scaled).toBe(scaled);
  });

  test.each([
    ["0.00001", RangeError],
    [0.123456, RangeError],
    ["922337203685477.5808", RangeError],
    [1n << 63n, RangeError],
    ["twelve", TypeError],
    ["", TypeError],
    [".", TypeError],
    ["1 000", TypeError],
    [Number.NaN, TypeError],
    [Number.POSITIVE_INFINITY, TypeError],
    ["0x10", TypeError],
  ])("%s is refused", (value, kind) => {
    expect(() => currency(value)).toThrow(kind);
  });

  test("every one comes back from its text", () => {
    fc.assert(
      fc.property(anyInt64, (scaled) => {
        const value = new Currency(scaled);

        expect(currency(value.toString())).toEqual(value);
      }),
    );
  });

  test("is shown without the zeros at its end, and as text in JSON", () => {
    expect(JSON.stringify([currency("-12.50"), currency(3n)])).toBe('["-12.5","3"]');
    expect(currency("-12.5").toNumber()).toBe(-12.5);
  });
});

describe("a DECIMAL", () => {
  test.each([
    ["1.50", false, 150n, 2],
    ["-0.0", true, 0n, 1],
    ["1e-28", false, 1n, 28],
    ["-79228162514264337593543950335", true, (1n << 96n) - 1n, 0],
    [1e21, false, 10n ** 21n, 0],
    [0.1, false, 1n, 1],
    [-5n, true, 5n, 0],
    // Zeros that would not fit go.
    ["1.00000000000000000000000000000", false, 1n, 0],
  ])("%s keeps its digits and its scale", (value, negative, digits, scale) => {
    expect(decimal(value)).toEqual(new Decimal({ negative, digits, scale }));
  });

  test.each([
    ["1e-29", RangeError],
    ["79228162514264337593543950336", RangeError],
    ["1e9999", RangeError],
    ["1e99999", TypeError],
    ["1".repeat(500), TypeError],
    ["--1", TypeError],
  ])("%s is refused", (value, kind) => {
    expect(() => decimal(value)).toThrow(kind);
  });

  test.each([{ digits: 1n << 96n }, { digits: -1n }, { scale: 29 }, { scale: 0.5 }])(
    "stored parts that it cannot have are refused: %o",
    (parts) => {
      expect(() => new Decimal({ negative: false, digits: 1n, scale: 0, ...parts })).toThrow(
        RangeError,
      );
    },
  );

  test("every one comes back from its text", () => {
    fc.assert(
      fc.property(anyDecimal, (value) => {
        expect(decimal(value.toString())).toEqual(value);
      }),
    );
  });

  test("is text in JSON, and a number on request", () => {
    expect(JSON.stringify(decimal("-1.50"))).toBe('"-1.50"');
    expect(decimal("-1.50").toNumber()).toBe(-1.5);
  });
});
