import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  E_NOINTERFACE,
  ICallFactory,
  ICancelMethodCalls,
  INFINITE,
  IUnknown,
  RPC_E_CALL_CANCELED,
  RPC_E_CALL_COMPLETE,
  RPC_S_CALLPENDING,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import { cancelObjectOf, SYNC_CANCEL, shift, twoShifts, workOn } from "./can-sync-worker.ts";

/** Cancel objects of synchronous calls. */
export const canSyncObject: readonly ConformanceTest[] = [
  conformance(
    "CAN-20",
    "CoGetCancelObject gives the cancel object of the pending call",
    SYNC_CANCEL,
    async (stage) => {
      await stage.com.functions.CoEnableCallCancellation();
      const { work } = await workOn(await shift(stage));

      const object = await cancelObjectOf(stage);

      await assertFails(object.TestCancel(), RPC_S_CALLPENDING);
      await object.Cancel(0);
      await assertFails(work, RPC_E_CALL_CANCELED);
      await assertFails(object.TestCancel(), RPC_E_CALL_CANCELED);
    },
  ),

  conformance(
    "CAN-20",
    "of several calls that are pending on one thread the innermost is found",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      const [one, two] = await twoShifts(stage);
      await functions.CoEnableCallCancellation();
      const { work: outer } = await workOn(one);
      const { work: inner } = await workOn(two);

      await functions.CoCancelCall(0, 0);

      await assertFails(inner, RPC_E_CALL_CANCELED);
      assert.equal(outer.hr, undefined);
      await functions.CoCancelCall(0, 0);
      await assertFails(outer, RPC_E_CALL_CANCELED);
    },
  ),

  conformance(
    "CAN-20",
    "a cancel object outlives its call, and comes too late then",
    SYNC_CANCEL,
    async (stage) => {
      await stage.com.functions.CoEnableCallCancellation();
      const { work } = await workOn(await shift(stage));
      const object = await cancelObjectOf(stage);

      assert.equal(await work, 1);

      await assertFails(object.Cancel(0), RPC_E_CALL_COMPLETE);
      await assertFails(object.TestCancel(), RPC_E_CALL_COMPLETE);
    },
  ),

  conformance(
    "CAN-20",
    "a cancel object belongs to its own call, not to the thread's next one",
    SYNC_CANCEL,
    async (stage) => {
      const [one, two] = await twoShifts(stage);
      await stage.com.functions.CoEnableCallCancellation();
      const { work: first } = await workOn(one);
      const object = await cancelObjectOf(stage);
      const { work: second } = await workOn(two);

      await object.Cancel(0);

      await assertFails(first, RPC_E_CALL_CANCELED);
      assert.equal(await second, 1);
    },
  ),

  conformance(
    "CAN-20",
    "CoGetCancelObject returns E_NOINTERFACE when the thread waits for no call",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();

      const hr = await hrOf(functions.CoGetCancelObject(0, ICancelMethodCalls.iid));

      assert.equal(hr, E_NOINTERFACE);
    },
  ),

  conformance(
    "CAN-20",
    "CoGetCancelObject returns E_NOINTERFACE for an interface that the cancel object lacks",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      const { work } = await workOn(await shift(stage));

      await assertFails(functions.CoGetCancelObject(0, ICallFactory.iid), E_NOINTERFACE);

      stage.hold((await functions.CoGetCancelObject(0, IUnknown.iid)) as { release(): void });
      await functions.CoCancelCall(0, 0);
      await hrOf(work);
    },
  ),

  conformance("CAN-20", "an asynchronous call is never found", SYNC_CANCEL, async (stage) => {
    const { functions } = stage.com;
    await functions.CoEnableCallCancellation();
    const { pipe, control } = await stage.slowPipe();
    await control.SetDelay(INFINITE);
    const call = await stage.callOf(pipe, AsyncIPipeByte);
    await call.Begin_Pull(4);

    const hr = await hrOf(functions.CoGetCancelObject(0, ICancelMethodCalls.iid));

    assert.equal(hr, E_NOINTERFACE);
    assert.equal(await call.testCancel(), RPC_S_CALLPENDING);
  }),
];
