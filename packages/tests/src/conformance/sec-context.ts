import assert from "node:assert/strict";
import {
  E_NOINTERFACE,
  E_NOTIMPL,
  type Interface,
  ICallFactory,
  ICancelMethodCalls,
  IServerSecurity,
  IUnknown,
  RPC_E_CALL_COMPLETE,
  RPC_S_CALLPENDING,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import { IWorker } from "./call-worker.ts";
import { gate } from "./sync-gate.ts";
import { type AnyPointer, contextOf, SECURE, serveDeed } from "./sec-witness.ts";

type ServerSecurity = typeof IServerSecurity extends Interface<infer S> ? S : never;

/** The call context of a thread. */
export const secContext: readonly ConformanceTest[] = [
  conformance(
    "SEC-07",
    "the call context has IServerSecurity, ICancelMethodCalls and IUnknown",
    SECURE,
    async (stage) => {
      const found: boolean[] = [];
      const worker = await serveDeed(stage, async ({ com }) => {
        for (const iface of [IServerSecurity, ICancelMethodCalls, IUnknown]) {
          const pointer = await contextOf(com, iface);
          found.push(pointer.interface === iface);
          pointer.release();
        }
      });

      await worker.Work(1);

      assert.deepEqual(found, [true, true, true]);
    },
  ),

  conformance(
    "SEC-07",
    "CoGetCallContext returns E_NOINTERFACE for what the context lacks",
    SECURE,
    async (stage) => {
      const worker = await serveDeed(stage, ({ com }) =>
        assertFails(com.functions.CoGetCallContext(ICallFactory.iid), E_NOINTERFACE),
      );

      assert.equal(await worker.Work(1), 1);
    },
  ),

  conformance(
    "SEC-07",
    "CoGetCallContext returns RPC_E_CALL_COMPLETE on a thread that serves no call",
    SECURE,
    async (stage) => {
      const { functions } = stage.com;

      const hr = await hrOf(functions.CoGetCallContext(IServerSecurity.iid));

      assert.equal(hr, RPC_E_CALL_COMPLETE);
      await assertFails(functions.CoImpersonateClient(), RPC_E_CALL_COMPLETE);
    },
  ),

  conformance(
    "SEC-07",
    "a thread that has served a call serves none any more",
    SECURE,
    async (stage) => {
      const served: { hr?: Promise<number> } = {};
      const worker = await stage.serve([IWorker], (host) => ({
        Work: (value) => {
          host.setTimer(1, () => {
            served.hr = hrOf(host.com.functions.CoGetCallContext(IServerSecurity.iid));
          });
          return value;
        },
      }));
      await worker.Work(1);
      await new Promise<void>((resolve) => stage.com.clock.setTimer(2, resolve));

      assert.equal(await served.hr, RPC_E_CALL_COMPLETE);
    },
  ),

  conformance("CAN-22", "a server cannot cancel the call that it serves", SECURE, async (stage) => {
    const worker = await serveDeed(stage, async (call) => {
      const context = await contextOf(call.com, ICancelMethodCalls);
      await assertFails(context.Cancel(0), E_NOTIMPL);
      assert.equal(call.testCancel(), RPC_S_CALLPENDING);
      context.release();
    });

    assert.equal(await worker.Work(1), 1);
  }),

  conformance(
    "SEC-08",
    "a context that is kept beyond a synchronous method impersonates nobody",
    SECURE,
    async (stage) => {
      const kept = gate<Awaited<ReturnType<typeof contextOf<ServerSecurity>>>>();
      const worker = await serveDeed(stage, async ({ com }) => {
        kept.open(await contextOf(com, IServerSecurity));
      });

      await worker.Work(1);

      const security = stage.hold(await kept.opened);
      await assertFails(security.ImpersonateClient(), RPC_E_CALL_COMPLETE);
    },
  ),

  conformance(
    "CAN-22",
    "CoTestCancel returns RPC_S_CALLPENDING in a call and fails outside any",
    SECURE,
    async (stage) => {
      const worker = await serveDeed(stage, ({ com }) =>
        assertFails(com.functions.CoTestCancel(), RPC_S_CALLPENDING),
      );

      assert.equal(await worker.Work(1), 1);

      await assertFails(stage.com.functions.CoTestCancel(), RPC_E_CALL_COMPLETE);
    },
  ),

  conformance(
    "SEC-10",
    "CoSwitchCallContext puts another context in place, and back",
    SECURE,
    async (stage) => {
      const { functions } = stage.com;
      const log = { tests: 0, isReleased: false };
      const marshalers = stage.com.implement([ICancelMethodCalls], {
        Cancel: () => {},
        TestCancel: () => void log.tests++,
        finalRelease: () => {
          log.isReleased = true;
        },
      });

      const former = await functions.CoSwitchCallContext(marshalers);

      assert.equal(former, null);
      await functions.CoTestCancel();
      await assertFails(functions.CoImpersonateClient(), E_NOINTERFACE);
      assert.equal(log.tests, 1);
      const back = (await functions.CoSwitchCallContext(null)) as AnyPointer;
      assert.equal(await back.isSameObject(marshalers), true);
      back.release();
      await assertFails(functions.CoTestCancel(), RPC_E_CALL_COMPLETE);
      // COM held no reference: ours is the last one.
      marshalers.release();
      assert.equal(log.isReleased, true);
    },
  ),

  conformance(
    "SEC-10",
    "in a call CoSwitchCallContext gives the call's own context, and takes it back",
    SECURE,
    async (stage) => {
      const worker = await serveDeed(stage, async ({ com }) => {
        const { functions } = com;
        const own = (await functions.CoSwitchCallContext(null)) as AnyPointer;
        await assertFails(functions.CoImpersonateClient(), RPC_E_CALL_COMPLETE);
        await functions.CoSwitchCallContext(own);
        own.release();
        await functions.CoImpersonateClient();
      });

      assert.equal(await worker.Work(1), 1);
    },
  ),
];
