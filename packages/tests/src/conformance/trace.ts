import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  E_INVALIDARG,
  hresultName,
  INFINITE,
  S_OK,
  type TraceEvent,
} from "callfactory";
import { AsyncICalculator } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";

/** What happened, in order: what, to which method, with which HRESULT. Packets aside. */
function story(events: readonly TraceEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.kind === "packet" || event.kind === "exception") return [];
    const hr = event.kind === "signal" ? "" : ` ${hresultName(event.hr)}`;
    return `${event.kind} ${event.method}${hr}`;
  });
}

/** What a trace tells of calls, from the first half to the last. */
export const trace: readonly ConformanceTest[] = [
  conformance(
    "SRV-04",
    "a trace shows a call on its way through both call objects",
    { at: "marshaled", needs: ["packets"] },
    async (stage) => {
      const call = await stage.callOf(await stage.calculator(), AsyncICalculator);
      const events = stage.record();

      await call.Begin_Add(2, 3);
      await call.Finish_Add();

      assert.deepEqual(story(events), [
        "begin ICalculator::Add S_OK",
        "enter AsyncICalculator::Begin_Add RPC_S_CALLPENDING",
        "leave AsyncICalculator::Begin_Add S_OK",
        "enter AsyncICalculator::Finish_Add RPC_S_CALLPENDING",
        "leave AsyncICalculator::Finish_Add S_OK",
        "signal ICalculator::Add",
        "finish ICalculator::Add S_OK",
      ]);
    },
  ),

  conformance(
    "SRV-01",
    "a trace shows the synchronous method of an object without a call factory",
    { at: "marshaled", needs: ["packets"] },
    async (stage) => {
      const call = await stage.callOf(await stage.plainCalculator(), AsyncICalculator);
      const events = stage.record();

      await call.Begin_Divide(1, 0);
      await assertFails(call.Finish_Divide(), E_INVALIDARG);

      assert.deepEqual(story(events), [
        "begin ICalculator::Divide S_OK",
        "enter ICalculator::Divide RPC_S_CALLPENDING",
        "leave ICalculator::Divide E_INVALIDARG",
        "signal ICalculator::Divide",
        "finish ICalculator::Divide E_INVALIDARG",
      ]);
    },
  ),

  conformance(
    "CAN-02",
    "a trace shows a cancel that the call object took",
    { at: "marshaled", needs: ["packets"] },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(INFINITE);
      const call = await stage.callOf(pipe, AsyncIPipeByte);
      await call.Begin_Pull(4);
      const events = stage.record();

      await call.cancel(0);

      const cancel = events.find(({ kind }) => kind === "cancel");
      assert.ok(cancel?.kind === "cancel");
      assert.deepEqual([cancel.method, cancel.hr], ["IPipeByte::Pull", S_OK]);
    },
  ),

  conformance(
    "FNF-01",
    "a trace shows a call that was abandoned",
    { at: "marshaled", needs: ["packets"] },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(INFINITE);
      const call = await pipe.createCall(AsyncIPipeByte);
      await call.Begin_Pull(4);
      const events = stage.record();

      call.release();

      assert.deepEqual(story(events), ["abandon IPipeByte::Pull S_OK"]);
    },
  ),

  conformance(
    "SRV-20",
    "nothing is traced for whoever has stopped listening",
    { at: "marshaled", needs: ["packets"] },
    async (stage) => {
      const calculator = await stage.calculator();
      const events: TraceEvent[] = [];
      const stop = stage.com.trace((event) => events.push(event));
      stop();

      await calculator.Add(2, 3);

      assert.deepEqual(events, []);
    },
  ),
];
