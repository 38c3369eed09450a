import assert from "node:assert/strict";
import { AsyncIPipeByte, type Com, INFINITE, IPipeByte, RPC_E_WRONG_THREAD } from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { passTo, stepFor, stepIn, type StepPointer, type Taken } from "./apt-step.ts";
import { gate, passes } from "./sync-gate.ts";

const NEEDS = ["implement", "functions"] as const;
const ACROSS = { at: "marshaled", needs: NEEDS } as const;
const IN_TIME = { at: "marshaled", needs: [...NEEDS, "virtual-clock"] } as const;

const WORK_MS = 1000;

/** Logs the coming and going of calls that take a while without a COM call. */
function busy(com: Com, log: string[]): Taken {
  return async (n) => {
    log.push(`+${n}`);
    await passes(com.clock, WORK_MS);
    log.push(`-${n}`);
    return n;
  };
}

/** An object in an STA whose method hands on to `other`, which it is given. */
async function forwarderIn(stage: Stage, sta: Com, log: string[]): Promise<StepPointer> {
  return stepFor(stage, { home: sta, client: stage.com }, async (n, other) => {
    log.push(`+${n}`);
    const result = n === 0 ? 0 : ((await other?.Step(n, null)) ?? 0);
    log.push(`-${n}`);
    return result;
  });
}

