import assert from "node:assert/strict";
import {
  coAuthIdentity,
  E_INVALIDARG,
  EOAC_SECURE_REFS,
  IClientSecurity,
  ICallFactory,
  IUnknown,
  RPC_C_AUTHN_LEVEL_CALL,
  RPC_C_AUTHN_LEVEL_CONNECT,
  RPC_C_AUTHN_LEVEL_PKT,
  RPC_C_AUTHN_LEVEL_PKT_INTEGRITY,
  RPC_C_AUTHN_LEVEL_PKT_PRIVACY,
  RPC_C_IMP_LEVEL_DEFAULT,
  RPC_C_IMP_LEVEL_DELEGATE,
  RPC_C_IMP_LEVEL_IMPERSONATE,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { AsyncIWorker, IForeman, IWorker } from "./call-worker.ts";
import { type AnyPointer, SECURE, serveDeed, setBlanket, setBlanketOf } from "./sec-witness.ts";

/** A worker that writes down the authentication level of each call. */
async function levelWitness(stage: Stage) {
  const levels: number[] = [];
  const worker = await serveDeed(stage, async ({ com }) => {
    levels.push((await com.functions.CoQueryClientBlanket(0)).pAuthnLevel);
  });
  return { worker, levels };
}

/** A call object of a worker, with its IClientSecurity. */
async function securedCall(stage: Stage) {
  const { worker, levels } = await levelWitness(stage);
  const call = await stage.callOf(worker, AsyncIWorker);
  const security = await stage.query(call, IClientSecurity);
  const pointer: AnyPointer = await stage.query(call, AsyncIWorker);
  return { worker, levels, call, security, pointer };
}

/** Security settings of proxies and of call objects. */
export const sec: readonly ConformanceTest[] = [
  conformance(
    "CALL-15",
    "a proxy's call object answers QueryInterface for IClientSecurity",
    SECURE,
    async (stage) => {
      const { security } = await securedCall(stage);

      assert.equal(security.interface, IClientSecurity);
    },
  ),

  conformance(
    "SEC-01",
    "the blanket that is set on a call object governs its calls",
    SECURE,
    async (stage) => {
      const { call, security, pointer, levels } = await securedCall(stage);
      await setBlanketOf(security, pointer, { authnLevel: RPC_C_AUTHN_LEVEL_PKT_PRIVACY });

      await call.Begin_Work(1);
      await call.Finish_Work();

      assert.deepEqual(levels, [RPC_C_AUTHN_LEVEL_PKT_PRIVACY]);
    },
  ),

  conformance(
    "SEC-01",
    "a call object shows the blanket that was set on it, and no other has it",
    SECURE,
    async (stage) => {
      const { worker, security, pointer } = await securedCall(stage);
      const { functions } = stage.com;

      await setBlanketOf(security, pointer, { authnLevel: RPC_C_AUTHN_LEVEL_PKT });

      const mine = await security.QueryBlanket(pointer, null);
      assert.equal(mine.pAuthnLevel, RPC_C_AUTHN_LEVEL_PKT);
      assert.equal(
        (await functions.CoQueryProxyBlanket(worker)).pAuthnLevel,
        RPC_C_AUTHN_LEVEL_CONNECT,
      );
      const other: AnyPointer = await stage.query(
        await stage.callOf(worker, AsyncIWorker),
        AsyncIWorker,
      );
      const its = await functions.CoQueryProxyBlanket(other);
      assert.equal(its.pAuthnLevel, RPC_C_AUTHN_LEVEL_CONNECT);
    },
  ),

  conformance(
    "SEC-01",
    "a call object has settings for its asynchronous interface alone, and cannot be copied",
    SECURE,
    async (stage) => {
      const { worker, security, pointer } = await securedCall(stage);

      await assertFails(security.QueryBlanket(worker, null), E_INVALIDARG);
      await assertFails(security.QueryBlanket(null, null), E_INVALIDARG);
      await assertFails(security.CopyProxy(pointer), E_INVALIDARG);
    },
  ),

  conformance(
    "SEC-02",
    "a new call object does not take over the proxy's blanket",
    SECURE,
    async (stage) => {
      const { worker, levels } = await levelWitness(stage);
      await setBlanket(stage.com, worker, { authnLevel: RPC_C_AUTHN_LEVEL_PKT_PRIVACY });

      const call = await stage.callOf(worker, AsyncIWorker);
      await call.Begin_Work(1);
      await call.Finish_Work();

      assert.deepEqual(levels, [RPC_C_AUTHN_LEVEL_CONNECT]);
    },
  ),

  conformance(
    "SEC-02",
    "a call through a proxy with a blanket of its own is made by the synchronous method",
    SECURE,
    async (stage) => {
      const { worker, levels } = await levelWitness(stage);
      const before = worker.Work(1);
      await before;
      await setBlanket(stage.com, worker, { authnLevel: RPC_C_AUTHN_LEVEL_PKT_PRIVACY });

      const after = worker.Work(1);
      await after;

      assert.deepEqual([before.lane, after.lane], ["call-object", "worker"]);
      assert.deepEqual(levels, [RPC_C_AUTHN_LEVEL_CONNECT, RPC_C_AUTHN_LEVEL_PKT_PRIVACY]);
    },
  ),

  conformance(
    "SEC-03",
    "a copied proxy has settings of its own, which begin as the original's",
    SECURE,
    async (stage) => {
      const { worker, levels } = await levelWitness(stage);
      const { functions } = stage.com;
      await setBlanket(stage.com, worker, { authnLevel: RPC_C_AUTHN_LEVEL_CALL });

      const copied = stage.hold((await functions.CoCopyProxy(worker)) as AnyPointer);

      const begins = await functions.CoQueryProxyBlanket(copied);
      await setBlanket(stage.com, copied, { authnLevel: RPC_C_AUTHN_LEVEL_PKT_PRIVACY });
      await worker.Work(1);
      await (copied as typeof worker).Work(1);
      assert.equal(begins.pAuthnLevel, RPC_C_AUTHN_LEVEL_CALL);
      assert.deepEqual(levels, [RPC_C_AUTHN_LEVEL_CALL, RPC_C_AUTHN_LEVEL_PKT_PRIVACY]);
    },
  ),

  conformance(
    "SEC-03",
    "a copied proxy presents the credentials of the original, by the synchronous method",
    SECURE,
    async (stage) => {
      const names: unknown[] = [];
      const worker = await serveDeed(stage, async ({ com }) => {
        names.push((await com.functions.CoQueryClientBlanket(0)).pPrivs);
      });
      await setBlanket(stage.com, worker, { authInfo: coAuthIdentity("alice") });
      const copied = await stage.com.functions.CoCopyProxy(worker);
      const copy = stage.hold(copied as typeof worker);

      const call = copy.Work(1);
      await call;

      assert.deepEqual(names, ["alice"]);
      assert.equal(call.lane, "worker");
    },
  ),

  conformance(
    "SEC-03",
    "a copy of a proxy without a blanket of its own has one",
    SECURE,
    async (stage) => {
      const { worker } = await levelWitness(stage);
      const copied = await stage.com.functions.CoCopyProxy(worker);
      const copy = stage.hold(copied as typeof worker);

      const call = copy.Work(1);
      await call;

      assert.equal(call.lane, "worker");
    },
  ),

  conformance("SEC-03", "a copied proxy outlives the original", SECURE, async (stage) => {
    const { worker } = await levelWitness(stage);
    const copied = await stage.com.functions.CoCopyProxy(worker);
    const copy = stage.hold(copied as typeof worker);

    worker.release();

    assert.equal(await copy.Work(7), 7);
  }),

  conformance(
    "SEC-03",
    "each interface of a proxy has settings of its own, IUnknown too",
    SECURE,
    async (stage) => {
      const pointer = await stage.serve([IWorker, IForeman], () => ({
        Work: (value) => value,
        Order: () => {},
      }));
      const { functions } = stage.com;
      const unknown = await stage.query(pointer, IUnknown);
      const foreman = await stage.query(pointer, IForeman);

      await setBlanket(stage.com, pointer, { authnLevel: RPC_C_AUTHN_LEVEL_PKT });
      await setBlanket(stage.com, unknown, { authnLevel: RPC_C_AUTHN_LEVEL_CALL });

      const levels = [];
      for (const proxy of [pointer, unknown, foreman]) {
        levels.push((await functions.CoQueryProxyBlanket(proxy)).pAuthnLevel);
      }
      assert.deepEqual(levels, [
        RPC_C_AUTHN_LEVEL_PKT,
        RPC_C_AUTHN_LEVEL_CALL,
        RPC_C_AUTHN_LEVEL_CONNECT,
      ]);
    },
  ),

  conformance(
    "SEC-03",
    "with secure references IUnknown's settings cannot be changed",
    SECURE,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoInitializeSecurity(
        RPC_C_AUTHN_LEVEL_PKT_INTEGRITY,
        RPC_C_IMP_LEVEL_DEFAULT,
        EOAC_SECURE_REFS,
      );
      const { worker } = await levelWitness(stage);
      const unknown = await stage.query(worker, IUnknown);

      const hr = await hrOf(setBlanket(stage.com, unknown, { authnLevel: RPC_C_AUTHN_LEVEL_CALL }));

      assert.equal(hr, E_INVALIDARG);
      const { pAuthnLevel } = await functions.CoQueryProxyBlanket(unknown);
      assert.equal(pAuthnLevel, RPC_C_AUTHN_LEVEL_PKT_INTEGRITY);
      await setBlanket(stage.com, worker, { authnLevel: RPC_C_AUTHN_LEVEL_CALL });
    },
  ),

  conformance(
    "SEC-16",
    "QueryInterface on a copied proxy leads to the original",
    SECURE,
    async (stage) => {
      const { worker } = await levelWitness(stage);
      const { functions } = stage.com;
      const copied = stage.hold((await functions.CoCopyProxy(worker)) as AnyPointer);
      await setBlanket(stage.com, copied, { impLevel: RPC_C_IMP_LEVEL_DELEGATE });
      await setBlanket(stage.com, worker, { impLevel: RPC_C_IMP_LEVEL_IMPERSONATE });

      const queried = await stage.query(copied, IWorker);

      const { pImpLevel } = await functions.CoQueryProxyBlanket(queried);
      assert.equal(pImpLevel, RPC_C_IMP_LEVEL_IMPERSONATE);
      assert.equal(await queried.isSameObject(copied), true);
    },
  ),

  conformance("SEC-16", "local interfaces cannot be copied", SECURE, async (stage) => {
    const { worker } = await levelWitness(stage);
    const { functions } = stage.com;

    for (const local of [IUnknown, IClientSecurity, ICallFactory]) {
      const pointer: AnyPointer = await stage.query(worker, local);
      await assertFails(functions.CoCopyProxy(pointer), E_INVALIDARG);
    }

    await assertFails(functions.CoCopyProxy(null), E_INVALIDARG);
  }),
];
