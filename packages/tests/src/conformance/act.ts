import assert from "node:assert/strict";
import {
  APTTYPE_MTA,
  APTTYPE_NA,
  CLASS_E_NOAGGREGATION,
  type Com,
  E_NOINTERFACE,
  guid,
  IClassFactory,
  ICallFactory,
  IPipeByte,
  REGDB_E_CLASSNOTREG,
  RPC_E_CALL_CANCELED,
  S_OK,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { IStep, stepFor, stepIn } from "./apt-step.ts";
import { gate, passes } from "./sync-gate.ts";

const NEEDS = ["register-class", "functions"] as const;
const CREATED = { at: "marshaled", needs: [...NEEDS, "proxy-call-factory"] } as const;
const IN_TIME = { at: "marshaled", needs: [...NEEDS, "virtual-clock"] } as const;

const CLSID_Created = guid("c0ffee04-0000-4000-8000-000000000001");
const CLSID_Neutral = guid("c0ffee04-0000-4000-8000-000000000002");

type Model = "none" | "Apartment" | "Free" | "Both" | "Neutral";
type Creator = "main STA" | "other STA" | "MTA" | "NA";
/** Where an object is, seen from its creator. */
type Place = "with its creator" | "in the main STA" | "in a host STA" | "in the MTA" | "in the NA";

const OWN = "with its creator";

/** Where each model puts an object, by its creator (ACT-01). */
const PLACES: Readonly<Record<Model, Readonly<Record<Creator, Place>>>> = {
  none: {
    "main STA": OWN,
    "other STA": "in the main STA",
    MTA: "in the main STA",
    NA: "in the main STA",
  },
  Apartment: { "main STA": OWN, "other STA": OWN, MTA: "in a host STA", NA: "in a host STA" },
  Free: { "main STA": "in the MTA", "other STA": "in the MTA", MTA: OWN, NA: "in the MTA" },
  Both: { "main STA": OWN, "other STA": OWN, MTA: OWN, NA: OWN },
  Neutral: { "main STA": "in the NA", "other STA": "in the NA", MTA: "in the NA", NA: OWN },
};

/** What identifies an apartment: its type, and the thread of an STA. */
async function apartmentOf({ functions }: Com): Promise<{ type: number; thread: number }> {
  const { pAptType: type } = await functions.CoGetApartmentType();
  const isShared = type === APTTYPE_MTA || type === APTTYPE_NA;
  return { type, thread: isShared ? 0 : await functions.GetCurrentThreadId() };
}

interface Created {
  place: Place;
  /** Whether the creator's pointer answers for ICallFactory, which the object lacks. */
  hasCallFactory: boolean;
}

/** Creates an object as `creator` does, and sees where it has come to be. */
async function create(stage: Stage, model: Model, creator: Creator): Promise<Created> {
  const main = await stage.com.openApartment("sta");
  const other = await stage.com.openApartment("sta");
  const homes: { type: number; thread: number }[] = [];
  stage.com.registerClass({
    clsid: CLSID_Created,
    ...(model !== "none" && { threadingModel: model }),
    interfaces: [IStep],
    create: async ({ com }) => {
      homes.push(await apartmentOf(com));
      return { Step: (n: number) => n };
    },
  });
  const run = async (com: Com): Promise<Created> => {
    const pointer = await com.createInstance(CLSID_Created, IStep);
    const hr = await hrOf(pointer.queryInterface(ICallFactory).then((found) => found.release()));
    pointer.release();
    const [home] = homes;
    assert.ok(home);
    const place = placeOf(home, await apartmentOf(com), await apartmentOf(main));
    return { place, hasCallFactory: hr === S_OK };
  };
  if (creator !== "NA")
    return run({ "main STA": main, "other STA": other, MTA: stage.com }[creator]);
  return inNeutral(stage, run);
}

/** Runs `run` in a method of a neutral object. */
async function inNeutral<T>(stage: Stage, run: (com: Com) => Promise<T>): Promise<T> {
  const results: T[] = [];
  stage.com.registerClass({
    clsid: CLSID_Neutral,
    threadingModel: "Neutral",
    interfaces: [IStep],
    create: () => ({
      Step: async (n, _other, call) => {
        results.push(await run(call.com));
        return n;
      },
    }),
  });
  const neutral = stage.hold(await stage.com.createInstance(CLSID_Neutral, IStep));
  await neutral.Step(1, null, { lane: "worker" });
  return results[0] as T;
}

type Apartment = Awaited<ReturnType<typeof apartmentOf>>;

function placeOf(home: Apartment, creator: Apartment, main: Apartment): Place {
  if (home.type === creator.type && home.thread === creator.thread) return OWN;
  if (home.type === APTTYPE_MTA) return "in the MTA";
  if (home.type === APTTYPE_NA) return "in the NA";
  return home.thread === main.thread ? "in the main STA" : "in a host STA";
}

const MATRIX = Object.entries(PLACES).flatMap(([model, byCreator]) =>
  Object.entries(byCreator).map(([creator, place]) => ({ model, creator, place })),
) as { model: Model; creator: Creator; place: Place }[];

/** Where objects are created, and how. */
export const act: readonly ConformanceTest[] = [
  ...MATRIX.map(({ model, creator, place }) =>
    conformance(
      "ACT-01",
      `an object of the model ${model} that the ${creator} creates lives ${place}`,
      CREATED,
      async (stage) => {
        const created = await create(stage, model, creator);

        // Its creator holds a pointer to it in its own apartment (DISC-01), else a proxy (DISC-02).
        assert.deepEqual(created, { place, hasCallFactory: place !== OWN });
      },
    ),
  ),

  conformance(
    "ACT-02",
    "CoGetClassObject of an unregistered class fails with REGDB_E_CLASSNOTREG",
    { at: "same-apartment", needs: ["functions"] },
    async ({ com }) => {
      const nothing = guid("c0ffee04-0000-4000-8000-0000000000ff");

      await assertFails(
        com.functions.CoGetClassObject(nothing, IClassFactory.iid),
        REGDB_E_CLASSNOTREG,
      );
    },
  ),

  ...(["Both", "Apartment"] as const).map((threadingModel) =>
    conformance(
      "ACT-02",
      `a class factory of the model ${threadingModel} creates objects, and refuses to aggregate`,
      { at: "marshaled", needs: [...NEEDS, "implement"] },
      async (stage) => {
        const { com } = stage;
        const interfaces = [IStep] as const;
        const object = { Step: (n: number) => n };
        com.registerClass({
          clsid: CLSID_Created,
          threadingModel,
          interfaces,
          create: () => object,
        });
        const found = await com.functions.CoGetClassObject(CLSID_Created, IClassFactory.iid);
        assert.ok(found);
        const factory = await stage.query(stage.hold(found), IClassFactory);
        const outer = stepIn(stage, com, (n) => n);

        const created = await factory.CreateInstance(null, IStep.iid);

        assert.ok(created);
        const step = await stage.query(stage.hold(created), IStep);
        assert.equal(await step.Step(7, null), 7);
        await assertFails(factory.CreateInstance(outer, IStep.iid), CLASS_E_NOAGGREGATION);
        await assertFails(factory.CreateInstance(null, IPipeByte.iid), E_NOINTERFACE);
        await factory.LockServer(true);
        await factory.LockServer(false);
      },
    ),
  ),

  conformance(
    "ACT-03",
    "an activation in another apartment is canceled as a call is",
    IN_TIME,
    async (stage) => {
      const { com } = stage;
      const client = await com.openApartment("mta");
      await client.functions.CoEnableCallCancellation();
      const threadId = await client.functions.GetCurrentThreadId();
      const [inside, end] = [gate(), gate()];
      com.registerClass({
        clsid: CLSID_Created,
        threadingModel: "Apartment",
        interfaces: [IStep],
        create: async () => {
          inside.open();
          await end.opened;
          return { Step: (n) => n };
        },
      });

      const creation = hrOf(client.createInstance(CLSID_Created, IStep));
      await inside.opened;
      await com.functions.CoCancelCall(threadId, 0);

      assert.equal(await creation, RPC_E_CALL_CANCELED);
      end.open();
    },
  ),

  conformance(
    "ACT-03",
    "a call of IClassFactory is canceled as other calls are",
    IN_TIME,
    async (stage) => {
      const { com } = stage;
      const client = await com.openApartment("mta");
      await client.functions.CoEnableCallCancellation();
      const threadId = await client.functions.GetCurrentThreadId();
      const inside = gate();
      com.registerClass({
        clsid: CLSID_Created,
        threadingModel: "Apartment",
        interfaces: [IStep],
        create: async ({ clock }) => {
          inside.open();
          await passes(clock, 1000);
          return { Step: (n) => n };
        },
      });
      const found = await client.functions.CoGetClassObject(CLSID_Created, IClassFactory.iid);
      assert.ok(found);
      const factory = await stage.query(stage.hold(found), IClassFactory);

      const creation = hrOf(factory.CreateInstance(null, IStep.iid));
      await inside.opened;
      await com.functions.CoCancelCall(threadId, 0);

      assert.equal(await creation, RPC_E_CALL_CANCELED);
      assert.equal(com.clock.now(), 0);
    },
  ),

  conformance(
    "APT-07",
    "an STA serves calls while it waits for an activation in another apartment",
    IN_TIME,
    async (stage) => {
      const { com } = stage;
      const sta = await com.openApartment("sta");
      const log: string[] = [];
      const own = await stepFor(stage, { home: sta, client: com }, (n) => {
        log.push("served");
        return n;
      });
      com.registerClass({
        clsid: CLSID_Created,
        threadingModel: "Free",
        interfaces: [IStep],
        create: async () => {
          await own.Step(1, null);
          log.push("created");
          return { Step: (n) => n };
        },
      });
      const creator = await stepFor(stage, { home: sta, client: com }, async (n, _other, call) => {
        const made = await call.com.createInstance(CLSID_Created, IStep);
        made.release();
        return n;
      });

      await creator.Step(1, null);

      assert.deepEqual(log, ["served", "created"]);
    },
  ),
];
