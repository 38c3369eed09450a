import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  ComError,
  E_NOTIMPL,
  failed,
  ICallFactory,
  ICancelMethodCalls,
  ISynchronize,
  IUnknown,
  RPC_E_SERVERFAULT,
  RPC_S_CALLPENDING,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import { outerCall } from "./agg-outer.ts";
import { gate } from "./sync-gate.ts";

const MARSHALED = { at: "marshaled", needs: ["implement"] } as const;
const ANYWHERE = { at: "both", needs: ["implement"] } as const;
const BYTES = Uint8Array.of(0, 1, 2, 3);

/** Clients' outer objects in COM's own shape: a controlling unknown, an inner unknown, delegation. */
export const aggClient: readonly ConformanceTest[] = [
  conformance(
    "CALL-08",
    "an interface of an implemented outer's call object keeps the outer alive, and ends it",
    ANYWHERE,
    async (stage) => {
      const { outer, call, log } = await outerCall(stage);

      outer.release();
      await stage.fence();
      const kept = [...log];
      call.release();
      await stage.fence();

      assert.deepEqual([kept, log], [[], ["released"]]);
    },
  ),

  conformance(
    "FIN-05",
    "Finish_ after a Wait that returned too soon gives no results, and leaves the call open",
    MARSHALED,
    async (stage) => {
      const { call, control } = await outerCall(stage, { Wait: () => {} });
      await call.Begin_Pull(4);

      const hr = await hrOf(call.Finish_Pull());

      assert.ok(failed(hr));
      await assertFails(call.Begin_Pull(4), RPC_S_CALLPENDING);
      await control.CompleteCalls();
    },
  ),

  conformance(
    "FIN-05",
    "Finish_ hands out what has arrived when the outer's Wait returns",
    MARSHALED,
    async (stage) => {
      const arrived = gate();
      const { call, control } = await outerCall(stage, {
        Wait: () => arrived.opened,
        Signal: () => arrived.open(),
      });
      await call.Begin_Pull(4);
      const finishing = call.Finish_Pull();

      await control.CompleteCalls();

      assert.deepEqual(await finishing, BYTES);
    },
  ),

  conformance(
    "LIFE-08",
    "an outer whose QueryInterface throws answers with the HRESULT, or with RPC_E_SERVERFAULT",
    MARSHALED,
    async (stage) => {
      const thrown: Error[] = [];
      const { outer } = await outerCall(stage, {
        onQuery: () => {
          const [error] = thrown;
          if (error !== undefined) throw error;
        },
      });

      thrown[0] = new ComError(E_NOTIMPL, "QueryInterface");
      await assertFails(outer.queryInterface(ICancelMethodCalls), E_NOTIMPL);
      thrown[0] = new Error("a mistake");
      await assertFails(outer.queryInterface(ICancelMethodCalls), RPC_E_SERVERFAULT);
    },
  ),

  conformance(
    "SYNC-23",
    "a call calls Reset, Signal and Wait of the controlling unknown, each once",
    MARSHALED,
    async (stage) => {
      const { call, control, log } = await outerCall(stage);

      await call.Begin_Pull(4);
      await control.CompleteCalls();
      const bytes = await call.Finish_Pull();

      assert.deepEqual(bytes, BYTES);
      assert.deepEqual(log.slice().sort(), ["Reset", "Signal", "Wait"]);
      assert.equal(log[0], "Reset");
    },
  ),

  conformance(
    "SYNC-24",
    "a Wait that is not implemented fails Finish_, and no other part of the call",
    MARSHALED,
    async (stage) => {
      const signaled = gate();
      const { call, control } = await outerCall(stage, {
        Signal: () => signaled.open(),
        Wait: () => {
          throw new ComError(E_NOTIMPL, "ISynchronize::Wait");
        },
      });
      await call.Begin_Pull(4);
      await control.CompleteCalls();

      await assertFails(call.Finish_Pull(), E_NOTIMPL);

      await signaled.opened;
      assert.equal((await control.GetCounts()).finished, 1);
    },
  ),

  conformance(
    "SYNC-25",
    "an outer of an STA is Signaled on the STA's thread",
    { at: "marshaled", needs: ["implement", "functions"] },
    async (stage) => {
      const sta = await stage.com.openApartment("sta");
      const signaledOn = gate<number>();
      const signal = async (forward: () => Promise<void>, com: typeof sta): Promise<void> => {
        await forward();
        signaledOn.open(await com.functions.GetCurrentThreadId());
      };
      const { call, control } = await outerCall(
        stage,
        { Signal: (forward, incoming) => signal(forward, incoming.com) },
        sta,
      );
      await call.Begin_Pull(4);

      await control.CompleteCalls();

      assert.equal(await signaledOn.opened, await sta.functions.GetCurrentThreadId());
      await call.Finish_Pull();
    },
  ),

  conformance(
    "SYNC-26",
    "an implemented Signal that forwards first may call Finish_, and gets the results",
    ANYWHERE,
    async (stage) => {
      const finished = gate<Uint8Array>();
      let finish = (): Promise<Uint8Array | null> => Promise.resolve(null);
      const { call, control } = await outerCall(stage, {
        Signal: async (forward) => {
          await forward();
          finished.open((await finish()) as Uint8Array);
        },
      });
      finish = () => call.Finish_Pull();
      await call.Begin_Pull(4);

      await control.CompleteCalls();

      assert.deepEqual(await finished.opened, BYTES);
    },
  ),

  conformance(
    "SYNC-27",
    "the inner unknown is asked for what the outer does not answer, never for IUnknown and ISynchronize",
    ANYWHERE,
    async (stage) => {
      const { call, control, asked } = await outerCall(stage);
      const cancel = await stage.query(call, ICancelMethodCalls);
      await stage.query(cancel, ISynchronize);
      await stage.query(cancel, IUnknown);
      await call.Begin_Pull(4);
      await control.CompleteCalls();
      await call.Finish_Pull();

      const [first, ...others] = asked;

      assert.equal(first, AsyncIPipeByte.iid);
      assert.ok(others.includes(ICancelMethodCalls.iid));
      assert.ok(!asked.includes(IUnknown.iid) && !asked.includes(ISynchronize.iid));
    },
  ),

  conformance(
    "SYNC-27",
    "every interface of the aggregate leads to the outer's identity, the inner unknown to its own",
    ANYWHERE,
    async (stage) => {
      const { outer, inner, call } = await outerCall(stage);
      assert.ok(inner !== null);

      const cancel = await stage.query(call, ICancelMethodCalls);
      const synchronize = await stage.query(cancel, ISynchronize);

      assert.ok(await call.isSameObject(outer));
      assert.ok(await synchronize.isSameObject(outer));
      assert.equal(await inner.isSameObject(outer), false);
      assert.notEqual(await hrOf(outer.queryInterface(ICallFactory)), 0);
    },
  ),
];
