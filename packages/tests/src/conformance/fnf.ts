import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  CO_E_RELEASED,
  type HResult,
  hresultName,
  INFINITE,
  RPC_S_CALLPENDING,
  type TraceEvent,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { openPipe } from "./beg-pending.ts";
import { AsyncIForeman, AsyncIWorker, gate, IForeman, IWorker } from "./call-worker.ts";

const STEPS: readonly string[] = ["begin", "signal", "finish", "cancel", "abandon"];

/** What became of the client's call, in order. */
function fate(events: readonly TraceEvent[]): string[] {
  return events.map(({ kind }) => kind).filter((kind) => STEPS.includes(kind));
}

/** A server whose Work goes on, and ends, at the next Order; `log` is the server's. */
async function orderedWorker(stage: Stage) {
  const log: string[] = [];
  let proceed = (): void => {};
  const worker = await stage.serve([IWorker, IForeman], () => ({
    Work: () => 0,
    Order: () => proceed(),
    createCall: (iface, call) => {
      if (iface.syncOf !== IWorker) return null;
      return {
        Begin_Work: () => {
          proceed = () => {
            log.push(hresultName(call.testCancel()));
            call.signal();
          };
        },
        Finish_Work: () => {
          log.push("finished");
          return 0;
        },
        finalRelease: () => void log.push("ended"),
      };
    },
  }));
  return { worker, foreman: await stage.query(worker, IForeman), log };
}

/** Call objects released without Finish_. */
export const fnf: readonly ConformanceTest[] = [
  conformance(
    "FNF-01",
    "releasing the call object abandons the call: nothing is delivered",
    { at: "marshaled", needs: ["packets"] },
    async (stage) => {
      const { control, call } = await openPipe(stage);
      const events = stage.record();
      await call.Begin_Pull(4);

      call.release();

      await control.CompleteCalls();
      const { alive } = await control.GetCounts();
      const pulls = events.filter((event) => "method" in event && event.method.endsWith("Pull"));
      assert.deepEqual(fate(pulls), ["begin", "abandon"]);
      assert.equal(alive, 0);
    },
  ),

  conformance(
    "FNF-01",
    "releasing a direct pointer to a call object ends it, call in progress or not",
    { at: "same-apartment" },
    async (stage) => {
      const { control, call } = await openPipe(stage);
      await call.Begin_Pull(4);

      call.release();

      const { finished, alive } = await control.GetCounts();
      assert.deepEqual({ finished, alive }, { finished: 0, alive: 0 });
      await assertFails(call.Finish_Pull(), CO_E_RELEASED);
    },
  ),

  conformance(
    "FNF-01",
    "an object goes on serving after a call to it was abandoned",
    { at: "both" },
    async (stage) => {
      const { pipe, control, call } = await openPipe(stage);
      await call.Begin_Pull(4);

      call.release();

      await control.CompleteCalls();
      await control.SetDelay(0);
      assert.equal((await pipe.Pull(2)).length, 2);
    },
  ),

  conformance(
    "FNF-02",
    "the method of an abandoned call runs to its end",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const [started, proceed, ended] = [gate(), gate(), gate()];
      const foreman = await stage.serve([IForeman], () => ({
        Order: async () => {
          started.open();
          await proceed.opened;
          ended.open();
        },
      }));
      const call = await stage.callOf(foreman, AsyncIForeman);
      await call.Begin_Order();
      await started.opened;

      call.release();
      proceed.open();

      // Were it cut short, this would never return.
      await ended.opened;
    },
  ),

  conformance(
    "FNF-02",
    "the method of an abandoned call starts even after the client has let go",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const [started, proceed] = [gate(), gate()];
      const log: string[] = [];
      const worker = await stage.serve([IWorker, IForeman], () => ({
        Order: async () => {
          started.open();
          await proceed.opened;
        },
        Work: (value) => {
          log.push(`Work ${value}`);
          return value;
        },
      }));
      const foreman = await stage.query(worker, IForeman);
      const call = await stage.callOf(worker, AsyncIWorker);
      const order = foreman.Order();
      await started.opened;
      await call.Begin_Work(1);

      call.release();

      assert.deepEqual(log, []);
      proceed.open();
      await order;
      await worker.Work(2);
      assert.deepEqual(log, ["Work 1", "Work 2"]);
    },
  ),

  conformance(
    "FNF-05",
    "the server finishes an abandoned call, once",
    { at: "marshaled" },
    async (stage) => {
      const { control, call } = await openPipe(stage);
      await call.Begin_Pull(4);

      call.release();
      await control.CompleteCalls();

      const { begun, finished, alive } = await control.GetCounts();
      assert.deepEqual({ begun, finished, alive }, { begun: 1, finished: 1, alive: 0 });
    },
  ),

  conformance(
    "FNF-05",
    "the server's call object sees an abandoned call as it sees any other",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const { worker, foreman, log } = await orderedWorker(stage);
      const [kept, abandoned] = [
        await stage.callOf(worker, AsyncIWorker),
        await stage.callOf(worker, AsyncIWorker),
      ];
      await kept.Begin_Work(1);
      await foreman.Order();
      await kept.Finish_Work();
      const seen = log.splice(0);

      await abandoned.Begin_Work(1);
      abandoned.release();
      await foreman.Order();

      assert.deepEqual(log, seen);
      assert.deepEqual(log, ["RPC_S_CALLPENDING", "finished", "ended"]);
    },
  ),

  conformance(
    "FNF-06",
    "TestCancel on the server stays RPC_S_CALLPENDING after the client has let go",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const [started, proceed] = [gate(), gate()];
      const seen: HResult[] = [];
      const worker = await stage.serve(
        [IWorker, IForeman],
        () => ({
          Work: async (value, { testCancel }) => {
            started.open();
            await proceed.opened;
            seen.push(testCancel());
            return value;
          },
          Order: () => {},
        }),
        "mta",
      );
      const foreman = await stage.query(worker, IForeman);
      const call = await stage.callOf(worker, AsyncIWorker);
      await call.Begin_Work(1);
      await started.opened;

      call.release();
      // By the time of this call's reply the server would know of a cancel.
      await foreman.Order();
      proceed.open();
      await foreman.Order();

      assert.deepEqual(seen, [RPC_S_CALLPENDING]);
    },
  ),

  conformance(
    "FNF-07",
    "an outer may drop its last reference inside its own Signal",
    { at: "both", needs: ["synchronize-hooks"] },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(INFINITE);
      const signaled = gate();
      const call = await stage.callOf(pipe, AsyncIPipeByte, {
        synchronize: {
          Signal: () => {
            call.release();
            signaled.open();
          },
        },
      });
      await call.Begin_Pull(4);

      await control.CompleteCalls();
      await signaled.opened;

      const { alive } = await control.GetCounts();
      assert.equal(alive, 0);
      await assertFails(call.Finish_Pull(), CO_E_RELEASED);
    },
  ),

  conformance(
    "FNF-07",
    "a call object that died inside Signal is not touched again",
    { at: "marshaled", needs: ["synchronize-hooks", "packets"] },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(INFINITE);
      const hooks = { Signal: () => call.release() };
      const call = await stage.callOf(pipe, AsyncIPipeByte, { synchronize: hooks });
      const events = stage.record();
      await call.Begin_Pull(4);

      await control.CompleteCalls();
      await control.GetCounts();

      const pulls = events.filter((event) => "method" in event && event.method.endsWith("Pull"));
      assert.deepEqual(fate(pulls), ["begin", "signal", "abandon"]);
    },
  ),
];
