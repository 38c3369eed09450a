import assert from "node:assert/strict";
import {
  coAuthIdentity,
  E_FAIL,
  E_INVALIDARG,
  IServerSecurity,
  RPC_C_AUTHN_LEVEL_CALL,
  RPC_C_AUTHN_LEVEL_NONE,
  RPC_C_AUTHN_LEVEL_PKT,
  RPC_C_AUTHN_WINNT,
  RPC_C_AUTHZ_NONE,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { clientsName, contextOf, SECURE, serveDeed, setBlanket } from "./sec-witness.ts";

/** The client of a call, and acting in its name. */
export const secServer: readonly ConformanceTest[] = [
  conformance(
    "SEC-11",
    "QueryBlanket reports the blanket of the very call",
    SECURE,
    async (stage) => {
      const blankets: unknown[] = [];
      const worker = await serveDeed(stage, async ({ com }) => {
        const security = await contextOf(com, IServerSecurity);
        blankets.push(await security.QueryBlanket(null, 0));
        security.release();
      });
      const pPrivs = await stage.com.functions.GetUserNameW();

      for (const authnLevel of [RPC_C_AUTHN_LEVEL_CALL, RPC_C_AUTHN_LEVEL_PKT]) {
        await setBlanket(stage.com, worker, { authnLevel, serverPrincName: "HOST/server" });
        await worker.Work(1);
      }

      const rest = {
        pAuthnSvc: RPC_C_AUTHN_WINNT,
        pAuthzSvc: RPC_C_AUTHZ_NONE,
        pServerPrincName: "HOST/server",
        pPrivs,
        pCapabilities: 0,
      };
      assert.deepEqual(blankets, [
        { ...rest, pAuthnLevel: RPC_C_AUTHN_LEVEL_CALL },
        { ...rest, pAuthnLevel: RPC_C_AUTHN_LEVEL_PKT },
      ]);
    },
  ),

  conformance(
    "SEC-11",
    "the client of an unauthenticated call is nobody",
    SECURE,
    async (stage) => {
      const names: unknown[] = [];
      const worker = await serveDeed(stage, async ({ com }) => {
        names.push((await com.functions.CoQueryClientBlanket(0)).pPrivs);
      });
      await setBlanket(stage.com, worker, { authnLevel: RPC_C_AUTHN_LEVEL_NONE });

      await worker.Work(1);

      assert.deepEqual(names, [null]);
    },
  ),

  conformance(
    "SEC-11",
    "QueryBlanket tells no server the client's impersonation level",
    SECURE,
    async (stage) => {
      const worker = await serveDeed(stage, async ({ com }) => {
        const security = await contextOf(com, IServerSecurity);
        await assertFails(security.QueryBlanket(1, 0), E_INVALIDARG);
        security.release();
      });

      assert.equal(await worker.Work(1), 1);
    },
  ),

  conformance(
    "SEC-09",
    "ImpersonateClient lets the thread act in the client's name until RevertToSelf",
    SECURE,
    async (stage) => {
      const names: string[] = [];
      const worker = await serveDeed(stage, async ({ com }) => {
        names.push(await com.functions.GetUserNameW());
        names.push(await clientsName(com));
        names.push(await com.functions.GetUserNameW());
      });
      await setBlanket(stage.com, worker, {
        authInfo: coAuthIdentity("alice", { domain: "EARTH" }),
      });
      const own = await stage.com.functions.GetUserNameW();

      await worker.Work(1);

      assert.deepEqual(names, [own, "EARTH\\alice", own]);
    },
  ),

  conformance(
    "SEC-09",
    "IsImpersonating tells whether the context is being impersonated",
    SECURE,
    async (stage) => {
      const states: number[] = [];
      const worker = await serveDeed(stage, async ({ com }) => {
        const security = await contextOf(com, IServerSecurity);
        states.push(await security.IsImpersonating());
        await security.ImpersonateClient();
        states.push(await security.IsImpersonating());
        await security.RevertToSelf();
        states.push(await security.IsImpersonating());
        security.release();
      });

      await worker.Work(1);

      assert.deepEqual(states, [0, 1, 0]);
    },
  ),

  conformance(
    "SEC-09",
    "ImpersonateClient returns E_FAIL for an unauthenticated client",
    SECURE,
    async (stage) => {
      const worker = await serveDeed(stage, ({ com }) =>
        assertFails(com.functions.CoImpersonateClient(), E_FAIL),
      );
      await setBlanket(stage.com, worker, { authnLevel: RPC_C_AUTHN_LEVEL_NONE });

      assert.equal(await worker.Work(1), 1);
    },
  ),

  conformance(
    "SEC-06",
    "COM reverts at the end of a method when the server has not",
    SECURE,
    async (stage) => {
      const names: string[] = [];
      const worker = await serveDeed(stage, async ({ com }, value) => {
        names.push(await com.functions.GetUserNameW());
        if (value === 1) await com.functions.CoImpersonateClient();
      });
      await setBlanket(stage.com, worker, { authInfo: coAuthIdentity("alice") });
      const own = await stage.com.functions.GetUserNameW();

      await worker.Work(1);
      await worker.Work(2);

      assert.deepEqual(names, [own, own]);
    },
  ),
];