/** Where pointers are good, and who may call when. */
export const aptThreads: readonly ConformanceTest[] = [
  conformance("APT-04", "a pointer of another apartment is no argument", ACROSS, async (stage) => {
    const { com } = stage;
    const sta = await com.openApartment("sta");
    const theirs = stepIn(stage, sta, (n) => n);
    const ours = stepIn(stage, com, (n) => n);

    await assertFails(ours.Step(1, theirs), RPC_E_WRONG_THREAD);
    await assertFails(com.marshal(theirs), RPC_E_WRONG_THREAD);
  }),

  conformance(
    "APT-04",
    "a proxy that code of another apartment calls fails with RPC_E_WRONG_THREAD",
    ACROSS,
    async (stage) => {
      const { com } = stage;
      const [home, elsewhere] = [await com.openApartment("sta"), await com.openApartment("sta")];
      const proxy = await stepFor(stage, { home, client: com }, (n) => n);
      let hr = 0;
      const thief = await stepFor(stage, { home: elsewhere, client: com }, async (n) => {
        hr = await hrOf(proxy.Step(n, null));
        return n;
      });

      await thief.Step(1, null);

      assert.equal(hr, RPC_E_WRONG_THREAD);
      assert.equal(await proxy.Step(2, null), 2);
    },
  ),

  conformance(
    "APT-04",
    "marshaled there, a pointer can be called in another apartment",
    ACROSS,
    async (stage) => {
      const { com } = stage;
      const [home, elsewhere] = [await com.openApartment("sta"), await com.openApartment("sta")];
      const object = stepIn(stage, home, (n) => n + 1);
      const there = await passTo(stage, object, { from: home, to: elsewhere });
      const caller = await stepFor(stage, { home: elsewhere, client: com }, (n) =>
        there.Step(n, null),
      );

      assert.equal(await caller.Step(1, null), 2);
    },
  ),

  conformance(
    "APT-05",
    "an STA runs one call at a time, in the order of their arrival",
    IN_TIME,
    async (stage) => {
      const { com } = stage;
      const sta = await com.openApartment("sta");
      const log: string[] = [];
      const object = await stepFor(stage, { home: sta, client: com }, busy(com, log));

      await Promise.all([1, 2, 3].map((n) => object.Step(n, null, { lane: "worker" })));

      assert.deepEqual(log, ["+1", "-1", "+2", "-2", "+3", "-3"]);
      assert.equal(com.clock.now(), 3 * WORK_MS);
    },
  ),

  conformance("APT-05", "calls of an STA run on its one thread", ACROSS, async (stage) => {
    const { com } = stage;
    const sta = await com.openApartment("sta");
    const object = await stepFor(stage, { home: sta, client: com }, (_n, _other, call) =>
      call.com.functions.GetCurrentThreadId(),
    );

    const ids = [await object.Step(1, null), await object.Step(2, null)];

    const id = await sta.functions.GetCurrentThreadId();
    assert.deepEqual(ids, [id, id]);
  }),

  conformance(
    "APT-05",
    "a call back comes in while the method waits for its own call",
    ACROSS,
    async (stage) => {
      const { com } = stage;
      const [a, b] = [await com.openApartment("sta"), await com.openApartment("sta")];
      const log: string[] = [];
      const first = await forwarderIn(stage, a, log);
      const firstInB = await passTo(stage, first, { from: com, to: b });
      const second = await stepFor(stage, { home: b, client: com }, () => firstInB.Step(0, null));

      await first.Step(1, second);

      assert.deepEqual(log, ["+1", "+0", "-0", "-1"]);
    },
  ),

  conformance("APT-05", "nested waits end in the order of a stack", IN_TIME, async (stage) => {
    const { com } = stage;
    const [a, b] = [await com.openApartment("sta"), await com.openApartment("mta")];
    const log: string[] = [];
    const first = await forwarderIn(stage, a, log);
    // The outer call's own call ends long before that of the call that came in meanwhile.
    const slow = await stepFor(stage, { home: b, client: com }, async (n) => {
      await passes(com.clock, n * WORK_MS);
      return n;
    });

    const outer = first.Step(1, slow, { lane: "worker" });
    await passes(com.clock, WORK_MS / 2);
    await Promise.all([outer, first.Step(9, slow, { lane: "worker" })]);

    assert.deepEqual(log, ["+1", "+9", "-9", "-1"]);
  }),

  conformance(
    "APT-06",
    "an object of the MTA serves several calls at once, each on a thread of its own",
    IN_TIME,
    async (stage) => {
      const { com } = stage;
      const sta = await com.openApartment("sta");
      const threads = new Set<number>();
      const object = await stepFor(stage, { home: com, client: sta }, async (n, _other, call) => {
        threads.add(await call.com.functions.GetCurrentThreadId());
        await passes(com.clock, WORK_MS);
        return n;
      });

      await Promise.all([1, 2, 3].map((n) => object.Step(n, null, { lane: "worker" })));

      assert.equal(com.clock.now(), WORK_MS);
      assert.equal(threads.size, 3);
    },
  ),

  conformance(
    "APT-07",
    "a thread of the MTA that waits for its call takes no call: another thread does",
    ACROSS,
    async (stage) => {
      const { com } = stage;
      const sta = await com.openApartment("sta");
      const threads: number[] = [];
      const ours = stepIn(stage, com, async (n, other, call) => {
        threads.push(await call.com.functions.GetCurrentThreadId());
        return other === null ? n : other.Step(n, null);
      });
      const oursInSta = await passTo(stage, ours, { from: com, to: sta });
      const theirs = stepIn(stage, sta, () => oursInSta.Step(0, null));

      await oursInSta.Step(1, theirs);

      assert.equal(threads.length, 2);
      assert.notEqual(threads[0], threads[1]);
    },
  ),

  conformance(
    "APT-19",
    "the reply of an asynchronous call reaches an STA that does not pump",
    { at: "marshaled", needs: [...NEEDS, "proxy-call-factory", "virtual-clock"] },
    async (stage) => {
      const { com } = stage;
      const sta = await com.openApartment("sta");
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(WORK_MS);
      const here = stage.hold(await sta.unmarshal(await com.marshal(pipe), IPipeByte));
      const call = await stage.callOf(here, AsyncIPipeByte);
      let isComplete = false;
      const object = await stepFor(stage, { home: sta, client: com }, async (n) => {
        await call.Begin_Pull(4);
        await passes(com.clock, 2 * WORK_MS);
        isComplete = await call.wait(0);
        return n;
      });

      await object.Step(1, null);

      assert.equal(isComplete, true);
      await call.Finish_Pull();
    },
  ),

  conformance(
    "APT-17",
    "Begin_ of a client in the MTA returns before the server completes",
    { at: "marshaled", needs: ["proxy-call-factory"] },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(INFINITE);
      const call = await stage.callOf(pipe, AsyncIPipeByte);

      await call.Begin_Pull(4);

      assert.equal(await call.wait(0), false);
      await control.CompleteCalls();
      assert.equal((await call.Finish_Pull()).length, 4);
    },
  ),
];

/** Call objects belong to the apartment that made them. */
export const callAffinity: readonly ConformanceTest[] = [
  conformance(
    "CALL-18",
    "a call object that code of another apartment uses fails with RPC_E_WRONG_THREAD",
    { at: "marshaled", needs: [...NEEDS, "proxy-call-factory"] },
    async (stage) => {
      const { com } = stage;
      const { pipe } = await stage.slowPipe();
      const call = await stage.callOf(pipe, AsyncIPipeByte);
      const elsewhere = await com.openApartment("sta");
      const done = gate<number[]>();
      const thief = await stepFor(stage, { home: elsewhere, client: com }, (n) => {
        const tries = [call.Begin_Pull(4), call.wait(0), call.Finish_Pull()];
        done.open(Promise.all(tries.map((each) => hrOf(each))));
        return n;
      });

      await thief.Step(1, null);

      const wrong = RPC_E_WRONG_THREAD;
      assert.deepEqual(await done.opened, [wrong, wrong, wrong]);
      await call.Begin_Pull(4);
      assert.equal((await call.Finish_Pull()).length, 4);
    },
  ),
];
