import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  type Com,
  ComError,
  E_FAIL,
  failed,
  HRESULT_RPC_S_SERVER_UNAVAILABLE,
  INFINITE,
  IUnknown,
  RPC_E_CALL_COMPLETE,
  RPC_E_DISCONNECTED,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import {
  AsyncIForeman,
  AsyncIWorker,
  gate,
  IForeman,
  IWorker,
  type Worker,
} from "./call-worker.ts";

/** How long the server's only thread is blocked. */
const BLOCKED_MS = 2_000;

/** A server whose apartment `block` blocks for a while; it returns once nothing else runs there. */
async function blockedWorker(stage: Stage) {
  const started = gate();
  const foreman = await stage.serve([IForeman, IWorker], (host) => ({
    Order: async () => {
      started.open();
      await host.sleep(BLOCKED_MS);
    },
    Work: (value) => value,
  }));
  const block = async () => {
    const order = foreman.Order();
    await started.opened;
    // Handed over unawaited: it ends when the apartment goes on.
    return { order };
  };
  return { foreman, block };
}

/** A worker that keeps what it is told, in order. */
async function listeningWorker(stage: Stage) {
  const heard: number[] = [];
  const worker = await stage.serve([IWorker], () => ({
    Work: (value) => {
      heard.push(value);
      return value;
    },
  }));
  return { worker, heard };
}

/** A call object whose outer's Reset does as it is told. */
async function hookedCall(stage: Stage, worker: Worker, reset: () => void) {
  return stage.callOf(worker, AsyncIWorker, { synchronize: { Reset: reset } });
}

/** Begin_ and what is at its other end. */
export const begServer: readonly ConformanceTest[] = [
  conformance(
    "BEG-08",
    "each Begin_ resets the outer's synchronization object before the server hears of the call",
    { at: "marshaled", needs: ["register-class", "synchronize-hooks"] },
    async (stage) => {
      const { worker, heard } = await listeningWorker(stage);
      const call = await hookedCall(stage, worker, () => heard.push(-1));

      await call.Begin_Work(1);
      await call.Finish_Work();
      await call.Begin_Work(2);
      await call.Finish_Work();

      assert.deepEqual(heard, [-1, 1, -1, 2]);
    },
  ),

  conformance(
    "BEG-08",
    "a Begin_ whose Reset fails fails, and no request is sent",
    { at: "marshaled", needs: ["register-class", "synchronize-hooks"] },
    async (stage) => {
      const { worker, heard } = await listeningWorker(stage);
      let fails = true;
      const call = await hookedCall(stage, worker, () => {
        if (fails) throw new ComError(E_FAIL, "ISynchronize::Reset");
      });

      const hr = await hrOf(call.Begin_Work(1));

      assert.ok(failed(hr));
      await assertFails(call.Finish_Work(), RPC_E_CALL_COMPLETE);
      fails = false;
      await call.Begin_Work(2);
      assert.equal(await call.Finish_Work(), 2);
      assert.deepEqual(heard, [2]);
    },
  ),

  conformance(
    "BEG-10",
    "a call to a server that is gone fails in Begin_ or in Finish_",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const hosts: Com[] = [];
      const worker = await stage.serve([IWorker], ({ com }) => {
        hosts.push(com);
        return { Work: (value) => value };
      });
      const call = await stage.callOf(worker, AsyncIWorker);
      await hosts[0]?.close();

      const begun = await hrOf(call.Begin_Work(1));
      const hr = failed(begun) ? begun : await hrOf(call.Finish_Work());

      assert.ok([RPC_E_DISCONNECTED, HRESULT_RPC_S_SERVER_UNAVAILABLE].includes(hr));
    },
  ),

  conformance(
    "BEG-11",
    "Begin_ returns at once though the server's STA does not pump",
    { at: "marshaled", needs: ["register-class", "virtual-clock"] },
    async (stage) => {
      const { clock } = stage.com;
      const { foreman, block } = await blockedWorker(stage);
      const call = await stage.callOf(foreman, AsyncIForeman);
      const { order } = await block();
      const before = clock.now();

      await call.Begin_Order();

      assert.equal(clock.now(), before);
      assert.equal(await call.wait(0), false);
      await call.Finish_Order();
      assert.equal(clock.now(), before + 2 * BLOCKED_MS);
      await order;
    },
  ),

  conformance(
    "BEG-11",
    "QueryInterface for an interface new to the proxy waits until the server's STA pumps",
    { at: "marshaled", needs: ["register-class", "virtual-clock"] },
    async (stage) => {
      const { clock } = stage.com;
      const { foreman, block } = await blockedWorker(stage);
      const { order } = await block();
      const before = clock.now();

      await stage.query(foreman, IUnknown);
      const known = clock.now();
      await stage.query(foreman, IWorker);

      assert.deepEqual([known, clock.now()], [before, before + BLOCKED_MS]);
      await order;
    },
  ),

  conformance(
    "BEG-13",
    "an STA receives a client's calls in the order of their Begin_",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const [started, proceed] = [gate(), gate()];
      const heard: number[] = [];
      const worker = await stage.serve([IWorker, IForeman], () => ({
        Order: async () => {
          started.open();
          await proceed.opened;
        },
        Work: (value) => {
          heard.push(value);
          return value;
        },
      }));
      const foreman = await stage.query(worker, IForeman);
      const values = Array.from({ length: 10 }, (_, i) => i);
      const calls = await Promise.all(values.map(() => stage.callOf(worker, AsyncIWorker)));
      // All calls are there before the first can run, so that the queue's order decides.
      const order = foreman.Order();
      await started.opened;

      for (const [i, call] of calls.entries()) await call.Begin_Work(i);

      proceed.open();
      await order;
      for (const call of [...calls].reverse()) await call.Finish_Work();
      assert.deepEqual(heard, values);
    },
  ),

  conformance(
    "BEG-13",
    "calls may complete in another order than that of their Begin_",
    { at: "both" },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      const [slow, fast] = [
        await stage.callOf(pipe, AsyncIPipeByte),
        await stage.callOf(pipe, AsyncIPipeByte),
      ];
      await control.SetDelay(INFINITE);
      await slow.Begin_Pull(4);
      await control.SetDelay(1);

      await fast.Begin_Pull(2);

      assert.equal((await fast.Finish_Pull()).length, 2);
      assert.equal(await slow.wait(0), false);
      await control.CompleteCalls();
      assert.equal((await slow.Finish_Pull()).length, 4);
    },
  ),

  conformance(
    "BEG-13",
    "a synchronous call overtakes a call that was begun before it",
    { at: "both" },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      const call = await stage.callOf(pipe, AsyncIPipeByte);
      await control.SetDelay(INFINITE);

      await call.Begin_Pull(4);
      const { begun, finished } = await control.GetCounts();

      assert.deepEqual({ begun, finished }, { begun: 1, finished: 0 });
      await control.CompleteCalls();
      assert.equal((await call.Finish_Pull()).length, 4);
    },
  ),
];
