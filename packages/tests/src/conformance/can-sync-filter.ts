import assert from "node:assert/strict";
import {
  type Com,
  ICancelMethodCalls,
  IMessageFilter,
  PENDINGMSG_CANCELCALL,
  PENDINGMSG_WAITNOPROCESS,
  RPC_E_CALL_CANCELED,
  WM_USER,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { type Shift, SYNC_CANCEL, shiftBetween, workOn } from "./can-sync-worker.ts";

/** A client in an STA whose message filter answers `decision` to every message that arrives. */
async function filteredClient(stage: Stage, decision: number) {
  const client = await stage.com.openApartment("sta");
  const filter = client.implement([IMessageFilter], {
    HandleInComingCall: () => 0,
    RetryRejectedCall: () => 0,
    MessagePending: () => decision,
  });
  await client.functions.CoRegisterMessageFilter(filter);
  filter.release();
  const on: Shift = await shiftBetween(stage, client, "Free");
  const { work } = await workOn(on);
  return { client, work };
}

/** Puts a message into the queue of the client's thread. */
async function disturb(stage: Stage, client: Com): Promise<void> {
  const threadId = await client.functions.GetCurrentThreadId();
  await stage.com.functions.PostThreadMessageW(threadId, WM_USER, 0n, 0n);
}

/** Takes the filter away, and with it COM's reference to it. */
async function unfilter({ functions }: Com): Promise<void> {
  (await functions.CoRegisterMessageFilter(null))?.release();
}

/** Calls that a message filter ends. */
export const canSyncFilter: readonly ConformanceTest[] = [
  conformance(
    "CAN-24",
    "a message filter cancels the call that its STA waits for, enabled or not",
    SYNC_CANCEL,
    async (stage) => {
      const { client, work } = await filteredClient(stage, PENDINGMSG_CANCELCALL);

      await disturb(stage, client);

      await assertFails(work, RPC_E_CALL_CANCELED);
      assert.equal(stage.com.clock.now(), 0);
      await unfilter(client);
    },
  ),

  conformance(
    "CAN-24",
    "a message filter that waits cancels nothing",
    SYNC_CANCEL,
    async (stage) => {
      const { client, work } = await filteredClient(stage, PENDINGMSG_WAITNOPROCESS);

      await disturb(stage, client);

      assert.equal(await work, 1);
      await unfilter(client);
    },
  ),

  conformance(
    "CAN-24",
    "a message filter cancels no object that a custom marshaler registered",
    SYNC_CANCEL,
    async (stage) => {
      const { client, work } = await filteredClient(stage, PENDINGMSG_CANCELCALL);
      const cancels: number[] = [];
      const object = client.implement([ICancelMethodCalls], {
        Cancel: (seconds) => void cancels.push(seconds),
        TestCancel: () => {},
      });
      await client.functions.CoSetCancelObject(stage.hold(object));

      await disturb(stage, client);

      await assertFails(work, RPC_E_CALL_CANCELED);
      assert.deepEqual(cancels, []);
      await client.functions.CoSetCancelObject(null);
      await unfilter(client);
    },
  ),
];
