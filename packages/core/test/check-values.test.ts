import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BOOL,
  BSTR,
  BYTE,
  CHAR,
  checkArgs,
  DOUBLE,
  enumeration,
  FLOAT,
  GUID,
  IUnknown,
  LONG,
  LONGLONG,
  LPWSTR,
  type Param,
  param,
  pointerTo,
  ref,
  SHORT,
  struct,
  type Type,
  ULONG,
  ULONGLONG,
  USHORT,
  unique,
} from "../src/index.ts";
import { placed } from "./placed.ts";

const pointer = { an: "interface pointer" };

/** Checks one [in] argument of ITest::Take. */
function check(type: Type, value: unknown): unknown {
  return checkAll([param.in("value", type)], [value])[0];
}

function checkAll(params: readonly Param[], args: readonly unknown[]): unknown[] {
  return checkArgs(placed("Take", params), args, (value) => value === pointer);
}

const COLOR = enumeration("COLOR", { RED: 1, GREEN: 2 });
const WIDE = enumeration("WIDE", { ALL: 0x7fffffff }, { v1: true });
const POINT = struct("POINT", { x: LONG, y: LONG });

describe("integers", () => {
  const kinds = [
    ["BYTE", BYTE, 0, 0xff],
    ["CHAR", CHAR, -0x80, 0x7f],
    ["USHORT", USHORT, 0, 0xffff],
    ["SHORT", SHORT, -0x8000, 0x7fff],
    ["ULONG", ULONG, 0, 0xffffffff],
    ["LONG", LONG, -0x80000000, 0x7fffffff],
  ] as const;

  test.each(kinds)("%s takes its least and greatest value", (_name, type, least, most) => {
    expect([check(type, least), check(type, most)]).toEqual([least, most]);
  });

  test.each(kinds)("%s refuses what lies beyond", (_name, type, least, most) => {
    expect(() => check(type, least - 1)).toThrow(RangeError);
    expect(() => check(type, most + 1)).toThrow(RangeError);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1.5])("LONG refuses %d", (value) => {
    expect(() => check(LONG, value)).toThrow(RangeError);
  });

  test.each([[1n], ["1"], [true], [null], [undefined]])("LONG refuses %o for its type", (value) => {
    expect(() => check(LONG, value)).toThrow(TypeError);
  });

  test("the message names method, argument, type and range", () => {
    expect(() => check(LONG, 2 ** 31)).toThrow(
      new RangeError(
        "ITest::Take: 'value' must be a LONG (-2147483648 to 2147483647), got 2147483648",
      ),
    );
  });
});

describe("64-bit integers", () => {
  const kinds = [
    ["LONGLONG", LONGLONG, -(2n ** 63n), 2n ** 63n - 1n],
    ["ULONGLONG", ULONGLONG, 0n, 2n ** 64n - 1n],
  ] as const;

  test.each(kinds)("%s takes its least and greatest value", (_name, type, least, most) => {
    expect([check(type, least), check(type, most)]).toEqual([least, most]);
  });

  test.each(kinds)("%s refuses what lies beyond", (_name, type, least, most) => {
    expect(() => check(type, least - 1n)).toThrow(RangeError);
    expect(() => check(type, most + 1n)).toThrow(RangeError);
  });

  test("a number is no bigint", () => {
    expect(() => check(LONGLONG, 5)).toThrow(
      new TypeError("ITest::Take: 'value' must be a LONGLONG (a bigint), got 5"),
    );
  });
});

describe("floating-point numbers", () => {
  test.each([Number.NaN, Number.NEGATIVE_INFINITY, -0, 1e308])("DOUBLE takes %d", (value) => {
    expect(check(DOUBLE, value)).toBe(value);
  });

  test.each([[1n], ["1.5"], [null]])("FLOAT refuses %o", (value) => {
    expect(() => check(FLOAT, value)).toThrow(TypeError);
  });
});

describe("truth values", () => {
  test.each([true, false])("BOOL takes %o", (value) => {
    expect(check(BOOL, value)).toBe(value);
  });

  test.each([[0], [1], ["true"], [null], [undefined]])("BOOL refuses %o", (value) => {
    expect(() => check(BOOL, value)).toThrow(/'value' must be a BOOL \(true or false\)/);
  });
});

