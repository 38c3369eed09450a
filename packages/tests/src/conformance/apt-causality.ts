import assert from "node:assert/strict";
import {
  type Com,
  E_NOINTERFACE,
  type Guid,
  guid,
  IComThreadingInfo,
  type IncomingCall,
  IPipeByte,
  THDTYPE_BLOCKMESSAGES,
  THDTYPE_PROCESSMESSAGES,
  APTTYPE_MAINSTA,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { AsyncIStep, passTo, stepFor, stepIn, type StepPointer } from "./apt-step.ts";
import { passes } from "./sync-gate.ts";

const ACROSS = { at: "marshaled", needs: ["implement", "functions"] } as const;
const WITH_CALLS = {
  at: "marshaled",
  needs: ["implement", "functions", "proxy-call-factory"],
} as const;

function cidOf({ com }: { readonly com: Com }): Promise<Guid> {
  return com.functions.CoGetCurrentLogicalThreadId();
}

/** A chain A → B → A between two apartments; each call notes its causality id. */
async function chain(stage: Stage, [a, b]: readonly [Com, Com]) {
  const cids: Guid[] = [];
  const note = async (call: IncomingCall): Promise<void> => {
    cids.push(await cidOf(call));
    // Causality survives whatever a method awaits.
    await passes(stage.com.clock, 10);
  };
  const first: StepPointer = stepIn(stage, a, async (n, other, call) => {
    await note(call);
    return n === 0 ? 0 : ((await other?.Step(n - 1, first)) ?? 0);
  });
  const firstInB = await passTo(stage, first, { from: a, to: b });
  const second = await stepFor(stage, { home: b, client: a }, async (_n, other, call) => {
    await note(call);
    return (await other?.Step(0, null)) ?? 0;
  });
  const secondInB = await passTo(stage, second, { from: a, to: b });
  return { first: firstInB, second: secondInB, cids };
}

/** The chain's calls, started by the apartment that does not have the first object. */
async function runChain(
  stage: Stage,
  kinds: readonly ["sta" | "mta", "sta" | "mta"],
  lane?: "worker",
): Promise<readonly Guid[]> {
  const apartments = await Promise.all(kinds.map((kind) => stage.com.openApartment(kind)));
  const { first, second, cids } = await chain(stage, apartments as [Com, Com]);
  await first.Step(1, second, lane === undefined ? {} : { lane });
  return cids;
}

/** The context of a handle's thread. */
async function threadingInfo(stage: Stage, com: Com) {
  const context = await com.functions.CoGetObjectContext(IComThreadingInfo.iid);
  assert.ok(context);
  return stage.query(stage.hold(context), IComThreadingInfo);
}

/** An object in an STA that tells the causality ids of its calls. */
async function teller(stage: Stage): Promise<{ object: StepPointer; cids: Guid[] }> {
  const cids: Guid[] = [];
  const home = await stage.com.openApartment("sta");
  const object = await stepFor(stage, { home, client: stage.com }, async (n, _other, call) => {
    cids.push(await cidOf(call));
    return n;
  });
  return { object, cids };
}

const CHAINS = [
  { name: "two STAs", kinds: ["sta", "sta"] },
  { name: "an STA and the MTA", kinds: ["sta", "mta"] },
  { name: "the MTA and an STA", kinds: ["mta", "sta"] },
] as const;

/** Who calls on whose behalf. */
export const aptCausality: readonly ConformanceTest[] = [
  ...CHAINS.map(({ name, kinds }) =>
    conformance(
      "APT-15",
      `the calls of a chain between ${name} carry one causality id`,
      ACROSS,
      async (stage) => {
        const cids = await runChain(stage, kinds, "worker");

        assert.equal(cids.length, 3);
        assert.equal(new Set(cids).size, 1);
      },
    ),
  ),

  conformance(
    "APT-15",
    "calls that are made through call objects inside a call carry its causality id",
    WITH_CALLS,
    async (stage) => {
      const cids = await runChain(stage, ["sta", "mta"]);

      assert.equal(cids.length, 3);
      assert.equal(new Set(cids).size, 1);
    },
  ),

  conformance(
    "APT-15",
    "each top-level call has a causality id of its own",
    ACROSS,
    async (stage) => {
      const { object, cids } = await teller(stage);

      await object.Step(1, null, { lane: "worker" });
      await object.Step(2, null, { lane: "worker" });

      assert.equal(new Set(cids).size, 2);
    },
  ),

  conformance(
    "APT-15",
    "CoGetCurrentLogicalThreadId outside any call tells the id of the next call",
    ACROSS,
    async (stage) => {
      const { object, cids } = await teller(stage);

      const next = await cidOf(stage);
      await object.Step(1, null, { lane: "worker" });
      await object.Step(2, null, { lane: "worker" });

      assert.equal(cids[0], next);
      assert.notEqual(cids[1], next);
    },
  ),

  conformance(
    "APT-15",
    "SetCurrentLogicalThreadId decides the id of the thread's calls",
    ACROSS,
    async (stage) => {
      const { object, cids } = await teller(stage);
      const chosen = guid("5e1ec7ed-0000-4000-8000-000000000001");
      const info = await threadingInfo(stage, stage.com);

      await info.SetCurrentLogicalThreadId(chosen);
      await object.Step(1, null, { lane: "worker" });

      assert.equal(await info.GetCurrentLogicalThreadId(), chosen);
      assert.deepEqual(cids, [chosen]);
    },
  ),

  conformance(
    "APT-15",
    "SetCurrentLogicalThreadId inside a call lasts as long as the call",
    ACROSS,
    async (stage) => {
      const { object: callee, cids } = await teller(stage);
      const chosen = guid("5e1ec7ed-0000-4000-8000-000000000002");
      const home = await stage.com.openApartment("sta");
      const object = await stepFor(
        stage,
        { home, client: stage.com },
        async (n, other, { com }) => {
          const context = await com.functions.CoGetObjectContext(IComThreadingInfo.iid);
          const info = await context?.queryInterface(IComThreadingInfo);
          if (n === 1) await info?.SetCurrentLogicalThreadId(chosen);
          info?.release();
          context?.release();
          return (await other?.Step(n, null)) ?? 0;
        },
      );

      await object.Step(1, callee, { lane: "worker" });
      await object.Step(2, callee, { lane: "worker" });

      assert.equal(cids[0], chosen);
      assert.notEqual(cids[1], chosen);
    },
  ),

  conformance(
    "APT-15",
    "IComThreadingInfo tells the kinds of apartment and of thread",
    ACROSS,
    async (stage) => {
      const sta = await stage.com.openApartment("sta");

      const inSta = await threadingInfo(stage, sta);
      const inMta = await threadingInfo(stage, stage.com);

      assert.equal(await inSta.GetCurrentApartmentType(), APTTYPE_MAINSTA);
      assert.equal(await inSta.GetCurrentThreadType(), THDTYPE_PROCESSMESSAGES);
      assert.equal(await inMta.GetCurrentThreadType(), THDTYPE_BLOCKMESSAGES);
    },
  ),

  conformance(
    "APT-15",
    "the context of a thread has no interface that it lacks",
    ACROSS,
    async ({ com }) => {
      await assertFails(com.functions.CoGetObjectContext(IPipeByte.iid), E_NOINTERFACE);
    },
  ),

  conformance(
    "APT-16",
    "each Begin_ outside a call carries a causality id of its own",
    WITH_CALLS,
    async (stage) => {
      const { object, cids } = await teller(stage);
      const call = await stage.callOf(object, AsyncIStep);

      for (const n of [1, 2]) {
        await call.Begin_Step(n, null);
        await call.Finish_Step();
      }

      assert.equal(new Set(cids).size, 2);
    },
  ),

  conformance(
    "APT-16",
    "a Begin_ inside a call carries the call's causality id",
    WITH_CALLS,
    async (stage) => {
      const { object: callee, cids } = await teller(stage);
      const home = await stage.com.openApartment("sta");
      const own: Guid[] = [];
      const object = await stepFor(stage, { home, client: stage.com }, async (n, other, call) => {
        own.push(await cidOf(call));
        const begun = await other?.createCall(AsyncIStep);
        await begun?.Begin_Step(n, null);
        const result = await begun?.Finish_Step();
        begun?.release();
        return result ?? 0;
      });

      await object.Step(1, callee, { lane: "worker" });

      assert.deepEqual(cids, own);
    },
  ),
];
