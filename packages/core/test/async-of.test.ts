import { describe, expect, test } from "vitest";
import {
  AsyncIMultiQI,
  AsyncIPipeByte,
  AsyncIPipeDouble,
  AsyncIPipeLong,
  AsyncIUnknown,
  asyncOf,
  BYTE,
  defineInterface,
  DOUBLE,
  DWORD,
  type Interface,
  IPipeByte,
  IUnknown,
  LONG,
  type Method,
  method,
  param,
  pointerTo,
  ULONG,
} from "../src/index.ts";

// Sink interfaces as objidl.h has them; structures that do not matter here are left out.
const IAdviseSink = defineInterface({
  name: "IAdviseSink",
  iid: "0000010f-0000-0000-c000-000000000046",
  asyncIid: "00000150-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [
    method("OnDataChange", [param.in("pFormatetc", ULONG), param.in("pStgmed", ULONG)], "void"),
    method("OnViewChange", [param.in("dwAspect", DWORD), param.in("lindex", LONG)], "void"),
    method("OnRename", [param.in("pmk", pointerTo(IUnknown))], "void"),
    method("OnSave", [], "void"),
    method("OnClose", [], "void"),
  ],
});

const IAdviseSink2 = defineInterface({
  name: "IAdviseSink2",
  iid: "00000125-0000-0000-c000-000000000046",
  asyncIid: "00000151-0000-0000-c000-000000000046",
  base: IAdviseSink,
  methods: [method("OnLinkSrcChange", [param.in("pmk", pointerTo(IUnknown))], "void")],
});

const IEveryDirection = defineInterface({
  name: "IEveryDirection",
  iid: "22222222-2222-4333-8444-555555555551",
  asyncIid: "22222222-2222-4333-8444-555555555552",
  base: IUnknown,
  methods: [
    method("Mix", [
      param.out("first", BYTE),
      param.in("second", LONG),
      param.inout("third", DOUBLE),
      param.retval("fourth", ULONG),
    ]),
  ],
});

/** `3:Begin_Pull(cRequest)` for each own method: slot, name, parameters with their directions. */
function vtable(iface: Interface): string[] {
  return iface.methods.map((m) => {
    const params = m.params.map((p) => `${p.direction} ${p.name}`).join(", ");
    return `${m.slot}:${m.name}(${params})`;
  });
}

describe("golden vtables", () => {
  test.each([
    ["AsyncIPipeByte", AsyncIPipeByte, "db2f3acb-2f86-11d1-8e04-00c04fb9989a"],
    ["AsyncIPipeLong", AsyncIPipeLong, "db2f3acd-2f86-11d1-8e04-00c04fb9989a"],
    ["AsyncIPipeDouble", AsyncIPipeDouble, "db2f3acf-2f86-11d1-8e04-00c04fb9989a"],
  ])("%s is that of objidlbase.h", (name, iface: Interface, iid) => {
    expect([iface.name, iface.iid, iface.base, iface.slots]).toEqual([name, iid, IUnknown, 7]);
    expect(vtable(iface)).toEqual([
      "3:Begin_Pull(in cRequest)",
      "4:Finish_Pull(out buf, out pcReturned)",
      "5:Begin_Push(in buf, in cSent)",
      "6:Finish_Push()",
    ]);
  });

  test("AsyncIAdviseSink is that of objidl.h", () => {
    expect(vtable(asyncOf(IAdviseSink))).toEqual([
      "3:Begin_OnDataChange(in pFormatetc, in pStgmed)",
      "4:Finish_OnDataChange()",
      "5:Begin_OnViewChange(in dwAspect, in lindex)",
      "6:Finish_OnViewChange()",
      "7:Begin_OnRename(in pmk)",
      "8:Finish_OnRename()",
      "9:Begin_OnSave()",
      "10:Finish_OnSave()",
      "11:Begin_OnClose()",
      "12:Finish_OnClose()",
    ]);
  });

  test("AsyncIAdviseSink2 goes on at slot 13", () => {
    expect(vtable(asyncOf(IAdviseSink2))).toEqual([
      "13:Begin_OnLinkSrcChange(in pmk)",
      "14:Finish_OnLinkSrcChange()",
    ]);
  });

  test("AsyncIUnknown, which is written by hand, is that of unknwnbase.h", () => {
    expect(() => asyncOf(IUnknown)).toThrow(TypeError);
    expect(AsyncIUnknown.iid).toBe("000e0000-0000-0000-c000-000000000046");
    expect(vtable(AsyncIUnknown)).toEqual([
      "3:Begin_QueryInterface(in riid)",
      "4:Finish_QueryInterface(out ppvObject)",
      "5:Begin_AddRef()",
      "6:Finish_AddRef()",
      "7:Begin_Release()",
      "8:Finish_Release()",
    ]);
  });

  test("AsyncIMultiQI is that of objidlbase.h", () => {
    expect(AsyncIMultiQI.iid).toBe("000e0020-0000-0000-c000-000000000046");
    expect(vtable(AsyncIMultiQI)).toEqual([
      "3:Begin_QueryMultipleInterfaces(in cMQIs, in pMQIs)",
      "4:Finish_QueryMultipleInterfaces(out pMQIs)",
    ]);
  });
});

