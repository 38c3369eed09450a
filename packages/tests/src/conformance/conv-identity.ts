import assert from "node:assert/strict";
import {
  AsyncIUnknown,
  ComError,
  E_NOINTERFACE,
  E_NOTIMPL,
  RPC_E_DISCONNECTED,
  RPC_S_CALLPENDING,
} from "callfactory";
import { ICalculator } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { IForeman, IWorker } from "./call-worker.ts";
import {
  HUNG_MS,
  hangingServer,
  REM_QUERY_INTERFACE,
  REM_RELEASE,
  remoteIdentityCalls,
} from "./identity-server.ts";

const MARSHALED = {
  at: "marshaled",
  needs: ["implement", "virtual-clock", "packets", "proxy-call-factory"],
} as const;

/** AsyncIUnknown: the identity of a remote object, asynchronously. */
export const convIdentity: readonly ConformanceTest[] = [
  conformance(
    "CONV-06",
    "Begin_QueryInterface does not wait for a hung server, and Finish_ gives the interface",
    MARSHALED,
    async (stage) => {
      const { clock } = stage.com;
      const { worker, hang } = await hangingServer(stage);
      const call = await stage.callOf(worker, AsyncIUnknown);
      await hang();

      await call.Begin_QueryInterface(IForeman.iid);
      const begun = { isDone: await call.wait(0), isInTime: clock.now() < HUNG_MS };
      const found = await call.Finish_QueryInterface();

      assert.deepEqual(begun, { isDone: false, isInTime: true });
      assert.equal(clock.now(), HUNG_MS);
      assert.ok(found !== null);
      stage.hold(found);
      assert.ok(await found.isSameObject(worker));
      await (await stage.query(found, IForeman)).Order();
    },
  ),

  conformance(
    "CONV-06",
    "Finish_QueryInterface returns E_NOINTERFACE for what the object does not have",
    MARSHALED,
    async (stage) => {
      const { worker } = await hangingServer(stage);
      const call = await stage.callOf(worker, AsyncIUnknown);

      await call.Begin_QueryInterface(ICalculator.iid);

      await assertFails(call.Finish_QueryInterface(), E_NOINTERFACE);
    },
  ),

  conformance(
    "CONV-06",
    "an interface that the proxy has is found without a word to the server",
    MARSHALED,
    async (stage) => {
      const { worker, hang } = await hangingServer(stage);
      const call = await stage.callOf(worker, AsyncIUnknown);
      await hang();
      const events = stage.record();

      await call.Begin_QueryInterface(IWorker.iid);
      const found = await call.Finish_QueryInterface();

      assert.ok(found !== null);
      stage.hold(found);
      assert.deepEqual(remoteIdentityCalls(events), []);
      assert.ok(stage.com.clock.now() < HUNG_MS);
    },
  ),

  conformance(
    "CONV-06",
    "what travels for QueryInterface and Release are RemQueryInterface and RemRelease",
    MARSHALED,
    async (stage) => {
      const { worker } = await hangingServer(stage);
      const call = await stage.callOf(worker, AsyncIUnknown);
      const events = stage.record();

      await call.Begin_QueryInterface(IForeman.iid);
      (await call.Finish_QueryInterface())?.release();
      await call.Begin_Release();
      await call.Finish_Release();

      const opnums = remoteIdentityCalls(events).map(({ opnum }) => opnum);
      assert.deepEqual(opnums, [REM_QUERY_INTERFACE, REM_RELEASE]);
    },
  ),

  conformance(
    "CONV-06",
    "a call object for AsyncIUnknown makes one call at a time",
    MARSHALED,
    async (stage) => {
      const { worker } = await hangingServer(stage);
      const call = await stage.callOf(worker, AsyncIUnknown);
      await call.Begin_QueryInterface(IForeman.iid);

      await assertFails(call.Begin_AddRef(), RPC_S_CALLPENDING);
      await assertFails(call.Begin_Release(), RPC_S_CALLPENDING);

      (await call.Finish_QueryInterface())?.release();
      assert.equal(await worker.Work(5), 5);
    },
  ),

  conformance(
    "CONV-06",
    "an abandoned or canceled QueryInterface leaves no reference behind",
    MARSHALED,
    async (stage) => {
      const { worker, hang, log } = await hangingServer(stage);
      const abandoned = await stage.callOf(worker, AsyncIUnknown);
      const canceled = await stage.callOf(worker, AsyncIUnknown);
      await hang();
      await abandoned.Begin_QueryInterface(IForeman.iid);
      await canceled.Begin_QueryInterface(IForeman.iid);

      abandoned.release();
      await canceled.cancel(0);
      await assert.rejects(canceled.Finish_QueryInterface());
      const last = await stage.callOf(worker, AsyncIUnknown);
      await last.Begin_Release();
      canceled.release();
      await last.Finish_Release();
      await new Promise<void>((resolve) => {
        stage.com.clock.setTimer(2 * HUNG_MS, resolve);
      });

      assert.equal(log.length, 1);
    },
  ),

  conformance(
    "CONV-06",
    "Finish_QueryInterface reports what became of a server that ends meanwhile",
    MARSHALED,
    async (stage) => {
      const { worker, hang, sta } = await hangingServer(stage);
      const call = await stage.callOf(worker, AsyncIUnknown);
      await hang();
      await call.Begin_QueryInterface(IForeman.iid);

      await sta.close();

      await assertFails(call.Finish_QueryInterface(), RPC_E_DISCONNECTED);
    },
  ),

  conformance(
    "CONV-06",
    "an outer's Signal that fails costs the call its result, and the caller no reference",
    { ...MARSHALED, needs: [...MARSHALED.needs, "synchronize-hooks"] },
    async (stage) => {
      const { worker } = await hangingServer(stage);
      const signal = (): void => {
        throw new ComError(E_NOTIMPL, "ISynchronize::Signal");
      };
      const call = await stage.callOf(worker, AsyncIUnknown, { synchronize: { Signal: signal } });
      await call.Begin_QueryInterface(IForeman.iid);
      await call.wait();

      await assertFails(call.Finish_QueryInterface(), E_NOTIMPL);
      call.release();

      assert.equal(await worker.Work(5), 5);
    },
  ),
];
