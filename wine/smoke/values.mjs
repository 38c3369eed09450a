// Every kind of parameter, on both lanes, and input that does not fit.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AsyncIPipeByte,
  CLASS_E_CLASSNOTAVAILABLE,
  CO_E_RELEASED,
  E_INVALIDARG,
  E_NOINTERFACE,
  E_POINTER,
  guid,
  ICallFactory,
  IPipeByte,
  IUnknown,
  REGDB_E_CLASSNOTREG,
  RPC_E_WRONG_THREAD,
  S_FALSE,
  S_OK,
} from "@callfactory/core";
import {
  AsyncICalculator,
  CLSID_Calculator,
  CLSID_PlainCalculator,
  CLSID_SlowPipe,
  ICalculator,
  ROUNDING,
} from "@callfactory/tests/dist/fixtures/interfaces.js";
import { LIBRARY, methodOf, rejectsWith, withApartment } from "./fixture.mjs";

const SOME_GUID = guid("01234567-89ab-cdef-0123-456789abcdef");

/** @type {[name: string, args: unknown[], hr: number, value?: unknown][]} */
const CASES = [
  ["Add", [40, 2], S_OK, 42],
  ["Add", [0x7fffffff, 1], S_OK, -0x80000000],
  ["Divide", [7, -2], S_OK, { quotient: -3, remainder: 1 }],
  ["Divide", [7, 0], E_INVALIDARG, undefined],
  ["MultiplyAdd", [3, 1.5, 0.25], S_OK, 4.75],
  ["AddHyper", [-(2n ** 62n), -1n], S_OK, -(2n ** 62n) - 1n],
  ["Concat", ["caf\u00e9 ", "\u{1f600}\0x"], S_OK, "caf\u00e9 \u{1f600}\0x"],
  ["Concat", [null, null], S_OK, ""],
  ["Upper", ["Straße"], S_OK, "STRAßE"],
  ["Upper", [null], E_POINTER, undefined],
  ["Increment", [41], S_OK, 42],
  ["Bracket", ["x"], S_OK, "[x]"],
  ["Bracket", [null], S_OK, "[]"],
  ["IsEven", [2], S_OK, true],
  ["IsEven", [3], S_FALSE, false],
  ["Fail", [0x80040201], 0x80040201, undefined],
  ["Fail", [1], S_FALSE, undefined],
  ["Sum", [Int32Array.of(1, -2, 2 ** 31 - 1), 3], S_OK, BigInt(2 ** 31 - 2)],
  ["Sum", [new Int32Array(0), 0], S_OK, 0n],
  [
    "Midpoint",
    [
      { x: 0, y: 0 },
      { x: 1, y: 3 },
    ],
    S_OK,
    { x: 0.5, y: 1.5 },
  ],
  ["Midpoint", [{ x: 2, y: 4 }, null], S_OK, { x: 2, y: 4 }],
  ["Round", [1.2, ROUNDING.values.ROUND_UP], S_OK, 2],
  ["Round", [-1.2, ROUNDING.values.ROUND_DOWN], S_OK, -2],
  ["Round", [1, 9], E_INVALIDARG, undefined],
  ["EchoGuid", [SOME_GUID], S_OK, SOME_GUID],
  ["HasCallFactory", [null], E_POINTER, undefined],
];

/** @type {[name: string, args: unknown[]][]} */
const MISFITS = [
  ["Add", [1]],
  ["Add", [1, 2, 3]],
  ["Add", ["1", 2]],
  ["Add", [1.5, 2]],
  ["Add", [Number.NaN, 2]],
  ["Add", [2 ** 31, 2]],
  ["Add", [undefined, null]],
  ["AddHyper", [1, 2]],
  ["AddHyper", [2n ** 63n, 0n]],
  ["Concat", [1, {}]],
  ["Upper", ["a\0b"]],
  ["Sum", [Int32Array.of(1), 2]],
  ["Sum", [Uint8Array.of(1, 2, 3, 4), 1]],
  ["Sum", [null, 0]],
  ["Sum", [{ length: 5 }, 5]],
  ["Midpoint", [null, null]],
  ["Midpoint", [{ x: 1 }, null]],
  ["Midpoint", [1, null]],
  ["Round", [1, "ROUND_UP"]],
  ["EchoGuid", ["not a guid"]],
  ["EchoGuid", [{}]],
];

