import { describe, expect, test } from "vitest";
import {
  arm,
  array,
  BOOLEAN,
  checkArgs,
  CHAR,
  defaultArm,
  lazy,
  LONG,
  LONGLONG,
  type Param,
  param,
  ptr,
  SHORT,
  stringOf,
  struct,
  switchIs,
  type Type,
  ULONG,
  union,
  unique,
  VARIANT,
  VT_ARRAY,
  VT_BSTR,
  variant,
  WCHAR,
} from "../src/index.ts";
import { placed } from "./placed.ts";

function checkAll(params: readonly Param[], args: readonly unknown[]): unknown[] {
  return checkArgs(placed("Take", params), args, () => false);
}

function check(type: Type, value: unknown): unknown {
  return checkAll([param.in("value", type)], [value])[0];
}

const U = union("U", LONG, [arm([1, 2], SHORT), arm(3)]);

describe("unions", () => {
  test("take the value of their arm", () => {
    expect(check(U, { tag: 2, value: 7 })).toEqual({ tag: 2, value: 7 });
    expect(check(U, { tag: 3 })).toEqual({ tag: 3 });
  });

  test("have a tag", () => {
    expect(() => check(U, 7)).toThrow(
      /'value' must be a U \(an object with tag and value\), got 7/,
    );
    expect(() => check(U, { tag: "1", value: 7 })).toThrow(/'value'\.tag must be a LONG/);
  });

  test("name the value that does not fit the arm", () => {
    expect(() => check(U, { tag: 1, value: 70_000 })).toThrow(/'value'\.value must be a SHORT/);
  });

  test("refuse a tag without an arm, unless there is a default", () => {
    const ANY = union("ANY", LONG, [arm(1, SHORT), defaultArm(LONG)]);

    expect(() => check(U, { tag: 4, value: 7 })).toThrow(/'value'\.tag: U has no arm 4/);
    expect(check(ANY, { tag: 4, value: 70_000 })).toEqual({ tag: 4, value: 70_000 });
  });

  test("refuse a value for an empty arm", () => {
    expect(() => check(U, { tag: 3, value: 7 })).toThrow(/'value'\.value must be left out/);
  });

  test("agree with what switch_is names", () => {
    const params = [param.in("level", ULONG), param.in("u", switchIs(U, "level"))];

    expect(() => checkAll(params, [2, { tag: 1, value: 7 }])).toThrow(
      new RangeError("ITest::Take: 'u'.tag is 1, but 'level' = 2"),
    );
    expect(checkAll(params, [1, { tag: 1, value: 7 }])).toEqual([1, { tag: 1, value: 7 }]);
  });

  test.each([
    ["a label twice", () => union("U", LONG, [arm([1, 2], LONG), arm(2, SHORT)])],
    ["two defaults", () => union("U", LONG, [defaultArm(LONG), defaultArm(null)])],
    ["a number for a hyper", () => union("U", LONGLONG, [arm(1, LONG)])],
    ["a number for a truth value", () => union("U", BOOLEAN, [arm(1, LONG)])],
  ])("cannot be defined with %s", (_what, define) => {
    expect(define).toThrow(TypeError);
  });
});

describe("characters", () => {
  const NAME = stringOf(WCHAR, { length: 4 });

  test("leave room for the NUL", () => {
    expect(check(NAME, "abc")).toBe("abc");
    expect(() => check(NAME, "abcd")).toThrow(/must be shorter than 4 characters, got 4/);
  });

  test.each([null, 5, "a\0"])("are a string without NUL, unlike %j", (value) => {
    expect(() => check(NAME, value)).toThrow(TypeError);
  });

  test("of one byte go up to U+00FF", () => {
    expect(check(stringOf(CHAR), "ÿ")).toBe("ÿ");
    expect(() => check(stringOf(CHAR), "Ā")).toThrow(RangeError);
  });

  test("fit what size_is says, NUL included", () => {
    const params = [param.in("n", ULONG), param.in("s", stringOf(WCHAR, { sizeIs: "n" }))];

    expect(checkAll(params, [3, "ab"])).toEqual([3, "ab"]);
    expect(() => checkAll(params, [2, "ab"])).toThrow(/'s' has 2 characters and a NUL/);
  });
});

