import assert from "node:assert/strict";
import { AsyncIUnknown, CO_E_RELEASED, RPC_E_DISCONNECTED } from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { HUNG_MS, hangingServer, REM_RELEASE, remoteIdentityCalls } from "./identity-server.ts";
import { gate } from "./sync-gate.ts";

const MARSHALED = {
  at: "marshaled",
  needs: ["implement", "virtual-clock", "packets", "proxy-call-factory"],
} as const;

/** AsyncIUnknown: references to a remote object, counted asynchronously. */
export const convRelease: readonly ConformanceTest[] = [
  conformance(
    "CONV-06",
    "Begin_Release of the last reference does not wait for a hung server; the call completes when it has let go",
    MARSHALED,
    async (stage) => {
      const { clock } = stage.com;
      const { worker, hang, log } = await hangingServer(stage);
      const call = await stage.callOf(worker, AsyncIUnknown);
      await hang();

      await call.Begin_Release();
      const begun = { isDone: await call.wait(0), isInTime: clock.now() < HUNG_MS };
      await call.wait();
      const completed = [...log];
      await call.Finish_Release();

      assert.deepEqual(begun, { isDone: false, isInTime: true });
      assert.deepEqual(completed, [`released at ${HUNG_MS}`]);
    },
  ),

  conformance(
    "CONV-06",
    "Begin_Release does not wait for a slow destructor; the call completes when it has returned",
    MARSHALED,
    async (stage) => {
      const { clock } = stage.com;
      const { worker, log } = await hangingServer(stage, { destructionMs: 300 });
      const call = await stage.callOf(worker, AsyncIUnknown);

      await call.Begin_Release();
      const begunAtMs = clock.now();
      await call.wait();
      await call.Finish_Release();

      assert.deepEqual([begunAtMs, log, clock.now()], [0, ["released at 300"], 300]);
    },
  ),

  conformance(
    "CONV-06",
    "a Release completes when its server ends in place of an answer",
    MARSHALED,
    async (stage) => {
      const { worker, hang, sta } = await hangingServer(stage);
      const call = await stage.callOf(worker, AsyncIUnknown);
      await hang();
      await call.Begin_Release();

      await sta.close();
      await call.Finish_Release();

      assert.ok(stage.com.clock.now() < HUNG_MS);
    },
  ),

  conformance(
    "CONV-06",
    "the pointer is gone with its Begin_Release, and the call object can do no more",
    MARSHALED,
    async (stage) => {
      const { worker } = await hangingServer(stage);
      const call = await stage.callOf(worker, AsyncIUnknown);
      await call.Begin_Release();
      await call.Finish_Release();

      await assertFails(worker.Work(1), CO_E_RELEASED);
      await assertFails(call.Begin_Release(), CO_E_RELEASED);
      await assertFails(call.Begin_AddRef(), RPC_E_DISCONNECTED);
    },
  ),

  conformance(
    "CONV-06",
    "a Release that is not the last completes without a word to the server",
    MARSHALED,
    async (stage) => {
      const { worker, hang, log } = await hangingServer(stage);
      const other = stage.hold(worker.addRef());
      const call = await stage.callOf(worker, AsyncIUnknown);
      await hang();
      const events = stage.record();

      await call.Begin_Release();
      await call.Finish_Release();

      assert.deepEqual([remoteIdentityCalls(events), log], [[], []]);
      assert.ok(stage.com.clock.now() < HUNG_MS);
      assert.equal(await other.Work(5), 5);
    },
  ),

  conformance(
    "CONV-06",
    "a reference that Begin_AddRef added is the first that Begin_Release gives up",
    MARSHALED,
    async (stage) => {
      const { worker, log } = await hangingServer(stage);
      const call = await stage.callOf(worker, AsyncIUnknown);

      await call.Begin_AddRef();
      await call.Finish_AddRef();
      await call.Begin_Release();
      await call.Finish_Release();

      assert.equal(await worker.Work(5), 5);
      const again = await stage.callOf(worker, AsyncIUnknown);
      await again.Begin_Release();
      await again.Finish_Release();
      assert.equal(log.length, 1);
    },
  ),

  conformance(
    "CONV-06",
    "an outer learns that Release is complete, and calls Finish_Release then",
    { ...MARSHALED, needs: [...MARSHALED.needs, "synchronize-hooks"] },
    async (stage) => {
      const { worker, hang } = await hangingServer(stage);
      const finished = gate<number>();
      let finish = (): Promise<void> => Promise.resolve();
      const call = await stage.callOf(worker, AsyncIUnknown, {
        synchronize: { Signal: () => finished.open(finish().then(() => stage.com.clock.now())) },
      });
      finish = () => call.Finish_Release();
      await hang();

      await call.Begin_Release();

      assert.equal(await finished.opened, HUNG_MS);
    },
  ),

  conformance(
    "LIFE-11",
    "the final Release of a proxy is a remote call, which a hung server answers late; who releases a pointer does not wait",
    MARSHALED,
    async (stage) => {
      const { clock } = stage.com;
      const { worker, hang, log } = await hangingServer(stage);
      await hang();
      const events = stage.record();
      const startedAtMs = clock.now();

      worker.release();
      await new Promise<void>((resolve) => {
        clock.setTimer(2 * HUNG_MS, resolve);
      });

      assert.deepEqual(remoteIdentityCalls(events), [
        { opnum: REM_RELEASE, sentAtMs: startedAtMs, answeredAtMs: HUNG_MS },
      ]);
      assert.deepEqual(log, [`released at ${HUNG_MS}`]);
    },
  ),

  conformance(
    "LIFE-11",
    "released through AsyncIUnknown, a proxy lets its caller go on at once",
    MARSHALED,
    async (stage) => {
      const { clock } = stage.com;
      const { worker, hang } = await hangingServer(stage);
      const call = await stage.callOf(worker, AsyncIUnknown);
      await hang();
      const startedAtMs = clock.now();

      await call.Begin_Release();
      const begunAtMs = clock.now();
      await call.Finish_Release();

      assert.deepEqual([begunAtMs, clock.now()], [startedAtMs, HUNG_MS]);
    },
  ),
];