describe("strings", () => {
  test.each([["text"], [""], [null], ["\ud800"]])("LPWSTR takes %o", (value) => {
    expect(check(LPWSTR, value)).toBe(value);
  });

  test("LPWSTR refuses NUL, which would end it", () => {
    expect(() => check(LPWSTR, "a\0b")).toThrow(/ITest::Take: 'value' must not contain NUL/);
  });

  test("BSTR keeps NUL", () => {
    expect(check(BSTR, "a\0b")).toBe("a\0b");
  });

  test.each([[1], [undefined], [Symbol.iterator], [["a"]]])("BSTR refuses %o", (value) => {
    expect(() => check(BSTR, value)).toThrow(TypeError);
  });

  test("LPWSTR refuses a number", () => {
    expect(() => check(LPWSTR, 5)).toThrow(TypeError);
  });
});

describe("GUIDs", () => {
  test("come out in canonical form", () => {
    expect(check(GUID, "{ABCDEF00-0000-4000-8000-ABCDEF000000}")).toBe(
      "abcdef00-0000-4000-8000-abcdef000000",
    );
  });

  test.each([["abcdef00"], [null], [0]])("refuse %o", (value) => {
    expect(() => check(GUID, value)).toThrow(TypeError);
  });
});

describe("enumerations", () => {
  test("take a value without a name: COM checks none", () => {
    expect(check(COLOR, 3)).toBe(3);
  });

  test("refuse a name in place of its value", () => {
    expect(() => check(COLOR, "RED")).toThrow(/must be a COLOR \(one of RED, GREEN\), got "RED"/);
  });

  test("refuse a fraction", () => {
    expect(() => check(COLOR, 1.5)).toThrow(TypeError);
  });

  test("are 0 to 32,767, as MIDL's stubs want them", () => {
    expect([check(COLOR, 0), check(COLOR, 0x7fff)]).toEqual([0, 0x7fff]);
    expect(() => check(COLOR, -1)).toThrow(RangeError);
    expect(() => check(COLOR, 0x8000)).toThrow(RangeError);
  });

  test("have 32 bits if [v1_enum]", () => {
    expect(check(WIDE, 0x7fffffff)).toBe(0x7fffffff);
    expect(() => check(WIDE, 0x80000000)).toThrow(RangeError);
  });
});

describe("structures", () => {
  test("come out with the members of the description alone", () => {
    expect(check(POINT, { x: 1, y: 2, z: 3 })).toEqual({ x: 1, y: 2 });
  });

  test("name the member that is wrong", () => {
    expect(() => check(POINT, { x: 1, y: "2" })).toThrow(/ITest::Take: 'value'\.y must be a LONG/);
  });

  test("miss no member silently", () => {
    expect(() => check(POINT, { x: 1 })).toThrow(/'value'\.y must be a LONG .*got undefined/);
  });

  test.each([[null], [1], [undefined]])("refuse %o", (value) => {
    expect(() => check(POINT, value)).toThrow(TypeError);
  });
});

describe("pointers", () => {
  test("a [unique] pointer may be null", () => {
    expect(check(unique(POINT), null)).toBeNull();
  });

  test("a [ref] pointer may not", () => {
    expect(() => check(ref(POINT), null)).toThrow(TypeError);
  });

  test("what they point to is checked", () => {
    expect(() => check(unique(LONG), 2 ** 40)).toThrow(RangeError);
  });

  test.each([[pointer], [null]])("an interface pointer may be %o", (value) => {
    expect(check(pointerTo(IUnknown), value)).toBe(value);
  });

  test.each([[{}], [undefined], [5]])("an interface pointer may not be %o", (value) => {
    expect(() => check(pointerTo(IUnknown), value)).toThrow(
      /ITest::Take: 'value' must be a IUnknown\* \(an interface pointer or null\)/,
    );
  });
});

describe("the number of arguments", () => {
  const params = [param.in("a", LONG), param.out("b", LONG), param.inout("c", LONG)];

  test.each([[[]], [[1]], [[1, 2, 3]]])(
    "%o is refused with the names that are expected",
    (args) => {
      expect(() => checkAll(params, args)).toThrow(
        new TypeError(`ITest::Take takes 2 argument(s) (a, c), got ${args.length}`),
      );
    },
  );

  test("counts [in] and [in,out] parameters", () => {
    expect(checkAll(params, [1, 2])).toEqual([1, 2]);
  });
});

test("any 32-bit integer is a LONG", () => {
  fc.assert(
    fc.property(fc.integer(), (value) => {
      expect(check(LONG, value)).toBe(value);
    }),
  );
});