describe("arrays", () => {
  test("reach as far as first_is and length_is together", () => {
    const bound = { length: 4, firstIs: "f", lengthIs: "n" };
    const open = { sizeIs: "n", firstIs: "f", lengthIs: "n" };
    const counts = [param.in("f", LONG), param.in("n", LONG)];

    expect(() =>
      checkAll([...counts, param.in("a", array(LONG, bound))], [1, 3, new Int32Array(4)]),
    ).not.toThrow();
    expect(() =>
      checkAll([...counts, param.in("a", array(LONG, open))], [1, 3, new Int32Array(3)]),
    ).toThrow(new RangeError("ITest::Take: 'a' has 3 elements, fewer than 'n' = 3 from 1 on"));
  });

  test("reach the index that max_is or last_is names", () => {
    for (const bound of [{ maxIs: "m" }, { length: 3, lastIs: "m" }]) {
      const params = [param.in("a", array(LONG, bound)), param.in("m", LONG)];

      expect(() => checkAll(params, [new Int32Array(3), 2])).not.toThrow();
      expect(() => checkAll(params, [new Int32Array(3), 3])).toThrow(RangeError);
    }
  });

  test("have rows of one length", () => {
    const GRID = array(array(LONG, {}), {});

    expect(() => check(GRID, [new Int32Array(2), new Int32Array(1)])).toThrow(
      new RangeError("ITest::Take: 'value'[1] must have 2 elements like the first row, got 1"),
    );
  });

  test("have rows as long as the inner size_is says", () => {
    const GRID = array(array(LONG, { sizeIs: "n" }), { sizeIs: "n" });
    const params = [param.in("n", LONG), param.in("g", GRID)];

    expect(() => checkAll(params, [2, [new Int32Array(1), new Int32Array(1)]])).toThrow(
      /'g'\[0\] has 1 elements, fewer than 'n' = 2/,
    );
  });

  test("are as long as the member says that sizes them", () => {
    const BLOB = struct("BLOB", { n: ULONG, p: unique(array(LONG, { sizeIs: "n" })) });

    expect(check(BLOB, { n: 9, p: null })).toEqual({ n: 9, p: null });
    expect(() => check(BLOB, { n: 3, p: new Int32Array(2) })).toThrow(
      new RangeError("ITest::Take: 'value'.p has 2 elements, fewer than 'n' = 3"),
    );
  });
});

interface Node {
  value: number;
  next: Node | null;
}
const RING = struct("RING", { value: LONG, next: ptr(lazy<Node>((): Type => RING)) });
const LIST = struct("LIST", { value: LONG, next: unique(lazy<Node>((): Type => LIST)) });

describe("values that lead to themselves", () => {
  const node: Node = { value: 1, next: null };
  node.next = node;

  test("stay as they are behind [ptr]", () => {
    const checked = check(ptr(RING), node) as Node;

    expect(checked).not.toBe(node);
    expect(checked.next).toBe(checked);
  });

  test("cannot be expressed by [unique]", () => {
    expect(() => check(LIST, node)).toThrow(/is nested deeper than .* only \[ptr\] can express/);
  });

  test("share what they shared", () => {
    const PAIR = struct("PAIR", { a: ptr(LIST), b: ptr(LIST) });
    const shared = { value: 1, next: null };

    const checked = check(PAIR, { a: shared, b: shared }) as { a: Node; b: Node };

    expect(checked.a).toBe(checked.b);
    expect(checked.a).toEqual(shared);
  });

  test("share a VARIANT whole, not the array in it", () => {
    const shared = variant(VT_ARRAY | VT_BSTR, ["a"]);
    const params = [param.in("a", ptr(VARIANT)), param.in("b", ptr(VARIANT))];

    expect(checkAll(params, [shared, shared])).toEqual([shared, shared]);
  });

  test("name where they are wrong", () => {
    const list = { value: 1, next: { value: "2", next: null } };

    expect(() => check(LIST, list)).toThrow(/'value'\.next\.value must be a LONG/);
  });
});
