import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  ComError,
  E_NOTIMPL,
  ICancelMethodCalls,
  INFINITE,
  ISynchronize,
  IUnknown,
  RPC_E_CALL_CANCELED,
  RPC_E_CALL_COMPLETE,
  S_OK,
  type SynchronizeHooks,
  failed,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { gate, passes } from "./sync-gate.ts";

const NEEDS = ["synchronize-hooks"] as const;

/** An idle call object whose outer has `hooks`, on a pipe whose calls stay open until CompleteCalls. */
async function hookedCall(stage: Stage, synchronize: SynchronizeHooks) {
  const { pipe, control } = await stage.slowPipe();
  await control.SetDelay(INFINITE);
  const call = await stage.callOf(pipe, AsyncIPipeByte, { synchronize });
  return { pipe, control, call };
}

/** Clients' outer objects that take the call object's synchronization over. */
export const syncHooks: readonly ConformanceTest[] = [
  conformance(
    "SYNC-23",
    "the outer's ISynchronize is Reset when a call starts and Signaled when it completes",
    { at: "both", needs: NEEDS },
    async (stage) => {
      const log: string[] = [];
      const { call, control } = await hookedCall(stage, {
        Reset: () => void log.push("Reset"),
        Signal: () => void log.push("Signal"),
      });
      log.push("created");

      await call.Begin_Pull(4);
      log.push("begun");
      await control.CompleteCalls();
      await call.wait();
      log.push("completed");
      await call.Finish_Pull();

      assert.deepEqual(log, ["created", "Reset", "begun", "Signal", "completed"]);
    },
  ),

  conformance(
    "SYNC-23",
    "Finish_ waits for the outer's ISynchronize, not for the reply",
    { at: "marshaled", needs: [...NEEDS, "virtual-clock"] },
    async (stage) => {
      const { call, control } = await hookedCall(stage, {});
      await call.Begin_Pull(4);
      await control.CompleteCalls();
      await call.wait();
      const synchronize = await stage.query(call, ISynchronize);
      await synchronize.Reset();
      const log: string[] = [];

      const finishing = call.Finish_Pull().then(() => log.push("finished"));
      await passes(stage.com.clock, 1000);
      log.push("signaling");
      await synchronize.Signal();
      await finishing;

      assert.deepEqual(log, ["signaling", "finished"]);
    },
  ),

  conformance(
    "SYNC-23",
    "each call on a call object is Reset and Signaled once",
    { at: "both", needs: NEEDS },
    async (stage) => {
      const log: string[] = [];
      const { call, control } = await hookedCall(stage, {
        Reset: () => void log.push("Reset"),
        Signal: () => void log.push("Signal"),
      });

      for (const count of [1, 2]) {
        await call.Begin_Pull(count);
        await control.CompleteCalls();
        await call.Finish_Pull();
      }

      assert.deepEqual(log, ["Reset", "Signal", "Reset", "Signal"]);
    },
  ),

  conformance(
    "SYNC-23",
    "a cancellation that completes the call Signals the outer, too",
    { at: "both", needs: NEEDS },
    async (stage) => {
      const log: string[] = [];
      const { call } = await hookedCall(stage, { Signal: () => void log.push("Signal") });
      await call.Begin_Pull(4);

      await call.cancel(0);

      assert.deepEqual(log, ["Signal"]);
    },
  ),

  conformance(
    "SYNC-24",
    "hooks that do nothing leave the call as it is",
    { at: "both", needs: NEEDS },
    async (stage) => {
      const { call, control } = await hookedCall(stage, { Reset: () => {}, Signal: () => {} });
      await call.Begin_Pull(4);
      await control.CompleteCalls();

      const bytes = await call.Finish_Pull();

      assert.deepEqual(bytes, Uint8Array.of(0, 1, 2, 3));
    },
  ),

  conformance(
    "SYNC-24",
    "a Reset that fails makes Begin_ fail, with no call in progress",
    { at: "marshaled", needs: NEEDS },
    async (stage) => {
      const { call, control } = await hookedCall(stage, {
        Reset: () => {
          throw new ComError(E_NOTIMPL, "ISynchronize::Reset");
        },
      });

      await assertFails(call.Begin_Pull(4), E_NOTIMPL);

      await assertFails(call.Finish_Pull(), RPC_E_CALL_COMPLETE);
      assert.equal((await control.GetCounts()).begun, 0);
    },
  ),

  conformance(
    "SYNC-24",
    "a Signal that fails makes the call a failed one",
    { at: "marshaled", needs: NEEDS },
    async (stage) => {
      const { call, control } = await hookedCall(stage, {
        Signal: () => {
          throw new ComError(E_NOTIMPL, "ISynchronize::Signal");
        },
      });
      await call.Begin_Pull(4);
      await control.CompleteCalls();
      await call.wait();

      const hr = await hrOf(call.Finish_Pull());

      assert.equal(failed(hr), true);
      await assertFails(call.Finish_Pull(), RPC_E_CALL_COMPLETE);
    },
  ),

  conformance(
    "SYNC-26",
    "Finish_ inside the outer's Signal gets the results",
    { at: "both", needs: NEEDS },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(INFINITE);
      const finished = gate<Uint8Array>();
      const call = await stage.callOf(pipe, AsyncIPipeByte, {
        synchronize: { Signal: () => finished.open(finish()) },
      });
      const finish = (): Promise<Uint8Array> => call.Finish_Pull();
      await call.Begin_Pull(4);

      await control.CompleteCalls();

      assert.deepEqual(await finished.opened, Uint8Array.of(0, 1, 2, 3));
      await assertFails(call.Finish_Pull(), RPC_E_CALL_COMPLETE);
    },
  ),

  conformance(
    "SYNC-26",
    "the call has completed when the outer's Signal runs",
    { at: "both", needs: NEEDS },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(INFINITE);
      const completed = gate<boolean>();
      const call = await stage.callOf(pipe, AsyncIPipeByte, {
        synchronize: { Signal: () => completed.open(poll()) },
      });
      const poll = (): Promise<boolean> => call.wait(0);
      await call.Begin_Pull(4);

      await control.CompleteCalls();

      assert.equal(await completed.opened, true);
    },
  ),

  conformance(
    "SYNC-27",
    "the outer answers for ISynchronize",
    { at: "both", needs: NEEDS },
    async (stage) => {
      const log: string[] = [];
      const { call } = await hookedCall(stage, {
        Reset: () => void log.push("Reset"),
        Signal: () => void log.push("Signal"),
      });
      const synchronize = await stage.query(call, ISynchronize);

      await synchronize.Signal();
      await synchronize.Reset();

      assert.deepEqual(log, ["Signal", "Reset"]);
    },
  ),

  conformance(
    "SYNC-27",
    "the outer forwards other interfaces to the call object",
    { at: "both", needs: NEEDS },
    async (stage) => {
      const { call } = await hookedCall(stage, {});
      await call.Begin_Pull(4);
      const cancel = await stage.query(call, ICancelMethodCalls);

      const hr = await hrOf(cancel.Cancel(0));

      assert.equal(hr, S_OK);
      await assertFails(call.Finish_Pull(), RPC_E_CALL_CANCELED);
    },
  ),

  conformance(
    "SYNC-27",
    "every interface of an aggregated call object leads to the outer's identity",
    { at: "both", needs: NEEDS },
    async (stage) => {
      const { call } = await hookedCall(stage, {});
      const identity = await stage.query(call, IUnknown);

      const inner = await stage.query(call, ICancelMethodCalls);
      const begin = await stage.query(inner, AsyncIPipeByte);
      const overridden = await stage.query(begin, ISynchronize);

      assert.equal(await inner.isSameObject(identity), true);
      assert.equal(await begin.isSameObject(identity), true);
      assert.equal(await overridden.isSameObject(identity), true);
    },
  ),

  conformance(
    "SYNC-27",
    "the identity of an aggregated call object is not that of the proxy",
    { at: "both", needs: NEEDS },
    async (stage) => {
      const { pipe, call } = await hookedCall(stage, {});

      const unknown = await stage.query(call, IUnknown);

      assert.equal(await unknown.isSameObject(pipe), false);
    },
  ),
];
