import assert from "node:assert/strict";
import { type Com, guid, RPC_E_CALL_CANCELED } from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { gate, IWorker } from "./call-worker.ts";
import { SYNC_CANCEL, shiftBetween, shiftInProcess, WORK_MS, workOn } from "./can-sync-worker.ts";

/** Who calls whom in one process, where an MTA calls an MTA without a proxy. */
const PAIRS = [
  { from: "an STA", to: "the main STA", kind: "sta", threadingModel: undefined },
  { from: "an STA", to: "the MTA", kind: "sta", threadingModel: "Free" },
  { from: "the MTA", to: "an STA", kind: "mta", threadingModel: "Apartment" },
] as const;

const KINDS = ["sta", "mta"] as const;

/** The apartment of a client; the first STA of all is not it. */
async function clientIn(stage: Stage, kind: "sta" | "mta"): Promise<Com> {
  await stage.com.openApartment("sta");
  return stage.com.openApartment(kind);
}

/** Creates an object of a class that takes WORK_MS for it. */
function slowActivation(
  stage: Stage,
  client: Com,
  threadingModel: (typeof PAIRS)[number]["threadingModel"],
) {
  const entered = gate();
  const clsid = guid("c0ffee06-0000-4000-8000-000000000001");
  stage.com.registerClass({
    clsid,
    ...(threadingModel && { threadingModel }),
    interfaces: [IWorker],
    create: async (host) => {
      entered.open();
      await host.sleep(WORK_MS);
      return { Work: (value) => value };
    },
  });
  const creating = client.createInstance(clsid, IWorker);
  // The test looks at it later; until then a rejection is nobody's fault.
  creating.catch(() => {});
  return { creating, entered };
}

/** Cancellation of synchronous calls between two processes. */
const betweenProcesses = KINDS.flatMap((from) =>
  KINDS.map((to) =>
    conformance(
      "CAN-23",
      `a call from an ${from.toUpperCase()} to the ${to.toUpperCase()} of another process is canceled`,
      { ...SYNC_CANCEL, needs: [...SYNC_CANCEL.needs, "processes"] },
      async (stage) => {
        const client = await clientIn(stage, from);
        await client.functions.CoEnableCallCancellation();
        const threadId = await client.functions.GetCurrentThreadId();
        const on = await shiftInProcess(stage, client, to);
        const { work } = await workOn(on);

        await stage.com.functions.CoCancelCall(threadId, 1);

        await assertFails(work, RPC_E_CALL_CANCELED);
        assert.ok(on.seen > 0, "the server was told");
      },
    ),
  ),
);

/** Cancellation of synchronous calls between two apartments of one process. */
const betweenApartments = PAIRS.flatMap(({ from, to, kind, threadingModel }) => [
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
    "CAN-23",
    `an activation from ${from} in ${to} is canceled by another thread`,
    SYNC_CANCEL,
    async (stage) => {
      const client = await clientIn(stage, kind);
      await client.functions.CoEnableCallCancellation();
      const threadId = await client.functions.GetCurrentThreadId();
      const { creating, entered } = slowActivation(stage, client, threadingModel);
      await entered.opened;

      await stage.com.functions.CoCancelCall(threadId, 0);

      await assertFails(creating, RPC_E_CALL_CANCELED);
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
]);

/** Cancellation of synchronous calls between all kinds of apartments. */
export const canSyncMatrix: readonly ConformanceTest[] = [
  ...betweenApartments,
  ...betweenProcesses,
];
