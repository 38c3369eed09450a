import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  defineInterface,
  E_INVALIDARG,
  type HResult,
  ICancelMethodCalls,
  INFINITE,
  ISynchronize,
  ISynchronizeHandle,
  IUnknown,
  LONG,
  method,
  param,
  S_FALSE,
  S_OK,
} from "callfactory";
import { AsyncICalculator } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { convWire } from "./conv-wire.ts";
import { adder, addingCall, AsyncIAdder, IAdder } from "./srv-adder.ts";

/** IAdder as it was before it had an asynchronous form. */
const IOldAdder = defineInterface({
  name: "IOldAdder",
  iid: IAdder.iid,
  base: IUnknown,
  methods: [method("Add", [param.in("a", LONG), param.in("b", LONG), param.retval("sum", LONG)])],
});

/** Conversion between synchronous and asynchronous. */
export const conv: readonly ConformanceTest[] = [
  conformance(
    "CONV-01",
    "an asynchronous client gets a synchronous server's results from Finish_",
    { at: "marshaled" },
    async (stage) => {
      const calculator = await stage.plainCalculator();
      const call = await stage.callOf(calculator, AsyncICalculator);

      await call.Begin_Divide(17, 5);
      const divided = await call.Finish_Divide();
      await call.Begin_Bracket("in");
      const bracketed = await call.Finish_Bracket();

      assert.deepEqual(divided, { quotient: 3, remainder: 2 });
      assert.equal(bracketed, "[in]");
    },
  ),

  conformance(
    "CONV-01",
    "an asynchronous client gets a synchronous server's HRESULTs from Finish_",
    { at: "marshaled" },
    async (stage) => {
      const calculator = await stage.plainCalculator();
      const call = await stage.callOf(calculator, AsyncICalculator);

      await call.Begin_IsEven(3);
      const odd = call.Finish_IsEven();

      assert.equal(await odd, false);
      assert.equal(odd.hr, S_FALSE);
      await call.Begin_Divide(1, 0);
      await assertFails(call.Finish_Divide(), E_INVALIDARG);
    },
  ),

  conformance(
    "CONV-02",
    "a synchronous client gets from an asynchronous server what a synchronous one gives",
    { at: "marshaled" },
    async (stage) => {
      const calculators = [await stage.calculator(), await stage.plainCalculator()] as const;
      const midpoint = [{ x: 0, y: 2 }, { x: 4, y: 4 }, { lane: "worker" }] as const;

      const [fromCallObject, fromMethod] = await Promise.all(
        calculators.map(async (calculator) => [
          await outcome(calculator.Add(40, 2, { lane: "worker" })),
          await outcome(calculator.Divide(17, 5, { lane: "worker" })),
          await outcome(calculator.Concat("a", null, { lane: "worker" })),
          await outcome(calculator.Increment(41, { lane: "worker" })),
          await outcome(calculator.IsEven(3, { lane: "worker" })),
          await outcome(calculator.Fail(E_INVALIDARG, { lane: "worker" }).catch(() => "failed")),
          await outcome(calculator.Sum(Int32Array.of(1, 2, 3), 3, { lane: "worker" })),
          await outcome(calculator.Midpoint(...midpoint)),
        ]),
      );

      assert.deepEqual(fromCallObject, fromMethod);
      assert.deepEqual(fromCallObject?.slice(0, 2), [
        { lane: "worker", hr: S_OK, value: 42 },
        { lane: "worker", hr: S_OK, value: { quotient: 3, remainder: 2 } },
      ]);
      assert.deepEqual(fromCallObject?.[4], { lane: "worker", hr: S_FALSE, value: false });
    },
  ),

  conformance(
    "CONV-02",
    "a synchronous client gets an asynchronous server's failure",
    { at: "marshaled" },
    async (stage) => {
      const calculator = await stage.calculator();

      const call = calculator.Divide(1, 0, { lane: "worker" });

      await assertFails(call, E_INVALIDARG);
    },
  ),

  ...convWire,

  conformance(
    "CONV-04",
    "a client that knows no asynchronous form is served by a call object",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      let served = "";
      const pointer = await stage.serve([IAdder], () =>
        adder({
          add: () => assert.fail("the synchronous method served the call"),
          createCall: (call) =>
            addingCall(() => {
              served += "call object";
              call.signal();
            }),
        }),
      );
      const old = await stage.query(pointer, IOldAdder);

      const call = old.Add(40, 2);

      assert.equal(await call, 42);
      assert.equal(call.lane, "worker");
      assert.equal(served, "call object");
    },
  ),

  conformance(
    "CONV-04",
    "a server that knows no asynchronous form serves asynchronous clients",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      // The first server brings the mapping of AsyncIAdder; the second knows nothing of it.
      await stage.serve([IAdder], () => adder({}));
      const pointer = await stage.serve([IOldAdder], () => ({ Add: (a, b) => a + b }));
      const call = await stage.callOf(pointer, AsyncIAdder);

      await call.Begin_Add(40, 2);

      assert.equal(await call.Finish_Add(), 42);
    },
  ),

  conformance(
    "CONV-05",
    "QueryInterface and Release on a call object send nothing",
    { at: "marshaled", needs: ["packets"] },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(INFINITE);
      const call = await pipe.createCall(AsyncIPipeByte);
      await call.Begin_Pull(4);
      const events = stage.record();

      for (const iface of [IUnknown, ISynchronize, ISynchronizeHandle, ICancelMethodCalls]) {
        const queried = await call.queryInterface(iface);
        const another = queried.addRef();
        queried.release();
        another.release();
      }
      call.release();

      assert.deepEqual(
        events.filter((event) => event.kind === "packet"),
        [],
      );
    },
  ),

  conformance(
    "CONV-05",
    "a call object answers for interfaces of the server's object without asking it",
    { at: "marshaled", needs: ["packets"] },
    async (stage) => {
      const { pipe } = await stage.slowPipe();
      const call = await stage.callOf(pipe, AsyncIPipeByte);
      const events = stage.record();

      const refused = await call.queryInterface(pipe.interface).then(
        () => false,
        () => true,
      );

      assert.equal(refused, true);
      assert.equal(events.length, 0);
    },
  ),
];

/** What a caller learns of a call. */
async function outcome(
  call: Promise<unknown> & { readonly hr?: HResult | undefined; readonly lane?: unknown },
) {
  const value = await call;
  return { lane: call.lane, hr: call.hr, value };
}
