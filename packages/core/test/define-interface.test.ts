import { describe, expect, test } from "vitest";
import {
  array,
  BYTE,
  defineInterface,
  GUID,
  type Interface,
  IUnknown,
  LONG,
  type MethodSpec,
  method,
  param,
  pointerByIid,
  pointerTo,
  ref,
  struct,
  ULONG,
  unique,
} from "../src/index.ts";

const IID = "11111111-2222-4333-8444-555555555555";
const BASE_IID = "11111111-2222-4333-8444-666666666666";

function define(methods: readonly MethodSpec[], base: Interface = IUnknown): Interface {
  return defineInterface({ name: "IFoo", iid: IID, base, methods });
}

const IBase = defineInterface({
  name: "IBase",
  iid: BASE_IID,
  base: IUnknown,
  methods: [method("First", []), method("Second", [])],
});

describe("slots", () => {
  test("the first method comes after IUnknown's three", () => {
    expect(define([method("A", [])]).members.get("A")?.slot).toBe(3);
  });

  test("own methods come after those of the base", () => {
    expect(define([method("A", []), method("B", [])], IBase).methods.map((m) => m.slot)).toEqual([
      5, 6,
    ]);
  });

  test("an interface counts its slots, IUnknown's included", () => {
    expect([IUnknown.slots, IBase.slots, define([method("A", [])], IBase).slots]).toEqual([
      3, 5, 6,
    ]);
  });

  test("inherited methods are members, but not own methods", () => {
    const iface = define([method("A", [])], IBase);

    expect([...iface.members.keys()]).toEqual(["First", "Second", "A"]);
    expect(iface.methods.map((m) => m.name)).toEqual(["A"]);
  });
});

describe("directions", () => {
  const { members } = define([
    method("M", [
      param.in("a", LONG),
      param.out("b", LONG),
      param.inout("c", LONG),
      param.retval("d", LONG),
    ]),
  ]);
  const m = members.get("M");

  test("[in] and [in,out] parameters are what the caller gives", () => {
    expect(m?.ins).toEqual([0, 2]);
  });

  test("[out] and [in,out] parameters are what comes back", () => {
    expect(m?.outs).toEqual([1, 2, 3]);
  });

  test("[retval] is remembered", () => {
    expect(m?.params.map((p) => p.retval)).toEqual([false, false, false, true]);
  });

  test("a count that only an [out] array has is no result", () => {
    const pull = define([
      method("Pull", [
        param.out("buf", array(BYTE, { sizeIs: "cRequest", lengthIs: "pcReturned" })),
        param.in("cRequest", ULONG),
        param.out("pcReturned", ULONG),
      ]),
    ]).members.get("Pull");

    expect([pull?.outs, pull?.results]).toEqual([[0, 2], [0]]);
  });

  test("a count of an array behind a pointer is no result either", () => {
    const get = define([
      method("Get", [
        param.out("n", ULONG),
        param.out("items", unique(array(LONG, { sizeIs: "n" }))),
      ]),
    ]).members.get("Get");

    expect(get?.results).toEqual([1]);
  });

  test("an [in,out] count is a result of its own", () => {
    const fill = define([
      method("Fill", [param.inout("n", ULONG), param.out("items", array(LONG, { sizeIs: "n" }))]),
    ]).members.get("Fill");

    expect(fill?.results).toEqual([0, 1]);
  });
});

describe("hasInterfaces", () => {
  const pointer = pointerTo(IUnknown);

  test.each([
    ["itself", pointer],
    ["an array of them", array(pointer, { length: 2 })],
    ["a pointer to one", ref(pointer)],
    ["a structure with one", struct("HOLDER", { held: pointer })],
  ])("is true for an interface pointer: %s", (_what, type) => {
    expect(define([method("M", [param.in("p", type)])]).methods[0]?.hasInterfaces).toBe(true);
  });

  test("is false for plain data", () => {
    const type = struct("PLAIN", { n: LONG, bytes: array(BYTE, { length: 4 }) });

    expect(define([method("M", [param.in("p", type)])]).methods[0]?.hasInterfaces).toBe(false);
  });
});

describe("mistakes", () => {
  test("a method declared twice is refused by its full name", () => {
    expect(() => define([method("A", []), method("A", [])])).toThrow(
      new TypeError("IFoo::A is declared twice"),
    );
  });

  test("a method that the base has already is refused", () => {
    expect(() => define([method("Second", [])], IBase)).toThrow(
      new TypeError("IFoo::Second is declared twice"),
    );
  });

  test("a wrong IID is refused", () => {
    expect(() =>
      defineInterface({ name: "IFoo", iid: "IFoo", base: IUnknown, methods: [] }),
    ).toThrow(TypeError);
  });

  test("a wrong async IID is refused", () => {
    expect(() =>
      defineInterface({ name: "IFoo", iid: IID, asyncIid: "none", base: IUnknown, methods: [] }),
    ).toThrow(TypeError);
  });

  test.each(["sizeIs", "lengthIs"])("a %s that names no parameter is refused", (bound) => {
    const items = param.in("items", array(LONG, { [bound]: "count" }));

    expect(() => define([method("Sum", [items])])).toThrow(
      new TypeError("IFoo::Sum: 'items' is sized by 'count', which is no parameter"),
    );
  });

  test("an iid_is that names no parameter is refused", () => {
    const found = param.out("ppv", pointerByIid(IUnknown, "iid"));

    expect(() => define([method("Find", [param.in("riid", GUID), found])])).toThrow(
      new TypeError("IFoo::Find: 'ppv' is typed by 'iid', which is no parameter"),
    );
  });
});

test("an IID is kept in canonical form", () => {
  const iface = defineInterface({
    name: "IFoo",
    iid: `{${IID.toUpperCase()}}`,
    base: IUnknown,
    methods: [],
  });

  expect(iface.iid).toBe(IID);
});

test("a description cannot be changed afterwards", () => {
  expect(Object.isFrozen(IBase) && Object.isFrozen(IBase.methods[0])).toBe(true);
});
