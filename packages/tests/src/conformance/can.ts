import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  E_NOINTERFACE,
  ICancelMethodCalls,
  INFINITE,
  RPC_E_CALL_CANCELED,
  RPC_E_CALL_COMPLETE,
  RPC_S_CALLPENDING,
  S_OK,
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
    "CAN-01",
    "a call is canceled while its Finish_ waits",
    { at: "both" },
    async (stage) => {
      const { call } = await openCall(stage);
      const finishing = hrOf(call.Finish_Pull());

      await call.cancel(0);

      assert.equal(await finishing, RPC_E_CALL_CANCELED);
    },
  ),

  conformance("CAN-02", "Cancel(0) returns S_OK", { at: "both" }, async (stage) => {
    const { call } = await openCall(stage);
    const cancel = await stage.query(call, ICancelMethodCalls);

    const hr = await hrOf(cancel.Cancel(0));

    assert.equal(hr, S_OK);
  }),

  conformance(
    "CAN-02",
    "Cancel(0) promises nothing about the server, which goes on",
    { at: "marshaled" },
    async (stage) => {
      const { call, control } = await openCall(stage);

      await call.cancel(0);

      const { finished, alive } = await control.GetCounts();
      assert.deepEqual({ finished, alive }, { finished: 0, alive: 1 });
    },
  ),

  conformance(
    "CAN-02",
    "Cancel(0) does not wait for a reply that is about to come",
    { at: "marshaled" },
    async (stage) => {
      const { call, control } = await openCall(stage);

      const canceling = hrOf(call.cancel(0));
      await control.CompleteCalls();

      assert.equal(await canceling, S_OK);
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
    "CAN-03",
    "a canceled call object is idle after Finish_",
    { at: "both" },
    async (stage) => {
      const { call } = await openCall(stage);
      await call.cancel(0);

      await hrOf(call.Finish_Pull());

      await assertFails(call.Finish_Pull(), RPC_E_CALL_COMPLETE);
    },
  ),

  conformance(
    "CAN-04",
    "Finish_ of a canceled call returns RPC_E_CALL_CANCELED and no [out] values",
    { at: "both" },
    async (stage) => {
      const { call } = await openCall(stage);
      await call.cancel(0);

      const finishing = call.Finish_Pull();

      const value = await finishing.catch(() => undefined);
      assert.equal(value, undefined);
      assert.equal(finishing.hr, 0x80010002);
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
    "CAN-07",
    "a second Cancel of a pending call returns RPC_E_CALL_CANCELED",
    { at: "both" },
    async (stage) => {
      const { call } = await openCall(stage);
      await call.cancel(0);

      await assertFails(call.cancel(0), RPC_E_CALL_CANCELED);

      await assertFails(call.Finish_Pull(), RPC_E_CALL_CANCELED);
    },
  ),

  conformance(
    "CAN-08",
    "Cancel before the first Begin_ returns RPC_E_CALL_COMPLETE",
    { at: "both" },
    async (stage) => {
      const { pipe } = await stage.slowPipe();
      const call = await stage.callOf(pipe, AsyncIPipeByte);

      await assertFails(call.cancel(0), RPC_E_CALL_COMPLETE);
    },
  ),

  conformance(
    "CAN-08",
    "Cancel after Finish_ returns RPC_E_CALL_COMPLETE",
    { at: "both" },
    async (stage) => {
      const { call, control } = await openCall(stage);
      await control.CompleteCalls();
      await call.Finish_Pull();

      await assertFails(call.cancel(0), RPC_E_CALL_COMPLETE);
    },
  ),

  conformance(
    "CAN-11",
    "TestCancel of an open call returns RPC_S_CALLPENDING",
    { at: "both" },
    async (stage) => {
      const { call } = await openCall(stage);
      const cancel = await stage.query(call, ICancelMethodCalls);

      await assertFails(cancel.TestCancel(), RPC_S_CALLPENDING);

      assert.equal(await call.testCancel(), RPC_S_CALLPENDING);
    },
  ),

  conformance(
    "CAN-11",
    "TestCancel of a canceled call returns RPC_E_CALL_CANCELED",
    { at: "both" },
    async (stage) => {
      const { call } = await openCall(stage);
      await call.cancel(0);

      const hr = await call.testCancel();

      assert.equal(hr, RPC_E_CALL_CANCELED);
    },
  ),

  conformance(
    "CAN-11",
    "TestCancel of a completed call returns RPC_E_CALL_COMPLETE",
    { at: "both" },
    async (stage) => {
      const { call, control } = await openCall(stage);
      await control.CompleteCalls();
      await call.wait();

      const hr = await call.testCancel();

      assert.equal(hr, RPC_E_CALL_COMPLETE);
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

  conformance(
    "CAN-13",
    "a Cancel that the call object does not implement leaves the call alone",
    { at: "same-apartment" },
    async (stage) => {
      const { pipe, control } = await stage.basicPipe();
      await control.SetDelay(INFINITE);
      const call = await stage.callOf(pipe, AsyncIPipeByte);
      await call.Begin_Pull(4);

      await assertFails(call.cancel(0), E_NOINTERFACE);

      assert.equal(await call.wait(0), false);
      await control.CompleteCalls();
      await call.wait();
      assert.equal((await call.Finish_Pull()).length, 4);
    },
  ),

  conformance(
    "CAN-13",
    "a proxy's call is canceled whether or not the server implements that",
    { at: "marshaled" },
    async (stage) => {
      const { pipe, control } = await stage.basicPipe();
      await control.SetDelay(INFINITE);
      const call = await stage.callOf(pipe, AsyncIPipeByte);
      await call.Begin_Pull(4);

      await call.cancel(0);

      await assertFails(call.Finish_Pull(), RPC_E_CALL_CANCELED);
    },
  ),
];
