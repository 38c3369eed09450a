import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  CO_E_CANCEL_DISABLED,
  ComError,
  E_ACCESSDENIED,
  E_FAIL,
  E_NOINTERFACE,
  E_UNEXPECTED,
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
import type { Stage } from "../harness/stage.ts";
import { IWorker } from "./call-worker.ts";
import { SYNC_CANCEL, shift, twoShifts, workOn } from "./can-sync-worker.ts";

/** The cancel object of `threadId`, released when the test ends. */
async function cancelObjectOf(stage: Stage, threadId = 0) {
  const { functions } = stage.com;
  const unknown = await functions.CoGetCancelObject(threadId, ICancelMethodCalls.iid);
  assert.ok(unknown);
  return stage.query(stage.hold(unknown), ICancelMethodCalls);
}

/** A custom marshaler's cancel object: counts cancels, answers `hr`, tells when it is gone. */
function marshalersObject(stage: Stage, hr: typeof E_FAIL) {
  const log = { cancels: [] as number[], isReleased: false };
  const pointer = stage.com.implement([ICancelMethodCalls], {
    Cancel: (seconds) => {
      log.cancels.push(seconds);
      throw new ComError(hr, "Cancel");
    },
    TestCancel: () => {},
    finalRelease: () => {
      log.isReleased = true;
    },
  });
  return { log, pointer };
}

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

  conformance(
    "CAN-21",
    "CoSetCancelObject registers an object, which CoCancelCall then calls",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      const { log, pointer } = marshalersObject(stage, E_FAIL);
      stage.hold(pointer);
      await functions.CoSetCancelObject(pointer);

      const hr = await hrOf(functions.CoCancelCall(0, 7));

      assert.equal(hr, E_FAIL);
      assert.deepEqual(log.cancels, [7]);
      await functions.CoSetCancelObject(null);
    },
  ),

  conformance(
    "CAN-21",
    "a registered object is held until NULL takes it away",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      const { log, pointer } = marshalersObject(stage, E_FAIL);
      await functions.CoSetCancelObject(pointer);
      pointer.release();
      const whileRegistered = log.isReleased;

      await functions.CoSetCancelObject(null);

      assert.deepEqual([whileRegistered, log.isReleased], [false, true]);
      await assertFails(functions.CoCancelCall(0, 0), E_NOINTERFACE);
    },
  ),

  conformance("CAN-21", "NULL takes the topmost object away", SYNC_CANCEL, async (stage) => {
    const { functions } = stage.com;
    await functions.CoEnableCallCancellation();
    const lower = marshalersObject(stage, E_FAIL);
    const upper = marshalersObject(stage, E_FAIL);
    for (const { pointer } of [lower, upper]) {
      await functions.CoSetCancelObject(stage.hold(pointer));
    }

    await functions.CoSetCancelObject(null);

    await hrOf(functions.CoCancelCall(0, 3));
    assert.deepEqual([lower.log.cancels, upper.log.cancels], [[3], []]);
    await functions.CoSetCancelObject(null);
  }),

  conformance(
    "CAN-21",
    "an object without ICancelMethodCalls is refused with E_NOINTERFACE",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      const pointer = stage.hold(stage.com.implement([IWorker], { Work: () => 0 }));

      const hr = await hrOf(functions.CoSetCancelObject(pointer));

      assert.equal(hr, E_NOINTERFACE);
      await assertFails(functions.CoSetCancelObject(null), E_UNEXPECTED);
    },
  ),

  conformance(
    "CAN-21",
    "the cancel object of a call that COM marshals cannot be taken away",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      const { work } = await workOn(await shift(stage));

      const hr = await hrOf(functions.CoSetCancelObject(null));

      assert.equal(hr, E_ACCESSDENIED);
      await functions.CoCancelCall(0, 0);
      await assertFails(work, RPC_E_CALL_CANCELED);
    },
  ),

  conformance(
    "CAN-21",
    "an object registered while cancellation was disabled is not called",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      const { log, pointer } = marshalersObject(stage, E_FAIL);
      await functions.CoSetCancelObject(stage.hold(pointer));

      const hr = await hrOf(functions.CoCancelCall(0, 0));

      assert.equal(hr, CO_E_CANCEL_DISABLED);
      assert.deepEqual(log.cancels, []);
      await functions.CoSetCancelObject(null);
    },
  ),
];
