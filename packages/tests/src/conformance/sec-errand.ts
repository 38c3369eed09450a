import { type Com, coAuthIdentity, guid, RPC_C_IMP_LEVEL_IMPERSONATE } from "callfactory";
import type { Stage } from "../harness/stage.ts";
import { IWorker, type Worker } from "./call-worker.ts";
import { serveDeed, setBlanket } from "./sec-witness.ts";

const CLSID_Target = guid("c0ffee04-0000-4000-8000-000000000001");

/** What the server in the middle does for its client with the server behind it. */
export type Errand = (com: Com, target: Worker) => Promise<unknown>;

/** A call straight through a proxy, by the synchronous method. */
export const ask = (target: Worker): Promise<number> => target.Work(1, { lane: "worker" });

/**
 * alice calls a server in an STA, which calls another in the MTA: whom that one sees, call by call.
 */
export async function errand(
  stage: Stage,
  run: Errand,
  impLevel = RPC_C_IMP_LEVEL_IMPERSONATE,
): Promise<{ readonly seen: (string | null)[]; readonly own: string }> {
  const seen: (string | null)[] = [];
  stage.com.registerClass({
    clsid: CLSID_Target,
    threadingModel: "Free",
    interfaces: [IWorker],
    create: () => ({
      Work: async (value, { com }) => {
        seen.push((await com.functions.CoQueryClientBlanket(0)).pPrivs);
        return value;
      },
    }),
  });
  const middle = await serveDeed(stage, async ({ com }) => {
    const target = await com.createInstance(CLSID_Target, IWorker);
    try {
      await run(com, target);
    } finally {
      target.release();
    }
  });
  await setBlanket(stage.com, middle, { authInfo: coAuthIdentity("alice"), impLevel });
  await middle.Work(1);
  return { seen, own: await stage.com.functions.GetUserNameW() };
}
