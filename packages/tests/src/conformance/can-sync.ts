import assert from "node:assert/strict";
import {
  E_NOINTERFACE,
  RPC_C_CANCEL_INFINITE_TIMEOUT,
  RPC_E_CALL_CANCELED,
  RPC_E_CALL_COMPLETE,
  S_OK,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import { POLL_MS, SYNC_CANCEL, shift, WORK_MS, workOn } from "./can-sync-worker.ts";

const CANCEL_SECONDS = 5;

/** CoCancelCall, and what becomes of the call. */
export const canSync: readonly ConformanceTest[] = [
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
