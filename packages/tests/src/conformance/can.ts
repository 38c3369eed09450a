import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  E_NOINTERFACE,
  ICancelMethodCalls,
  INFINITE,
  RPC_E_CALL_CANCELED,
  RPC_E_CALL_COMPLETE,
  RPC_S_CALLPENDING,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";

/** A call that stays open until the test lets go of it. */
async function openCall(stage: Stage) {
  const { pipe, control } = await stage.slowPipe();
  await control.SetDelay(INFINITE);
  const call = await stage.callOf(pipe, AsyncIPipeByte);
  await call.Begin_Pull(4);
  return { pipe, control, call };
}

/** Cancellation of asynchronous calls. */
export const can: readonly ConformanceTest[] = [
  conformance(
    "CAN-01",
    "a call object cancels its call from Begin_ on",
    { at: "both" },
    async (stage) => {
      const { call } = await openCall(stage);

      const cancel = await stage.query(call, ICancelMethodCalls);
      await cancel.Cancel(0);

      await assertFails(call.Finish_Pull(), RPC_E_CALL_CANCELED);
    },
  ),

  conformance(
    "CAN-03",
    "a canceled call object stays busy until Finish_",
    { at: "both" },
    async (stage) => {
      const { call, control } = await openCall(stage);

      await call.cancel(0);

      await assertFails(call.Begin_Pull(1), RPC_S_CALLPENDING);
      await assertFails(call.Finish_Pull(), RPC_E_CALL_CANCELED);
      await control.SetDelay(1);
      await call.Begin_Pull(1);
      assert.equal((await call.Finish_Pull()).length, 1);
    },
  ),

  conformance(
    "CAN-06",
    "a cancel after completion is too late and changes nothing",
    { at: "both" },
    async (stage) => {
      const { call, control } = await openCall(stage);
      await control.CompleteCalls();
      await call.wait();

      const hr = await hrOf(call.cancel(0));

      assert.equal(hr, RPC_E_CALL_COMPLETE);
      assert.equal((await call.Finish_Pull()).length, 4);
    },
  ),

  conformance(
    "CAN-13",
    "a call object of the same apartment cancels only if it implements that",
    { at: "same-apartment" },
    async (stage) => {
      const { pipe } = await stage.basicPipe();
      const call = await stage.callOf(pipe, AsyncIPipeByte);

      await assertFails(call.queryInterface(ICancelMethodCalls), E_NOINTERFACE);
    },
  ),
];
