import {
  type Com,
  type ComCall,
  ComError,
  guid,
  ICancelMethodCalls,
  type IncomingCall,
  type ImplementationOf,
  type Host,
  RPC_E_CALL_CANCELED,
} from "callfactory";
import assert from "node:assert/strict";
import type { Stage } from "../harness/stage.ts";
import { type Gate, gate, IWorker, type Worker } from "./call-worker.ts";

/** How long a server works when nobody stops it, and how often it asks whether somebody has. */
export const WORK_MS = 60_000;
export const POLL_MS = 100;

/** What the synchronous tests of cancellation need. */
export const SYNC_CANCEL = {
  at: "marshaled",
  needs: ["register-class", "functions", "virtual-clock"],
} as const;

/** A worker at work: its client's call stays open until it is canceled or WORK_MS have passed. */
export interface Shift {
  readonly worker: Worker;
  /** Opens when the server is in its method. */
  readonly entered: Gate;
  /** How often the server has been told of a cancel. */
  seen: number;
}

/** What a server does about a cancel: "heed" it with RPC_E_CALL_CANCELED, or "ignore" it. */
export type Manner = "heed" | "ignore";

/** Serves {@link IWorker} in an STA of its own. */
export async function shift(stage: Stage, manner: Manner = "ignore"): Promise<Shift> {
  const state = { entered: gate(), seen: 0 };
  const worker = await stage.serve([IWorker], (host) => toil(host, state, manner));
  return Object.assign(state, { worker });
}

/** Two at once, each in an STA of its own, for one client thread. */
export async function twoShifts(stage: Stage): Promise<readonly [Shift, Shift]> {
  // The first STA of all is the main one, where a class without a threading model lives (ACT-01).
  await stage.com.openApartment("sta");
  return [await shiftBetween(stage, stage.com, undefined), await shift(stage)];
}

/** Serves {@link IWorker} with a threading model of its own, to a client in an apartment of its own. */
export async function shiftBetween(
  stage: Stage,
  client: Com,
  threadingModel: "Apartment" | "Free" | undefined,
): Promise<Shift> {
  const state = { entered: gate(), seen: 0 };
  const clsid = guid("c0ffee02-0000-4000-8000-000000000001");
  stage.com.registerClass({
    clsid,
    ...(threadingModel && { threadingModel }),
    interfaces: [IWorker],
    create: (host) => toil(host, state, "ignore"),
  });
  const worker = stage.hold(await client.createInstance(clsid, IWorker));
  return Object.assign(state, { worker });
}

/** Serves {@link IWorker} in another process, to a client of ours. */
export async function shiftInProcess(
  stage: Stage,
  client: Com,
  kind: "sta" | "mta",
): Promise<Shift> {
  const state = { entered: gate(), seen: 0 };
  const process = await stage.com.openProcess(kind);
  stage.hold({ release: () => process.kill() });
  const { clock } = process;
  const sleep = (delayMs: number) =>
    new Promise<void>((resolve) => void clock.setTimer(delayMs, resolve));
  const object = process.implement([IWorker], toil({ clock, sleep }, state, "ignore"));
  // The other process knows the interface; a registration here stands for the registry of both.
  stage.hold(client.implement([IWorker], { Work: () => 0 }));
  const worker = stage.hold(await client.unmarshal(await process.marshal(object), IWorker));
  object.release();
  return Object.assign(state, { worker });
}

function toil(
  host: Pick<Host, "clock" | "sleep">,
  state: Omit<Shift, "worker">,
  manner: Manner,
): ImplementationOf<readonly [typeof IWorker]> {
  return {
    Work: async (value: number, call: IncomingCall) => {
      state.entered.open();
      const endsAtMs = host.clock.now() + WORK_MS;
      while (host.clock.now() < endsAtMs) {
        const isCanceled = call.testCancel() === RPC_E_CALL_CANCELED;
        if (isCanceled) state.seen++;
        if (isCanceled && manner === "heed") throw new ComError(RPC_E_CALL_CANCELED, "IWorker");
        await host.sleep(POLL_MS);
      }
      return value;
    },
  };
}

/** Calls Work synchronously; resolves when the server is in it. */
export async function workOn({ worker, entered }: Shift): Promise<{ work: ComCall<number> }> {
  const work = worker.Work(1, { lane: "worker" });
  // The test looks at it later; until then a rejection is nobody's fault.
  work.catch(() => {});
  await entered.opened;
  return { work };
}

/** The cancel object of `threadId`, released when the test ends. */
export async function cancelObjectOf(stage: Stage, threadId = 0) {
  const { functions } = stage.com;
  const unknown = await functions.CoGetCancelObject(threadId, ICancelMethodCalls.iid);
  assert.ok(unknown);
  return stage.query(stage.hold(unknown), ICancelMethodCalls);
}
