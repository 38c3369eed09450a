import assert from "node:assert/strict";
import {
  type CallOptions,
  type ComCall,
  ComError,
  E_INVALIDARG,
  E_POINTER,
  guid,
  type HResult,
  hresult,
  type Interface,
  type InterfacePointer,
  S_FALSE,
  S_OK,
} from "callfactory";
import { AsyncICalculator, ICalculator } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";

type Calculator = InterfacePointer<typeof ICalculator extends Interface<infer S> ? S : never>;

/** What came of a call: its HRESULT and, with a success code, its result. */
interface Outcome {
  readonly hr: HResult;
  readonly value?: unknown;
}

/** One call of one method, and what is to come of it. */
interface Sample extends Outcome {
  readonly of: string;
  readonly run: (calculator: Calculator, options: CallOptions) => ComCall<unknown>;
}

const OWN_SUCCESS = hresult(0x00040207);
const OWN_FAILURE = hresult(0x80040207);
const SOME_GUID = guid("01234567-89ab-cdef-0123-456789abcdef");

/** Every method whose result is a plain value, with success codes and failures. */
const SAMPLES: readonly Sample[] = [
  { of: "Add", run: (c, o) => c.Add(0x7fffffff, 1, o), hr: S_OK, value: -0x80000000 },
  {
    of: "Divide",
    run: (c, o) => c.Divide(-17, 5, o),
    hr: S_OK,
    value: { quotient: -3, remainder: -2 },
  },
  { of: "Divide by zero", run: (c, o) => c.Divide(1, 0, o), hr: E_INVALIDARG },
  { of: "MultiplyAdd", run: (c, o) => c.MultiplyAdd(2, 1.5, 0.25, o), hr: S_OK, value: 3.25 },
  { of: "AddHyper", run: (c, o) => c.AddHyper(2n ** 62n, -1n, o), hr: S_OK, value: 2n ** 62n - 1n },
  { of: "Concat", run: (c, o) => c.Concat("a\0b", "é€", o), hr: S_OK, value: "a\0bé€" },
  { of: "Concat of NULL", run: (c, o) => c.Concat(null, null, o), hr: S_OK, value: "" },
  { of: "Upper", run: (c, o) => c.Upper("text", o), hr: S_OK, value: "TEXT" },
  { of: "Upper of NULL", run: (c, o) => c.Upper(null, o), hr: E_POINTER },
  { of: "Increment", run: (c, o) => c.Increment(41, o), hr: S_OK, value: 42 },
  { of: "Bracket", run: (c, o) => c.Bracket("text", o), hr: S_OK, value: "[text]" },
  { of: "IsEven of 2", run: (c, o) => c.IsEven(2, o), hr: S_OK, value: true },
  { of: "IsEven of 3", run: (c, o) => c.IsEven(3, o), hr: S_FALSE, value: false },
  { of: "Fail with S_OK", run: (c, o) => c.Fail(S_OK, o), hr: S_OK },
  { of: "Fail with S_FALSE", run: (c, o) => c.Fail(S_FALSE, o), hr: S_FALSE },
  { of: "Fail with a success", run: (c, o) => c.Fail(OWN_SUCCESS, o), hr: OWN_SUCCESS },
  { of: "Fail with a failure", run: (c, o) => c.Fail(OWN_FAILURE, o), hr: OWN_FAILURE },
  { of: "Sum", run: (c, o) => c.Sum(Int32Array.of(1, -2, 5), 3, o), hr: S_OK, value: 4n },
  { of: "Sum of none", run: (c, o) => c.Sum(new Int32Array(), 0, o), hr: S_OK, value: 0n },
  {
    of: "Midpoint",
    run: (c, o) => c.Midpoint({ x: 0, y: 2 }, { x: 4, y: 4 }, o),
    hr: S_OK,
    value: { x: 2, y: 3 },
  },
  {
    of: "Midpoint with NULL",
    run: (c, o) => c.Midpoint({ x: 1, y: 2 }, null, o),
    hr: S_OK,
    value: { x: 1, y: 2 },
  },
  { of: "Round", run: (c, o) => c.Round(1.25, 1, o), hr: S_OK, value: 2 },
  { of: "EchoGuid", run: (c, o) => c.EchoGuid(SOME_GUID, o), hr: S_OK, value: SOME_GUID },
  { of: "HasCallFactory of NULL", run: (c, o) => c.HasCallFactory(null, o), hr: E_POINTER },
];