for (const clsid of [CLSID_Calculator, CLSID_PlainCalculator]) {
  void test(`every calculator method runs synchronously (${clsid})`, () =>
    withApartment("mta", async ({ create }) => {
      const calculator = await create(clsid, ICalculator);
      for (const [name, args, hr, value] of CASES) {
        const reply = await calculator.invoke(methodOf(ICalculator, name), args);
        assert.deepEqual(reply, { hr, value }, name);
      }
    }));
}

for (const kind of /** @type {const} */ (["mta", "sta"])) {
  void test(`every calculator method runs through a call object (${kind})`, () =>
    withApartment(kind, async ({ create }) => {
      const calculator = await create(CLSID_Calculator, ICalculator);
      const call = await calculator.createCall(AsyncICalculator);
      for (const [name, args, hr, value] of CASES) {
        const method = methodOf(ICalculator, name);
        await call.begin(method, args);
        assert.equal(await call.wait(0), S_OK, "the server signals inside Begin_");
        assert.deepEqual(await call.finish(method), { hr, value }, name);
      }
      call.release();
    }));
}

void test("interface pointers travel in and out", () =>
  withApartment("mta", async ({ backend, create }) => {
    const calculator = await create(CLSID_Calculator, ICalculator);
    const clone = methodOf(ICalculator, "Clone");
    const has = methodOf(ICalculator, "HasCallFactory");
    const call = await calculator.createCall(AsyncICalculator);

    const copy = /** @type {any} */ ((await calculator.invoke(clone, [])).value);
    await call.begin(clone, []);
    const other = /** @type {any} */ ((await call.finish(clone)).value);
    await call.begin(has, [calculator]);

    assert.deepEqual(await call.finish(has), { hr: S_OK, value: true });
    assert.deepEqual(await calculator.invoke(has, [copy]), { hr: S_OK, value: false });
    assert.equal(copy.iface, IUnknown);
    assert.notEqual(await copy.identity(), await other.identity());
    const typed = await copy.queryInterface(ICalculator);
    assert.equal(await copy.identity(), await typed.identity());
    for (const object of [copy, other, typed, call]) object.release();
    await rejectsWith(calculator.invoke(has, [copy]), CO_E_RELEASED);
    assert.equal(backend.counters().buffers, 0);
  }));

void test("iid_is gives the pointer of the requested interface", () =>
  withApartment("mta", async ({ create }) => {
    const calculator = await create(CLSID_Calculator, ICalculator);
    const factory = await calculator.queryInterface(ICallFactory);
    const createCall = methodOf(ICallFactory, "CreateCall");

    const made = await factory.invoke(createCall, [AsyncICalculator.iid, null, IUnknown.iid]);
    const refused = await factory.invoke(createCall, [
      AsyncICalculator.iid,
      factory,
      AsyncICalculator.iid,
    ]);

    assert.equal(made.hr, S_OK);
    assert.equal(refused.hr, E_INVALIDARG);
    const call = /** @type {any} */ (made.value);
    const async = await call.queryInterface(AsyncICalculator);
    const begun = await async.invoke(methodOf(AsyncICalculator, "Begin_Add"), [1, 2]);
    assert.equal(begun.hr, S_OK);
    const sum = await async.invoke(methodOf(AsyncICalculator, "Finish_Add"), []);
    assert.deepEqual(sum, { hr: S_OK, value: 3 });
    for (const object of [async, call, factory]) object.release();
  }));

void test("FIN-11 the halves work one by one, with the array's size from Begin_", () =>
  withApartment("mta", async ({ create }) => {
    const pipe = await create(CLSID_SlowPipe, IPipeByte);
    const factory = await pipe.queryInterface(ICallFactory);
    const createCall = methodOf(ICallFactory, "CreateCall");
    const finishPull = methodOf(AsyncIPipeByte, "Finish_Pull");
    const made = await factory.invoke(createCall, [AsyncIPipeByte.iid, null, AsyncIPipeByte.iid]);
    const call = await /** @type {any} */ (made.value).queryInterface(AsyncIPipeByte);

    await rejectsWith(call.invoke(finishPull, []), E_INVALIDARG);
    const begun = await call.invoke(methodOf(AsyncIPipeByte, "Begin_Pull"), [30]);
    const finished = await call.invoke(finishPull, []);

    assert.equal(begun.hr, S_OK);
    assert.equal(finished.hr, S_OK);
    assert.equal(finished.value.length, 30);
    await rejectsWith(call.invoke(finishPull, []), E_INVALIDARG);
    for (const object of [call, made.value, factory]) object.release();
  }));