describe("derivation", () => {
  test("IDL-01 name and IID are 'Async' and the async_uuid", () => {
    const twin = asyncOf(IEveryDirection);

    expect([twin.name, twin.iid]).toEqual([
      "AsyncIEveryDirection",
      "22222222-2222-4333-8444-555555555552",
    ]);
  });

  test("IDL-02 Finish_ follows its Begin_", () => {
    const names = asyncOf(IAdviseSink).methods.map((m) => m.name);

    expect(names.map((name) => name.replace(/_.*/, "_"))).toEqual(
      Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? "Begin_" : "Finish_")),
    );
  });

  test("IDL-03 [in,out] is in both halves, in its order", () => {
    expect(vtable(asyncOf(IEveryDirection))).toEqual([
      "3:Begin_Mix(in second, in third)",
      "4:Finish_Mix(out first, out third, out fourth)",
    ]);
  });

  test("IDL-03 [retval] stays in Finish_", () => {
    const finish = asyncOf(IEveryDirection).members.get("Finish_Mix");

    expect(finish?.params.map((p) => p.retval)).toEqual([false, false, true]);
  });

  test("IDL-04 both halves return what the method returns", () => {
    expect(new Set(asyncOf(IAdviseSink2).methods.map((m) => m.returns))).toEqual(new Set(["void"]));
    expect(asyncOf(IPipeByte).methods.map((m) => m.returns)).not.toContain("void");
  });

  test("IDL-05 the base is the async form of the base", () => {
    expect(asyncOf(IAdviseSink2).base).toBe(asyncOf(IAdviseSink));
  });

  test("IDL-05 what derives from IUnknown has IUnknown as its async base", () => {
    expect(asyncOf(IAdviseSink).base).toBe(IUnknown);
  });

  test("a half knows the method that it is half of", () => {
    const { members } = asyncOf(IPipeByte);
    const of = IPipeByte.members.get("Pull") as Method;

    expect(members.get("Begin_Pull")?.half).toEqual({ kind: "Begin_", of });
    expect(members.get("Finish_Pull")?.half).toEqual({ kind: "Finish_", of });
  });

  test("the twin is one object, however often it is asked for", () => {
    expect(asyncOf(IAdviseSink2)).toBe(asyncOf(IAdviseSink2));
  });

  test("the twin leads back to its interface", () => {
    expect(asyncOf(IAdviseSink).syncOf).toBe(IAdviseSink);
  });

  test("a count fixed by Begin_ may size an array of Finish_", () => {
    expect(AsyncIPipeByte.members.get("Finish_Pull")?.results).toEqual([0]);
  });
});

describe("what has no async form", () => {
  const iid = (digit: number) => `33333333-2222-4333-8444-55555555555${digit}`;

  test("an interface that names no async_uuid", () => {
    const IPlain = defineInterface({ name: "IPlain", iid: iid(1), base: IUnknown, methods: [] });

    expect(() => asyncOf(IPlain)).toThrow("IPlain has no async form");
  });

  test("DISC-06 an interface derived from IDispatch", () => {
    const IDispatch = defineInterface({
      name: "IDispatch",
      iid: "00020400-0000-0000-c000-000000000046",
      asyncIid: iid(2),
      base: IUnknown,
      methods: [],
    });
    const IDual = defineInterface({
      name: "IDual",
      iid: iid(3),
      asyncIid: iid(4),
      base: IDispatch,
      methods: [],
    });

    expect(() => asyncOf(IDual)).toThrow(/IDual derives from IDispatch.*DISC-06/);
    expect(() => asyncOf(IDispatch)).toThrow(/DISC-06/);
  });

  test("IDL-05 an interface whose base has none", () => {
    const IPlain = defineInterface({ name: "IPlain", iid: iid(5), base: IUnknown, methods: [] });
    const IDerived = defineInterface({
      name: "IDerived",
      iid: iid(6),
      asyncIid: iid(7),
      base: IPlain,
      methods: [],
    });

    expect(() => asyncOf(IDerived)).toThrow(/IDerived has an incompatible parent: IPlain.*IDL-05/);
  });
});