async function outcomeOf(call: ComCall<unknown>): Promise<Outcome> {
  try {
    const value = await call;
    return { hr: call.hr as HResult, value };
  } catch (error) {
    if (error instanceof ComError) return { hr: error.hr, value: undefined };
    throw error;
  }
}

/** Finish_ and the synchronous method, side by side. */
export const finResults: readonly ConformanceTest[] = [
  ...SAMPLES.map(({ of, run, hr, value }) =>
    conformance(
      "FIN-01",
      `Finish_ returns what the synchronous method returns: ${of}`,
      { at: "both" },
      async (stage) => {
        const calculator = await stage.calculator();

        const synchronous = await outcomeOf(run(calculator, { lane: "worker" }));
        const asynchronous = await outcomeOf(run(calculator, { lane: "call-object" }));

        assert.deepEqual(asynchronous, { hr, value });
        assert.deepEqual(asynchronous, synchronous);
      },
    ),
  ),

  conformance(
    "FIN-01",
    "Finish_ returns what the synchronous method returns: Clone",
    { at: "both" },
    async (stage) => {
      const calculator = await stage.calculator();

      for (const lane of ["worker", "call-object"] as const) {
        const clone = await calculator.Clone({ lane });
        assert.ok(clone);
        const other = await stage.query(stage.hold(clone), ICalculator);
        assert.equal(await other.isSameObject(calculator), false);
        assert.equal(await other.Add(2, 3), 5);
      }
    },
  ),

  conformance(
    "FIN-01",
    "Finish_ returns what the synchronous method returns: HasCallFactory",
    { at: "both" },
    async (stage) => {
      const calculator = await stage.calculator();

      const synchronous = await calculator.HasCallFactory(calculator, { lane: "worker" });
      const asynchronous = await calculator.HasCallFactory(calculator, { lane: "call-object" });

      assert.deepEqual([synchronous, asynchronous], [true, true]);
    },
  ),

  conformance(
    "FIN-01",
    "Finish_ returns the method's own success code",
    { at: "both" },
    async (stage) => {
      const calculator = await stage.calculator();
      const call = await stage.callOf(calculator, AsyncICalculator);
      await call.Begin_IsEven(3);

      const finish = call.Finish_IsEven();

      assert.equal(await finish, false);
      assert.equal(finish.hr, S_FALSE);
    },
  ),

  conformance(
    "FIN-08",
    "a call object is idle after a Finish_ that failed",
    { at: "both" },
    async (stage) => {
      const calculator = await stage.calculator();
      const call = await stage.callOf(calculator, AsyncICalculator);
      await call.Begin_Divide(1, 0);

      await assertFails(call.Finish_Divide(), E_INVALIDARG);

      await call.Begin_Divide(7, 2);
      assert.deepEqual(await call.Finish_Divide(), { quotient: 3, remainder: 1 });
    },
  ),

  conformance(
    "FIN-09",
    "a failing call brings zero for each [out] value, be it asynchronous or not",
    { at: "marshaled", needs: ["packets"] },
    async (stage) => {
      const calculator = await stage.calculator();
      const events = stage.record();

      await assertFails(calculator.Divide(1, 0, { lane: "worker" }), E_INVALIDARG);
      await assertFails(calculator.Divide(1, 0, { lane: "call-object" }), E_INVALIDARG);

      const replies = events.flatMap((event) =>
        event.kind === "packet" && event.direction === "reply" ? [event.bytes.subarray(-12)] : [],
      );
      // Quotient, remainder, and then the HRESULT.
      const expected = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0x57, 0x00, 0x07, 0x80);
      assert.deepEqual(replies, [expected, expected]);
    },
  ),

  conformance(
    "FIN-10",
    "an [in,out] value is that of Begin_, and Finish_ brings the server's",
    { at: "both" },
    async (stage) => {
      const calculator = await stage.calculator();
      const first = await stage.callOf(calculator, AsyncICalculator);
      const second = await stage.callOf(calculator, AsyncICalculator);

      await first.Begin_Bracket("first");
      await second.Begin_Bracket("second");

      assert.equal(await second.Finish_Bracket(), "[second]");
      assert.equal(await first.Finish_Bracket(), "[first]");
    },
  ),
];
