import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OleDate, oleDate } from "../src/index.ts";

const utc = (text: string): Date => new Date(`${text}Z`);

describe("a DATE", () => {
  // The examples of [MS-OAUT] 2.2.25 and of .NET's DateTime.ToOADate.
  test.each([
    [0, "1899-12-30T00:00:00.000"],
    [1, "1899-12-31T00:00:00.000"],
    [2.25, "1900-01-01T06:00:00.000"],
    [-1, "1899-12-29T00:00:00.000"],
    [-1.25, "1899-12-29T06:00:00.000"],
    [45_351.5, "2024-02-29T12:00:00.000"],
    [-657_434, "0100-01-01T00:00:00.000"],
    [2_958_465.75, "9999-12-31T18:00:00.000"],
  ])("%d days show %s, both ways", (days, shown) => {
    expect(new OleDate(days).toString()).toBe(shown);
    expect(new OleDate(days).toDate("utc")).toEqual(utc(shown));
    expect(oleDate(utc(shown), "utc").days).toBe(days);
  });

  test("between -1 and 1 the sign makes no difference", () => {
    expect(new OleDate(-0.25).toString()).toBe(new OleDate(0.25).toString());
  });

  test("every millisecond comes back", () => {
    const min = utc("0100-01-01T00:00:00.000");
    const max = utc("9999-12-31T23:59:59.999");

    fc.assert(
      fc.property(fc.date({ min, max, noInvalidDate: true }), (date) => {
        expect(oleDate(date, "utc").toDate("utc")).toEqual(date);
      }),
      { numRuns: 1000 },
    );
  });

  test("is what a local clock shows when asked for that", () => {
    const noon = new Date(2024, 6, 1, 12, 30);

    expect(oleDate(noon, "local").toString()).toBe("2024-07-01T12:30:00.000");
    expect(oleDate(noon, "local").toDate("local")).toEqual(noon);
  });

  test.each([-657_435, 2_958_466, Number.NaN, Number.POSITIVE_INFINITY])(
    "of %d days is kept, but shows no day",
    (days) => {
      const date = new OleDate(days);

      expect(date.days).toBe(days);
      expect(date.toString()).toBe(`DATE(${days})`);
      expect(() => date.toDate("utc")).toThrow(RangeError);
    },
  );

  test("is not made of a day that it cannot show", () => {
    const late = new Date(0);
    late.setUTCFullYear(50);

    expect(() => oleDate(late, "utc")).toThrow(RangeError);
    expect(() => oleDate(late, "local")).toThrow(RangeError);
    expect(() => oleDate(new Date(Number.NaN), "utc")).toThrow(RangeError);
  });

  test("wants to know whose clock is meant", () => {
    expect(() => new OleDate(1).toDate(undefined as never)).toThrow(TypeError);
    expect(() => oleDate(new Date(), undefined as never)).toThrow(TypeError);
  });
});
