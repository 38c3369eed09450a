import assert from "node:assert/strict";
import { CO_E_CANCEL_DISABLED, E_NOINTERFACE, RPC_E_CALL_CANCELED, S_OK } from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import { SYNC_CANCEL, shift, twoShifts, workOn } from "./can-sync-worker.ts";

/** Threads that let their synchronous calls be canceled, and threads that do not. */
export const canSyncEnable: readonly ConformanceTest[] = [
  conformance(
    "CAN-14",
    "a synchronous call cannot be canceled unless its thread enabled that",
    SYNC_CANCEL,
    async (stage) => {
      const on = await shift(stage);
      const { work } = await workOn(on);

      const hr = await hrOf(stage.com.functions.CoCancelCall(0, 0));

      assert.equal(hr, CO_E_CANCEL_DISABLED);
      assert.equal(await work, 1);
      assert.equal(on.seen, 0);
    },
  ),

  conformance(
    "CAN-14",
    "a synchronous call is canceled once its thread has enabled that",
    SYNC_CANCEL,
    async (stage) => {
      await stage.com.functions.CoEnableCallCancellation();
      const on = await shift(stage);
      const { work } = await workOn(on);

      await stage.com.functions.CoCancelCall(0, 0);

      await assertFails(work, RPC_E_CALL_CANCELED);
      assert.equal(stage.com.clock.now(), 0);
    },
  ),

  conformance(
    "CAN-14",
    "of two enablings one disabling leaves one, and two leave none",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      await functions.CoEnableCallCancellation();

      await functions.CoDisableCallCancellation();
      const afterOne = await hrOf(functions.CoCancelCall(0, 0));
      await functions.CoDisableCallCancellation();
      const afterTwo = await hrOf(functions.CoCancelCall(0, 0));

      assert.equal(afterOne, E_NOINTERFACE);
      assert.equal(afterTwo, CO_E_CANCEL_DISABLED);
    },
  ),

  conformance(
    "CAN-14",
    "a thread that enables cancellation does so for itself alone",
    SYNC_CANCEL,
    async (stage) => {
      const other = await stage.com.openApartment("mta");
      await other.functions.CoEnableCallCancellation();

      const hr = await hrOf(stage.com.functions.CoCancelCall(0, 0));

      assert.equal(hr, CO_E_CANCEL_DISABLED);
      assert.equal(await hrOf(other.functions.CoCancelCall(0, 0)), E_NOINTERFACE);
    },
  ),

  conformance(
    "CAN-15",
    "CoDisableCallCancellation returns S_OK for each enabling that it takes back",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      await functions.CoEnableCallCancellation();

      const inner = await hrOf(functions.CoDisableCallCancellation());
      const outer = await hrOf(functions.CoDisableCallCancellation());

      assert.deepEqual([inner, outer], [S_OK, S_OK]);
    },
  ),

  conformance(
    "CAN-15",
    "CoDisableCallCancellation fails with CO_E_CANCEL_DISABLED when there is nothing to take back",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      await functions.CoDisableCallCancellation();

      const hr = await hrOf(functions.CoDisableCallCancellation());

      assert.equal(hr, CO_E_CANCEL_DISABLED);
      assert.equal(hr, 0x80010140);
    },
  ),

  conformance(
    "CAN-16",
    "disabling cancellation does not reach a call that is pending",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      const { work } = await workOn(await shift(stage));
      await functions.CoDisableCallCancellation();

      await functions.CoCancelCall(0, 0);

      await assertFails(work, RPC_E_CALL_CANCELED);
    },
  ),

  conformance(
    "CAN-16",
    "enabling cancellation does not reach a call that is pending",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      const { work } = await workOn(await shift(stage));
      await functions.CoEnableCallCancellation();

      const hr = await hrOf(functions.CoCancelCall(0, 0));

      assert.equal(hr, E_NOINTERFACE);
      assert.equal(await work, 1);
    },
  ),

  conformance(
    "CAN-16",
    "a call that can be canceled is found while a later one cannot",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      const [one, two] = await twoShifts(stage);
      await functions.CoEnableCallCancellation();
      const { work: first } = await workOn(one);
      await functions.CoDisableCallCancellation();
      const { work: second } = await workOn(two);

      await functions.CoCancelCall(0, 0);

      await assertFails(first, RPC_E_CALL_CANCELED);
      assert.equal(await second, 1);
    },
  ),
];
