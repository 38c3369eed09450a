import assert from "node:assert/strict";
import {
  APTTYPE_NA,
  APTTYPEQUALIFIER_NA_ON_MAINSTA,
  APTTYPEQUALIFIER_NA_ON_MTA,
  APTTYPEQUALIFIER_NA_ON_STA,
  COINIT_APARTMENTTHREADED,
  COINIT_MULTITHREADED,
  type Com,
  guid,
  RPC_E_CHANGED_MODE,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import {
  AsyncIStep,
  IStep,
  passTo,
  stepFor,
  stepIn,
  type StepPointer,
  type Taken,
} from "./apt-step.ts";
import { gate, passes } from "./sync-gate.ts";

const NEEDS = ["register-class", "functions"] as const;
const IN_NA = { at: "marshaled", needs: NEEDS } as const;
const IN_TIME = { at: "marshaled", needs: [...NEEDS, "virtual-clock"] } as const;

const CLSID_Neutral = guid("c0ffee03-0000-4000-8000-000000000001");
const WORK_MS = 1000;

/** A neutral object for `client`. */
async function neutralFor(stage: Stage, client: Com, take: Taken): Promise<StepPointer> {
  stage.com.registerClass({
    clsid: CLSID_Neutral,
    threadingModel: "Neutral",
    interfaces: [IStep],
    create: () => ({ Step: take }),
  });
  return stage.hold(await client.createInstance(CLSID_Neutral, IStep));
}

/** Calls in the neutral apartment. */
export const aptNeutral: readonly ConformanceTest[] = [
  ...(["sta", "mta"] as const).map((kind) =>
    conformance(
      "APT-18",
      `a neutral object runs on the calling thread of the ${kind.toUpperCase()}`,
      IN_NA,
      async (stage) => {
        const client = await stage.com.openApartment(kind);
        const object = await neutralFor(stage, client, (_n, _other, call) =>
          call.com.functions.GetCurrentThreadId(),
        );

        const id = await object.Step(1, null, { lane: "worker" });

        assert.equal(id, await client.functions.GetCurrentThreadId());
      },
    ),
  ),

  conformance(
    "APT-18",
    "CoGetApartmentType inside a neutral object tells from where the thread visits",
    IN_NA,
    async (stage) => {
      const { com } = stage;
      const [main, other] = [await com.openApartment("sta"), await com.openApartment("sta")];
      const seen: unknown[] = [];
      const inMain = await neutralFor(stage, main, async (n, _other, call) => {
        seen.push(await call.com.functions.CoGetApartmentType());
        return n;
      });

      for (const client of [main, other, com]) {
        const packet = await main.marshal(inMain);
        const object = client === main ? inMain : stage.hold(await client.unmarshal(packet, IStep));
        await object.Step(1, null, { lane: "worker" });
        if (client === main) stage.hold(await main.unmarshal(packet, IStep));
      }

      assert.deepEqual(seen, [
        { pAptType: APTTYPE_NA, pAptQualifier: APTTYPEQUALIFIER_NA_ON_MAINSTA },
        { pAptType: APTTYPE_NA, pAptQualifier: APTTYPEQUALIFIER_NA_ON_STA },
        { pAptType: APTTYPE_NA, pAptQualifier: APTTYPEQUALIFIER_NA_ON_MTA },
      ]);
    },
  ),

  conformance(
    "APT-18",
    "CoInitializeEx inside a neutral object returns RPC_E_CHANGED_MODE for either model",
    IN_NA,
    async (stage) => {
      const hrs: number[] = [];
      const object = await neutralFor(stage, stage.com, async (n, _other, { com }) => {
        hrs.push(await hrOf(com.functions.CoInitializeEx(COINIT_MULTITHREADED)));
        hrs.push(await hrOf(com.functions.CoInitializeEx(COINIT_APARTMENTTHREADED)));
        return n;
      });

      await object.Step(1, null, { lane: "worker" });

      assert.deepEqual(hrs, [RPC_E_CHANGED_MODE, RPC_E_CHANGED_MODE]);
    },
  ),

  conformance(
    "APT-18",
    "an STA is busy with the neutral object that its thread visits",
    IN_TIME,
    async (stage) => {
      const { com } = stage;
      const sta = await com.openApartment("sta");
      const inside = gate();
      const neutral = await neutralFor(stage, sta, async (n) => {
        inside.open();
        await passes(com.clock, WORK_MS);
        return n;
      });
      const own = await stepFor(stage, { home: sta, client: com }, (n) => n);

      const visit = neutral.Step(1, null, { lane: "worker" });
      await inside.opened;
      await own.Step(2, null, { lane: "worker" });

      assert.equal(com.clock.now(), WORK_MS);
      await visit;
    },
  ),

  conformance(
    "APT-18",
    "a visiting thread of an STA serves calls while it waits for one from the neutral apartment",
    IN_TIME,
    async (stage) => {
      const { com } = stage;
      const sta = await com.openApartment("sta");
      const log: string[] = [];
      const own = stepIn(stage, sta, (n) => {
        log.push("served");
        return n;
      });
      const ownInMta = await passTo(stage, own, { from: sta, to: com });
      const helper = await stepFor(stage, { home: com, client: sta }, () => ownInMta.Step(7, null));
      const neutral = await neutralFor(stage, sta, async (n, other) => {
        log.push("in");
        const result = await other?.Step(n, null);
        log.push("out");
        return result ?? 0;
      });

      const result = await neutral.Step(1, helper, { lane: "worker" });

      assert.equal(result, 7);
      assert.deepEqual(log, ["in", "served", "out"]);
    },
  ),

  conformance(
    "APT-18",
    "a call object's call of a neutral object keeps no thread of the client",
    { at: "marshaled", needs: [...NEEDS, "proxy-call-factory", "virtual-clock"] },
    async (stage) => {
      const { com } = stage;
      const sta = await com.openApartment("sta");
      const neutral = await neutralFor(stage, sta, async (_n, _other, call) => {
        await passes(com.clock, WORK_MS);
        return call.com.functions.GetCurrentThreadId();
      });
      const own = await stepFor(stage, { home: sta, client: com }, (n) => n);
      const call = await stage.callOf(neutral, AsyncIStep);

      await call.Begin_Step(1, null);
      await own.Step(2, null, { lane: "worker" });

      assert.equal(com.clock.now(), 0);
      assert.notEqual(await call.Finish_Step(), await sta.functions.GetCurrentThreadId());
    },
  ),
];
