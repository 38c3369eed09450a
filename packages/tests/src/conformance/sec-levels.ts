import assert from "node:assert/strict";
import {
  EOAC_DYNAMIC_CLOAKING,
  HRESULT_ERROR_BAD_IMPERSONATION_LEVEL,
  HRESULT_ERROR_CANT_OPEN_ANONYMOUS,
  IUnknown,
  RPC_C_IMP_LEVEL_ANONYMOUS,
  RPC_C_IMP_LEVEL_DELEGATE,
  RPC_C_IMP_LEVEL_IDENTIFY,
  RPC_C_IMP_LEVEL_IMPERSONATE,
  S_OK,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { hrOf } from "../harness/hr.ts";
import { AsyncIWorker } from "./call-worker.ts";
import { clientsName, SECURE, setBlanket } from "./sec-witness.ts";

import { ask, errand } from "./sec-errand.ts";

/** How far an impersonating server can go. */
export const secLevels: readonly ConformanceTest[] = [
  conformance("SEC-13", "the token of an anonymous client names nobody", SECURE, async (stage) => {
    const seen: unknown[] = [];
    await errand(
      stage,
      async (com) => {
        await com.functions.CoImpersonateClient();
        seen.push(await hrOf(com.functions.GetUserNameW()));
        seen.push((await com.functions.CoQueryClientBlanket(0)).pPrivs);
      },
      RPC_C_IMP_LEVEL_ANONYMOUS,
    );

    assert.deepEqual(seen, [HRESULT_ERROR_CANT_OPEN_ANONYMOUS, null]);
  }),

  conformance(
    "SEC-13",
    "at identify level a server learns the client's name but cannot call in it",
    SECURE,
    async (stage) => {
      const found: unknown[] = [];
      const { seen, own } = await errand(
        stage,
        async (com, target) => {
          found.push(await clientsName(com));
          await setBlanket(com, target, { capabilities: EOAC_DYNAMIC_CLOAKING });
          await com.functions.CoImpersonateClient();
          found.push(await hrOf(ask(target)));
          const call = await target.createCall(AsyncIWorker);
          await call.Begin_Work(1);
          await call.Finish_Work();
          call.release();
        },
        RPC_C_IMP_LEVEL_IDENTIFY,
      );

      assert.deepEqual(found, ["alice", HRESULT_ERROR_BAD_IMPERSONATION_LEVEL]);
      // The call object has a blanket of its own, which is not cloaked (SEC-02).
      assert.deepEqual(seen, [own]);
    },
  ),

  ...[RPC_C_IMP_LEVEL_IMPERSONATE, RPC_C_IMP_LEVEL_DELEGATE].map((impLevel) =>
    conformance(
      "SEC-13",
      `at level ${impLevel} a server calls in the client's name`,
      SECURE,
      async (stage) => {
        const { seen } = await errand(
          stage,
          async (com, target) => {
            await com.functions.CoImpersonateClient();
            await setBlanket(com, target, { capabilities: EOAC_DYNAMIC_CLOAKING });
            await ask(target);
          },
          impLevel,
        );

        assert.deepEqual(seen, ["alice"]);
      },
    ),
  ),

  conformance(
    "SEC-13",
    "references are given back whomever the thread impersonates",
    SECURE,
    async (stage) => {
      const hrs: unknown[] = [];
      await errand(
        stage,
        async (com, target) => {
          const unknown = await target.queryInterface(IUnknown);
          await setBlanket(com, unknown, { capabilities: EOAC_DYNAMIC_CLOAKING });
          await com.functions.CoImpersonateClient();
          unknown.release();
          hrs.push(await hrOf(ask(target)));
          target.release();
        },
        RPC_C_IMP_LEVEL_IDENTIFY,
      );

      assert.deepEqual(hrs, [S_OK]);
    },
  ),
];
