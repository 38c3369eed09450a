import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  array,
  BYTE,
  LONG,
  type Param,
  param,
  shapeResult,
  spreadResult,
  ULONG,
  unique,
} from "../src/index.ts";
import { placed } from "./placed.ts";

const NONE = placed("None", [param.in("a", LONG)]);
const ONE = placed("One", [param.in("a", LONG), param.retval("b", LONG)]);
const SEVERAL = placed("Several", [
  param.out("first", LONG),
  param.in("a", LONG),
  param.inout("second", LONG),
]);
const PULL = placed("Pull", [
  param.out("buf", array(BYTE, { sizeIs: "cRequest", lengthIs: "pcReturned" })),
  param.in("cRequest", ULONG),
  param.out("pcReturned", ULONG),
]);
const LIST = placed("List", [
  param.out("n", ULONG),
  param.out("items", unique(array(LONG, { sizeIs: "n" }))),
]);

describe("shapeResult", () => {
  test("is undefined for a method without outs", () => {
    expect(shapeResult(NONE, [])).toBeUndefined();
  });

  test("is the value of a single out", () => {
    expect(shapeResult(ONE, [7])).toBe(7);
  });

  test("is an object of several, keyed by their IDL names", () => {
    expect(shapeResult(SEVERAL, [1, 2])).toEqual({ first: 1, second: 2 });
  });

  test("leaves out a count that the array implies", () => {
    expect(shapeResult(PULL, [Uint8Array.of(1, 2), 2])).toEqual(Uint8Array.of(1, 2));
  });
});

describe("spreadResult", () => {
  test("gives a method without outs none", () => {
    expect(spreadResult(NONE, "ignored")).toEqual([]);
  });

  test("puts several in IDL order", () => {
    expect(spreadResult(SEVERAL, { second: 2, first: 1 })).toEqual([1, 2]);
  });

  test("fills in the count of an array", () => {
    expect(spreadResult(PULL, Uint8Array.of(1, 2, 3))).toEqual([Uint8Array.of(1, 2, 3), 3]);
  });

  test("counts an array behind a pointer", () => {
    expect(spreadResult(LIST, Int32Array.of(5))).toEqual([1, Int32Array.of(5)]);
  });

  test("counts nothing where the array is NULL", () => {
    expect(spreadResult(LIST, null)).toEqual([0, null]);
  });

  test.each([[null], [5], ["text"], [undefined]])("leaves several undefined for %o", (value) => {
    expect(spreadResult(SEVERAL, value)).toEqual([undefined, undefined]);
  });
});

/** Any mix of outs: plain ones, and arrays with counts of their own. */
const anyOuts = fc
  .array(fc.option(fc.uint8Array({ maxLength: 4 }), { nil: null }), { maxLength: 5 })
  .map((items) => {
    const params: Param[] = [];
    const outs: unknown[] = [];
    for (const [i, bytes] of items.entries()) {
      if (bytes === null) {
        params.push(param.in(`in${i}`, LONG), param.inout(`value${i}`, LONG));
        outs.push(i);
      } else {
        params.push(
          param.out(`count${i}`, ULONG),
          param.out(`items${i}`, array(BYTE, { sizeIs: `count${i}` })),
        );
        outs.push(bytes.length, bytes);
      }
    }
    return { method: placed("Any", params), outs };
  });

test("spreadResult is the inverse of shapeResult", () => {
  fc.assert(
    fc.property(anyOuts, ({ method, outs }) => {
      expect(spreadResult(method, shapeResult(method, outs))).toEqual(outs);
    }),
  );
});
