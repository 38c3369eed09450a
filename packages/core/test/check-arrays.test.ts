import { describe, expect, test } from "vitest";
import {
  array,
  BSTR,
  BYTE,
  CHAR,
  checkArgs,
  checkOuts,
  DOUBLE,
  FLOAT,
  LONG,
  LONGLONG,
  type Param,
  param,
  SHORT,
  struct,
  type Type,
  ULONG,
  ULONGLONG,
  USHORT,
  unique,
} from "../src/index.ts";
import { placed } from "./placed.ts";

function check(params: readonly Param[], args: readonly unknown[]): unknown[] {
  return checkArgs(placed("Take", params), args, () => false);
}

/** Checks one [in] argument of a fixed length. */
function checkFixed(element: Type, length: number, value: unknown): unknown {
  return check([param.in("items", array(element, { length }))], [value])[0];
}

describe("typed arrays", () => {
  const kinds = [
    ["BYTE", BYTE, Uint8Array],
    ["CHAR", CHAR, Int8Array],
    ["USHORT", USHORT, Uint16Array],
    ["SHORT", SHORT, Int16Array],
    ["ULONG", ULONG, Uint32Array],
    ["LONG", LONG, Int32Array],
    ["LONGLONG", LONGLONG, BigInt64Array],
    ["ULONGLONG", ULONGLONG, BigUint64Array],
    ["FLOAT", FLOAT, Float32Array],
    ["DOUBLE", DOUBLE, Float64Array],
  ] as const;

  test.each(kinds)("an array of %s is its own kind of typed array", (_name, element, kind) => {
    const items = new kind(3);

    expect(checkFixed(element, 3, items)).toBe(items);
  });

  test.each(kinds)("an array of %s is no other kind", (_name, element, kind) => {
    const others = kinds.map(([, , other]) => other).filter((other) => other !== kind);

    for (const other of others) {
      expect(() => checkFixed(element, 3, new other(3))).toThrow(TypeError);
    }
  });

  test("a plain array is no typed array", () => {
    expect(() => checkFixed(BYTE, 2, [1, 2])).toThrow(
      new TypeError("ITest::Take: 'items' must be a BYTE[2] (a Uint8Array), got Array"),
    );
  });

  test("a view of part of a buffer is passed on as it is", () => {
    const view = new Uint8Array(16).subarray(4, 8);

    expect(checkFixed(BYTE, 4, view)).toBe(view);
  });
});

describe("plain arrays", () => {
  test("hold elements of other types", () => {
    expect(checkFixed(BSTR, 2, ["a", null])).toEqual(["a", null]);
  });

  test("name the element that is wrong", () => {
    expect(() => checkFixed(BSTR, 2, ["a", 5])).toThrow(/ITest::Take: 'items'\[1\] must be a BSTR/);
  });

  test("name the member of the element that is wrong", () => {
    const PAIR = struct("PAIR", { low: LONG, high: LONG });

    expect(() => checkFixed(PAIR, 1, [{ low: 1, high: 2 ** 40 }])).toThrow(/'items'\[0\]\.high/);
  });

  test("are no objects with a length", () => {
    expect(() => checkFixed(BSTR, 1, { length: 1, 0: "a" })).toThrow(TypeError);
  });
});

describe("fixed arrays", () => {
  test.each([2, 4])("of 3 elements refuse %d", (length) => {
    expect(() => checkFixed(LONG, 3, new Int32Array(length))).toThrow(
      new RangeError(`ITest::Take: 'items' must have 3 elements, got ${length}`),
    );
  });
});

describe("conformant arrays", () => {
  const items = param.in("items", array(LONG, { sizeIs: "count" }));
  const count = param.in("count", ULONG);

  test("refuse fewer elements than size_is says", () => {
    expect(() => check([items, count], [new Int32Array(2), 3])).toThrow(
      new RangeError("ITest::Take: 'items' has 2 elements, fewer than 'count' = 3"),
    );
  });

  test("take more", () => {
    const values = new Int32Array(5);

    expect(check([items, count], [values, 3])).toEqual([values, 3]);
  });

  test("find the count wherever it stands", () => {
    expect(() => check([count, items], [3, new Int32Array(2)])).toThrow(RangeError);
  });

  test("need no more than length_is says", () => {
    const partly = param.in("items", array(LONG, { sizeIs: "room", lengthIs: "count" }));
    const room = param.in("room", ULONG);

    expect(() => check([partly, room, count], [new Int32Array(2), 10, 2])).not.toThrow();
    expect(() => check([partly, room, count], [new Int32Array(2), 10, 3])).toThrow(RangeError);
  });

  test("may be behind a pointer", () => {
    const behind = param.in("items", unique(array(LONG, { sizeIs: "count" })));

    expect(() => check([behind, count], [new Int32Array(2), 3])).toThrow(RangeError);
    expect(() => check([behind, count], [null, 3])).not.toThrow();
  });

  test("are not compared with a count that comes back", () => {
    const out = param.out("count", ULONG);

    expect(() => check([items, out], [new Int32Array(0)])).not.toThrow();
  });
});

describe("checkOuts", () => {
  const of = placed("Give", [param.in("a", LONG), param.out("b", LONG), param.retval("c", BSTR)]);

  test("takes what fits, in IDL order", () => {
    expect(checkOuts(of, [1, "two"], () => false)).toEqual([1, "two"]);
  });

  test("names the parameter that does not", () => {
    expect(() => checkOuts(of, [1, 2], () => false)).toThrow(/ITest::Give: 'c' must be a BSTR/);
  });

  test("misses no value silently", () => {
    expect(() => checkOuts(of, [], () => false)).toThrow(/ITest::Give: 'b' .*got undefined/);
  });
});
