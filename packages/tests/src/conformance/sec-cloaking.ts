import assert from "node:assert/strict";
import {
  coAuthIdentity,
  EOAC_DYNAMIC_CLOAKING,
  EOAC_NONE,
  EOAC_STATIC_CLOAKING,
  RPC_C_IMP_LEVEL_DEFAULT,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import type { Stage } from "../harness/stage.ts";
import { AsyncIWorker, IWorker, type Worker } from "./call-worker.ts";
import { SECURE, serveDeed, serveDeedTo, setBlanket } from "./sec-witness.ts";

import { ask, errand } from "./sec-errand.ts";

/** Initializes the process so that its proxies are cloaked from the start. */
function initialize(stage: Stage, capabilities: number) {
  return stage.com.functions.CoInitializeSecurity(0, RPC_C_IMP_LEVEL_DEFAULT, capabilities);
}

/** In whose name calls go out. */
export const secCloaking: readonly ConformanceTest[] = [
  conformance(
    "SEC-09",
    "in an STA each of two nested calls keeps its own impersonation",
    SECURE,
    async (stage) => {
      const names: string[] = [];
      let nested: Worker | null = null;
      const server = await serveDeed(stage, async ({ com }, value) => {
        const { functions } = com;
        names.push(await functions.GetUserNameW());
        await functions.CoImpersonateClient();
        if (value === 2) {
          names.push(await functions.GetUserNameW());
          return;
        }
        const other = await serveDeedTo(stage, com, "Free", async () => {
          await nested?.Work(2, { lane: "worker" });
        });
        await other.Work(1, { lane: "worker" });
        names.push(await functions.GetUserNameW());
        other.release();
      });
      await setBlanket(stage.com, server, { authInfo: coAuthIdentity("alice") });
      nested = stage.hold((await stage.com.functions.CoCopyProxy(server)) as Worker);
      await setBlanket(stage.com, nested, { authInfo: coAuthIdentity("bob") });
      const own = await stage.com.functions.GetUserNameW();

      await server.Work(1);

      assert.deepEqual(names, [own, own, "bob", "alice"]);
    },
  ),

  conformance(
    "SEC-12",
    "without cloaking a server calls in its own name, whomever it impersonates",
    SECURE,
    async (stage) => {
      const { seen, own } = await errand(stage, async (com, target) => {
        await com.functions.CoImpersonateClient();
        await ask(target);
      });

      assert.deepEqual(seen, [own]);
    },
  ),

  conformance(
    "SEC-12",
    "a process calls another in its own name",
    { ...SECURE, needs: [...SECURE.needs, "processes"] },
    async (stage) => {
      const seen: unknown[] = [];
      const other = await stage.com.openProcess("mta", { identity: { name: "carol" } });
      stage.hold({ release: () => other.kill() });
      const front = stage.com.implement([IWorker], {
        Work: async (value, { com }) => {
          seen.push((await com.functions.CoQueryClientBlanket(0)).pPrivs);
          seen.push(await com.functions.GetUserNameW());
          return value;
        },
      });
      // The other process knows the interface; a registration there stands for the registry of both.
      stage.hold(other.implement([IWorker], { Work: () => 0 }));
      const proxy = await other.unmarshal(await stage.com.marshal(front), IWorker);
      front.release();

      await proxy.Work(1);

      proxy.release();
      assert.deepEqual(seen, ["carol", await stage.com.functions.GetUserNameW()]);
      assert.equal(await other.functions.GetUserNameW(), "carol");
    },
  ),

  conformance(
    "SEC-12",
    "with dynamic cloaking each call goes in the name that the thread has then",
    SECURE,
    async (stage) => {
      const { seen, own } = await errand(stage, async (com, target) => {
        await setBlanket(com, target, { capabilities: EOAC_DYNAMIC_CLOAKING });
        await ask(target);
        await com.functions.CoImpersonateClient();
        await ask(target);
        await com.functions.CoRevertToSelf();
        await ask(target);
      });

      assert.deepEqual(seen, [own, "alice", own]);
    },
  ),

  conformance(
    "SEC-12",
    "with static cloaking SetBlanket fixes the name that a proxy presents",
    SECURE,
    async (stage) => {
      const { seen } = await errand(stage, async (com, target) => {
        await com.functions.CoImpersonateClient();
        await setBlanket(com, target, { capabilities: EOAC_STATIC_CLOAKING });
        await com.functions.CoRevertToSelf();
        await ask(target);
      });

      assert.deepEqual(seen, ["alice"]);
    },
  ),

  conformance(
    "SEC-12",
    "static cloaking that is set before impersonation presents the process",
    SECURE,
    async (stage) => {
      const { seen, own } = await errand(stage, async (com, target) => {
        await setBlanket(com, target, { capabilities: EOAC_STATIC_CLOAKING });
        await com.functions.CoImpersonateClient();
        await ask(target);
      });

      assert.deepEqual(seen, [own]);
    },
  ),

  conformance(
    "SEC-12",
    "static cloaking of the process presents whoever made the first call through a proxy",
    SECURE,
    async (stage) => {
      await initialize(stage, EOAC_STATIC_CLOAKING);

      const { seen } = await errand(stage, async (com, target) => {
        await com.functions.CoImpersonateClient();
        await ask(target);
        await com.functions.CoRevertToSelf();
        await ask(target);
      });

      assert.deepEqual(seen, ["alice", "alice"]);
    },
  ),

  conformance(
    "SEC-12",
    "dynamic cloaking of the process reaches call objects too",
    SECURE,
    async (stage) => {
      await initialize(stage, EOAC_DYNAMIC_CLOAKING);

      const { seen, own } = await errand(stage, async (com, target) => {
        const call = await target.createCall(AsyncIWorker);
        await com.functions.CoImpersonateClient();
        await call.Begin_Work(1);
        await call.Finish_Work();
        await com.functions.CoRevertToSelf();
        await call.Begin_Work(1);
        await call.Finish_Work();
        call.release();
      });

      assert.deepEqual(seen, ["alice", own]);
    },
  ),

  conformance(
    "SEC-12",
    "a blanket without cloaking presents the process again",
    SECURE,
    async (stage) => {
      const { seen, own } = await errand(stage, async (com, target) => {
        await com.functions.CoImpersonateClient();
        await setBlanket(com, target, { capabilities: EOAC_STATIC_CLOAKING });
        await setBlanket(com, target, { capabilities: EOAC_NONE });
        await ask(target);
      });

      assert.deepEqual(seen, [own]);
    },
  ),

  conformance(
    "SEC-12",
    "a blanket without credentials forgets those that were set before",
    SECURE,
    async (stage) => {
      const { seen, own } = await errand(stage, async (com, target) => {
        await setBlanket(com, target, { authInfo: coAuthIdentity("bob") });
        await ask(target);
        await setBlanket(com, target, {});
        await ask(target);
      });

      assert.deepEqual(seen, ["bob", own]);
    },
  ),
];