void test("input that does not fit is a TypeError, on both lanes", () =>
  withApartment("mta", async ({ create, backend }) => {
    const calculator = await create(CLSID_Calculator, ICalculator);
    const call = await calculator.createCall(AsyncICalculator);
    for (const [name, args] of MISFITS) {
      const method = methodOf(ICalculator, name);
      await assert.rejects(calculator.invoke(method, args), TypeError, `${name} ${String(args)}`);
      await assert.rejects(call.begin(method, args), TypeError, `Begin_${name} ${String(args)}`);
    }
    const has = methodOf(ICalculator, "HasCallFactory");
    for (const other of [{}, 1, "x", call]) {
      await assert.rejects(calculator.invoke(has, [other]), TypeError);
    }
    const throwing = {
      x: 1,
      get y() {
        throw new RangeError("y");
      },
    };
    const midpoint = methodOf(ICalculator, "Midpoint");
    await assert.rejects(calculator.invoke(midpoint, [throwing, null]), RangeError);
    assert.equal(backend.counters().buffers, 0);
    call.release();
  }));

void test("a released reference refuses, the others live on", () =>
  withApartment("mta", async ({ create }) => {
    const calculator = await create(CLSID_Calculator, ICalculator);
    const second = calculator.addRef();
    const add = methodOf(ICalculator, "Add");
    const running = calculator.invoke(add, [1, 1]);

    calculator.release();
    calculator.release();

    assert.equal((await running).value, 2);
    await rejectsWith(calculator.invoke(add, [1, 2]), CO_E_RELEASED);
    await rejectsWith(calculator.queryInterface(IUnknown), CO_E_RELEASED);
    assert.throws(() => calculator.addRef());
    assert.equal((await second.invoke(add, [1, 2])).value, 3);
    second.release();
  }));

void test("a pointer is good in its own apartment only", () =>
  withApartment("mta", async ({ backend, create }) => {
    const calculator = await create(CLSID_Calculator, ICalculator);
    const sta = await backend.openApartment("sta");
    const other = await sta.activate({
      clsid: CLSID_Calculator,
      iface: ICalculator,
      library: LIBRARY,
    });

    await rejectsWith(
      other.invoke(methodOf(ICalculator, "HasCallFactory"), [calculator]),
      RPC_E_WRONG_THREAD,
    );

    other.release();
    await sta.close();
  }));

void test("a marshaled pointer comes back with its identity", () =>
  withApartment("mta", async ({ apartment, create }) => {
    const calculator = await create(CLSID_Calculator, ICalculator);
    const unknown = await calculator.queryInterface(IUnknown);

    const objref = await apartment.marshal(unknown);
    const back = await apartment.unmarshal(objref, IUnknown);

    assert.equal(String.fromCharCode(...objref.subarray(0, 4)), "MEOW");
    assert.equal(await back.identity(), await calculator.identity());
    await assert.rejects(apartment.unmarshal(new Uint8Array(4), IUnknown));
    back.release();
    unknown.release();
  }));

void test("failed activations say what is wrong", () =>
  withApartment("mta", async ({ apartment }) => {
    const iface = ICalculator;
    /** @param {object} activation @param {number} hr @param {RegExp} detail */
    const fails = async (activation, hr, detail) => {
      const request = apartment.activate(/** @type {any} */ ({ iface, ...activation }));
      await assert.rejects(request, (error) => {
        assert.equal(/** @type {{ hr?: number }} */ (error).hr, hr);
        assert.match(String(error), detail);
        return true;
      });
    };

    await fails({ clsid: SOME_GUID }, REGDB_E_CLASSNOTREG, /regsvr32/);
    await fails(
      { clsid: SOME_GUID, library: LIBRARY },
      CLASS_E_CLASSNOTAVAILABLE,
      /does not serve/,
    );
    await fails({ clsid: SOME_GUID, library: "none.dll" }, 0x8007007e, /none\.dll.*not found/);
    await fails({ clsid: SOME_GUID, library: "package.json" }, 0x8007007e, /not found/);
    await fails({ clsid: CLSID_SlowPipe, library: LIBRARY }, E_NOINTERFACE, /ICalculator/);
    const pipe = await apartment.activate({
      clsid: CLSID_SlowPipe,
      iface: IPipeByte,
      library: LIBRARY,
    });
    pipe.release();
  }));
