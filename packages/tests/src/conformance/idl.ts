import assert from "node:assert/strict";
import {
  AsyncIMultiQI,
  AsyncIPipeByte,
  AsyncIUnknown,
  array,
  asyncOf,
  BSTR,
  DWORD,
  defineInterface,
  type Interface,
  IPipeByte,
  ISynchronize,
  ISynchronizeMutex,
  IUnknown,
  LONG,
  method,
  param,
  ULONG,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";

/** The shape of an interface is the same wherever its object is. */
const ANYWHERE = { at: "same-apartment" } as const;

/** A method for each direction, two accessors of a property, one without parameters. */
const IShape = defineInterface({
  name: "IShape",
  iid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a661",
  asyncIid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a662",
  base: IUnknown,
  methods: [
    method("Mix", [
      param.out("first", LONG),
      param.in("second", LONG),
      param.inout("third", BSTR),
      param.retval("fourth", ULONG),
    ]),
    method("Nothing", []),
    method("get_Name", [param.retval("value", BSTR)]),
    method("put_Name", [param.in("value", BSTR)]),
  ],
});

/** Derived, as IAdviseSink2 is; its methods return void, as the sinks' do. */
const IDerived = defineInterface({
  name: "IDerived",
  iid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a663",
  asyncIid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a664",
  base: IShape,
  methods: [method("OnMore", [param.in("aspect", DWORD)], "void")],
});

/** `3:Begin_Mix(in second, in third)` for each own method. */
function vtable(iface: Interface): string[] {
  return iface.methods.map(({ slot, name, params }) => {
    const list = params.map((p) => `${p.retval ? "retval" : p.direction} ${p.name}`);
    return `${slot}:${name}(${list.join(", ")})`;
  });
}

function returnsOf(iface: Interface): string[] {
  return iface.methods.map(({ returns }) => returns);
}

/** How an interface with async_uuid splits into halves. */
export const idl: readonly ConformanceTest[] = [
  conformance(
    "IDL-01",
    "the asynchronous form is named Async and the name, and has the async_uuid as its IID",
    ANYWHERE,
    async () => {
      const { name, iid, asyncIid } = asyncOf(IShape);

      assert.deepEqual([name, iid], ["AsyncIShape", IShape.asyncIid]);
      // uuid and async_uuid are not taken over.
      assert.deepEqual([asyncIid, iid === IShape.iid], [null, false]);
    },
  ),

  conformance(
    "IDL-02",
    "method i becomes Begin_ in slot 3 + 2i and Finish_ in slot 4 + 2i",
    ANYWHERE,
    async () => {
      const places = asyncOf(IShape).methods.map(({ name, slot }) => [name, slot]);

      const expected = IShape.methods.flatMap(({ name }, i) => [
        [`Begin_${name}`, 3 + 2 * i],
        [`Finish_${name}`, 4 + 2 * i],
      ]);
      assert.deepEqual(places, expected);
    },
  ),

  conformance(
    "IDL-03",
    "Begin_ takes what goes in, Finish_ what comes out, and both what does both",
    ANYWHERE,
    async () => {
      const [begin, finish, beginNothing, finishNothing] = vtable(asyncOf(IShape));

      assert.deepEqual(
        [begin, finish],
        ["3:Begin_Mix(in second, in third)", "4:Finish_Mix(out first, out third, retval fourth)"],
      );
      assert.deepEqual([beginNothing, finishNothing], ["5:Begin_Nothing()", "6:Finish_Nothing()"]);
    },
  ),

  conformance("IDL-03", "IPipeByte splits as objidlbase.h has it", ANYWHERE, async () => {
    assert.deepEqual(vtable(AsyncIPipeByte), [
      "3:Begin_Pull(in cRequest)",
      "4:Finish_Pull(out buf, out pcReturned)",
      "5:Begin_Push(in buf, in cSent)",
      "6:Finish_Push()",
    ]);
  }),

  conformance("IDL-04", "Begin_ and Finish_ return what the method returns", ANYWHERE, async () => {
    assert.deepEqual([...new Set(returnsOf(asyncOf(IShape)))], ["HRESULT"]);
    assert.deepEqual(returnsOf(asyncOf(IDerived)), ["void", "void"]);
  }),

  conformance(
    "IDL-04",
    "AsyncIUnknown is written by hand: only Finish_AddRef and Finish_Release return a count",
    ANYWHERE,
    async () => {
      const returns = AsyncIUnknown.methods.map((m) => `${m.slot}:${m.name} ${m.returns}`);

      assert.deepEqual(returns, [
        "3:Begin_QueryInterface HRESULT",
        "4:Finish_QueryInterface HRESULT",
        "5:Begin_AddRef HRESULT",
        "6:Finish_AddRef ULONG",
        "7:Begin_Release HRESULT",
        "8:Finish_Release ULONG",
      ]);
    },
  ),

  conformance(
    "IDL-05",
    "the asynchronous form derives from IUnknown, or from the asynchronous form of the base",
    ANYWHERE,
    async () => {
      const twin = asyncOf(IDerived);

      assert.equal(asyncOf(IShape).base, IUnknown);
      assert.equal(twin.base, asyncOf(IShape));
      assert.equal(twin.methods[0]?.slot, asyncOf(IShape).slots);
      assert.equal(AsyncIUnknown.base, IUnknown);
      assert.equal(AsyncIMultiQI.base, IUnknown);
    },
  ),

  conformance(
    "IDL-05",
    "a base that is neither IUnknown nor asynchronous is an error",
    ANYWHERE,
    async () => {
      const ISynchronous = defineInterface({
        name: "ISynchronous",
        iid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a665",
        base: IUnknown,
        methods: [method("Do", [])],
      });
      const IMismatched = defineInterface({
        name: "IMismatched",
        iid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a666",
        asyncIid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a667",
        base: ISynchronous,
        methods: [method("DoMore", [])],
      });

      assert.throws(() => asyncOf(IMismatched), TypeError);
    },
  ),

  conformance(
    "IDL-06",
    "no interface of one's own derives from an asynchronous one",
    ANYWHERE,
    async () => {
      const derive = (base: Interface) =>
        defineInterface({
          name: "IMixed",
          iid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a668",
          base,
          methods: [method("Do", [])],
        });

      assert.throws(() => derive(AsyncIPipeByte), TypeError);
      assert.throws(() => derive(AsyncIUnknown), TypeError);
      assert.equal(derive(IPipeByte).base, IPipeByte);
    },
  ),

  conformance(
    "IDL-07",
    "the prefix of a property's accessor comes before the accessor's full name",
    ANYWHERE,
    async () => {
      assert.deepEqual(vtable(asyncOf(IShape)).slice(4), [
        "7:Begin_get_Name()",
        "8:Finish_get_Name(retval value)",
        "9:Begin_put_Name(in value)",
        "10:Finish_put_Name()",
      ]);
    },
  ),

  conformance(
    "IDL-09",
    "an [in] array cannot be sized by an [out] parameter, which Begin_ does not have",
    ANYWHERE,
    async () => {
      const sized = (count: "in" | "out", values: "in" | "out") =>
        asyncOf(
          defineInterface({
            name: "ISized",
            iid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a669",
            asyncIid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a66a",
            base: IUnknown,
            methods: [
              method("Fill", [
                param[count]("count", ULONG),
                param[values]("values", array(LONG, { sizeIs: "count" })),
              ]),
            ],
          }),
        );

      assert.throws(() => sized("out", "in"), TypeError);
      assert.equal(sized("in", "out").slots, 5);
      assert.equal(sized("in", "in").slots, 5);
    },
  ),

  conformance(
    "IDL-13",
    "the async_uuid of MIDL's own example, which is the IID of ICallFactory, is refused",
    ANYWHERE,
    async () => {
      const define = () =>
        defineInterface({
          name: "ITaken",
          iid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a66b",
          asyncIid: "1c733a30-2a1c-11ce-ade5-00aa0044773d",
          base: IUnknown,
          methods: [],
        });

      assert.throws(define, TypeError);
    },
  ),

  conformance(
    "SYNC-36",
    "ISynchronizeMutex has ReleaseMutex after the methods of ISynchronize",
    ANYWHERE,
    async () => {
      assert.equal(ISynchronizeMutex.iid, "00000025-0000-0000-c000-000000000046");
      assert.deepEqual(
        [ISynchronizeMutex.base, vtable(ISynchronizeMutex)],
        [ISynchronize, ["6:ReleaseMutex()"]],
      );
    },
  ),
];
