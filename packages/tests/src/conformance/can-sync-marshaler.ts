import assert from "node:assert/strict";
import {
  CO_E_CANCEL_DISABLED,
  ComError,
  E_ACCESSDENIED,
  E_FAIL,
  E_NOINTERFACE,
  E_UNEXPECTED,
  ICancelMethodCalls,
  RPC_E_CALL_CANCELED,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { IWorker } from "./call-worker.ts";
import { cancelObjectOf, SYNC_CANCEL, shift, workOn } from "./can-sync-worker.ts";

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

/** Cancel objects of custom marshalers. */
export const canSyncMarshaler: readonly ConformanceTest[] = [
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

  conformance(
    "CAN-21",
    "CoGetCancelObject gives the object that was registered",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      const { pointer } = marshalersObject(stage, E_FAIL);
      await functions.CoSetCancelObject(stage.hold(pointer));

      const found = await cancelObjectOf(stage);

      assert.equal(await found.isSameObject(pointer), true);
      await functions.CoSetCancelObject(null);
    },
  ),

  conformance(
    "CAN-21",
    "an object that is taken away while it cancels lives until it has done so",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      const alive: boolean[] = [];
      let isReleased = false;
      const pointer = stage.com.implement([ICancelMethodCalls], {
        Cancel: async () => {
          await functions.CoSetCancelObject(null);
          alive.push(!isReleased);
        },
        TestCancel: () => {},
        finalRelease: () => {
          isReleased = true;
        },
      });
      await functions.CoSetCancelObject(pointer);
      pointer.release();

      await functions.CoCancelCall(0, 0);

      assert.deepEqual([...alive, isReleased], [true, true]);
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
