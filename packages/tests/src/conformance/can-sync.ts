import assert from "node:assert/strict";
import {
  CO_E_CANCEL_DISABLED,
  E_NOINTERFACE,
  RPC_C_CANCEL_INFINITE_TIMEOUT,
  RPC_E_CALL_CANCELED,
  RPC_E_CALL_COMPLETE,
  S_OK,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import { POLL_MS, SYNC_CANCEL, shift, twoShifts, WORK_MS, workOn } from "./can-sync-worker.ts";

const CANCEL_SECONDS = 5;

/** Cancellation of synchronous calls, and the threads that allow it. */
export const canSync: readonly ConformanceTest[] = [
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

  conformance(
    "CAN-19",
    "CoCancelCall cancels the call of the thread that it names",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      const threadId = await functions.GetCurrentThreadId();
      const { work } = await workOn(await shift(stage));
      const watchdog = await stage.com.openApartment("mta");

      const hr = await hrOf(watchdog.functions.CoCancelCall(threadId, 0));

      assert.equal(hr, S_OK);
      await assertFails(work, RPC_E_CALL_CANCELED);
    },
  ),

  conformance(
    "CAN-19",
    "CoCancelCall returns E_NOINTERFACE for a thread that waits for no call",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      const { worker } = await shift(stage, "heed");

      await assertFails(functions.CoCancelCall(0, 0), E_NOINTERFACE);

      await worker.Work(1, { lane: "worker" });
      await assertFails(functions.CoCancelCall(0, 0), E_NOINTERFACE);
    },
  ),

  conformance(
    "CAN-19",
    "CoCancelCall waits as many seconds as it is told, then releases the caller",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      const { clock } = stage.com;
      await functions.CoEnableCallCancellation();
      const on = await shift(stage);
      const { work } = await workOn(on);

      const hr = await hrOf(functions.CoCancelCall(0, CANCEL_SECONDS));

      assert.equal(hr, S_OK);
      assert.equal(clock.now(), CANCEL_SECONDS * 1000);
      await assertFails(work, RPC_E_CALL_CANCELED);
      assert.equal(clock.now(), CANCEL_SECONDS * 1000);
      assert.ok(on.seen > 0, "the server was told");
    },
  ),

  conformance(
    "CAN-19",
    "CoCancelCall returns RPC_E_CALL_COMPLETE when the call ends while it waits",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      const { work } = await workOn(await shift(stage, "heed"));

      const hr = await hrOf(functions.CoCancelCall(0, CANCEL_SECONDS));

      assert.equal(hr, RPC_E_CALL_COMPLETE);
      assert.equal(stage.com.clock.now(), POLL_MS);
      await assertFails(work, RPC_E_CALL_CANCELED);
    },
  ),

  conformance(
    "CAN-19",
    "CoCancelCall without limit waits for a server that ignores it",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      const { work } = await workOn(await shift(stage));

      const hr = await hrOf(functions.CoCancelCall(0, RPC_C_CANCEL_INFINITE_TIMEOUT));

      assert.equal(hr, RPC_E_CALL_COMPLETE);
      assert.equal(stage.com.clock.now(), WORK_MS);
      assert.equal(await work, 1);
    },
  ),

  conformance(
    "CAN-19",
    "a second CoCancelCall of the same call returns RPC_E_CALL_CANCELED",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      const { work } = await workOn(await shift(stage));
      const first = hrOf(functions.CoCancelCall(0, CANCEL_SECONDS));

      const second = await hrOf(functions.CoCancelCall(0, 0));

      assert.equal(second, RPC_E_CALL_CANCELED);
      assert.equal(await first, S_OK);
      await assertFails(work, RPC_E_CALL_CANCELED);
    },
  ),

  conformance(
    "CAN-12",
    "a canceled synchronous call goes on at the server, and what it returns is dropped",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      const on = await shift(stage);
      const { work: canceled } = await workOn(on);
      await functions.CoCancelCall(0, 0);
      await hrOf(canceled);

      const next = await on.worker.Work(2, { lane: "worker" });

      assert.equal(next, 2);
      assert.equal(stage.com.clock.now(), 2 * WORK_MS);
    },
  ),

  conformance(
    "CAN-25",
    "RPC_E_CALL_CANCELED that a server returns without a cancel reaches the client as it is",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      const calculator = await stage.calculator();

      const work = calculator.Fail(RPC_E_CALL_CANCELED, { lane: "worker" });

      await assertFails(work, RPC_E_CALL_CANCELED);
      await assertFails(functions.CoCancelCall(0, 0), E_NOINTERFACE);
    },
  ),
];
