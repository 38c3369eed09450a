import assert from "node:assert/strict";
import { type Com, RPC_E_CALL_CANCELED } from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { SYNC_CANCEL, shiftBetween, workOn } from "./can-sync-worker.ts";

/** Who calls whom. Within one process an MTA calls an MTA without a proxy. */
const PAIRS = [
  { from: "an STA", to: "the main STA", kind: "sta", threadingModel: undefined },
  { from: "an STA", to: "the MTA", kind: "sta", threadingModel: "Free" },
  { from: "the MTA", to: "an STA", kind: "mta", threadingModel: "Apartment" },
] as const;

/** The apartment of a client; the first STA of all is not it. */
async function clientIn(stage: Stage, kind: "sta" | "mta"): Promise<Com> {
  await stage.com.openApartment("sta");
  return stage.com.openApartment(kind);
}

/** Cancellation of synchronous calls between all kinds of apartments. */
export const canSyncMatrix: readonly ConformanceTest[] = PAIRS.flatMap(
  ({ from, to, kind, threadingModel }) => [
    conformance(
      "CAN-23",
      `a call from ${from} to ${to} is canceled by another thread`,
      SYNC_CANCEL,
      async (stage) => {
        const client = await clientIn(stage, kind);
        await client.functions.CoEnableCallCancellation();
        const threadId = await client.functions.GetCurrentThreadId();
        const on = await shiftBetween(stage, client, threadingModel);
        const { work } = await workOn(on);

        await stage.com.functions.CoCancelCall(threadId, 0);

        await assertFails(work, RPC_E_CALL_CANCELED);
        assert.equal(stage.com.clock.now(), 0);
      },
    ),

    conformance(
      "CAN-22",
      `a server that is called from ${from} in ${to} learns of the cancel`,
      SYNC_CANCEL,
      async (stage) => {
        const client = await clientIn(stage, kind);
        await client.functions.CoEnableCallCancellation();
        const threadId = await client.functions.GetCurrentThreadId();
        const on = await shiftBetween(stage, client, threadingModel);
        const { work } = await workOn(on);

        await stage.com.functions.CoCancelCall(threadId, 1);

        assert.ok(on.seen > 0);
        await assertFails(work, RPC_E_CALL_CANCELED);
      },
    ),
  ],
);
