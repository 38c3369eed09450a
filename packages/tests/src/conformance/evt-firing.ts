import assert from "node:assert/strict";
import type { TraceEvent } from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { gate } from "./call-worker.ts";
import {
  FIRE,
  IBell,
  listen,
  type Listener,
  OVERLAP,
  POST,
  serveBell,
  serveBellInMta,
} from "./evt-bell.ts";

const needs = ["register-class", "implement"] as const;

/** What became of the bell's calls to its sinks. */
function fate(events: readonly TraceEvent[]): string[] {
  const steps = ["begin", "signal", "finish", "abandon"];
  return events.flatMap((event) =>
    "method" in event && event.method.endsWith("Rang") && steps.includes(event.kind)
      ? [event.kind]
      : [],
  );
}

/** Telling sinks of events. */
export const evtFiring: readonly ConformanceTest[] = [
  ...[FIRE, OVERLAP, POST].map((way) =>
    conformance(
      "EVT-06",
      `a sink that throws keeps no other from its event (${["one by one", "at once", "posted"][way]})`,
      { at: "both", needs },
      async (stage) => {
        const { bell } = await serveBell(stage);
        const heard: string[] = [];
        const all = gate();
        const hear = (name: string): void => {
          heard.push(name);
          if (heard.length === 3) all.open();
        };
        await listen(stage, bell, { Rang: () => hear("first") });
        await listen(stage, bell, {
          Rang: () => {
            hear("second");
            throw new Error("a fault of the sink's own");
          },
        });
        await listen(stage, bell, { Rang: () => hear("third") });

        await bell.Ring(way, 1);

        await all.opened;
        assert.deepEqual(heard.sort(), ["first", "second", "third"]);
      },
    ),
  ),

  conformance(
    "EVT-06",
    "the source sees what each of its sinks answered",
    { at: "both", needs },
    async (stage) => {
      const { bell, deliveries } = await serveBell(stage);
      await listen(stage, bell, {
        Rang: () => {
          throw new Error("a fault of the sink's own");
        },
      });
      await listen(stage, bell, { Rang: () => {} });

      await bell.Ring(FIRE, 1);

      assert.deepEqual(deliveries, ["1 RPC_E_SERVERFAULT", "2 S_OK"]);
    },
  ),

  conformance(
    "EVT-06",
    "an event called one by one reaches a sink when the one before it has returned",
    { at: "both", needs },
    async (stage) => {
      const { bell } = await serveBell(stage);
      const log: string[] = [];
      const slow = gate();
      const started = gate();
      await listen(stage, bell, {
        Rang: async () => {
          started.open();
          await slow.opened;
          log.push("first");
        },
      });
      await listen(stage, bell, { Rang: () => void log.push("second") });

      const ringing = bell.Ring(FIRE, 1);
      await started.opened;
      slow.open();
      await ringing;

      assert.deepEqual(log, ["first", "second"]);
    },
  ),

  conformance(
    "EVT-07",
    "each sink runs in its own apartment",
    { at: "marshaled", needs: [...needs, "functions"] },
    async (stage) => {
      const { bell } = await serveBell(stage);
      const sta = await stage.com.openApartment("sta");
      const inSta = stage.hold(await sta.unmarshal(await stage.com.marshal(bell), IBell));
      const threads: number[] = [];
      const apartments: string[] = [];
      const note: Listener = {
        Rang: async (_times, { com }) => {
          apartments.push(com.apartment);
          threads.push(await com.functions.GetCurrentThreadId());
        },
      };
      await listen(stage, bell, note);
      await listen(stage, inSta, note, sta);

      await bell.Ring(FIRE, 1);

      assert.deepEqual(apartments, ["mta", "sta"]);
      assert.equal(threads[1], await sta.functions.GetCurrentThreadId());
    },
  ),

  conformance(
    "EVT-07",
    "a sink in another process hears of events there",
    { at: "marshaled", needs: [...needs, "processes"] },
    async (stage) => {
      const { bell } = await serveBell(stage);
      const process = await stage.com.openProcess("sta");
      stage.hold({ release: () => process.kill() });
      stage.hold(process.implement([IBell], { Ring: () => {} }));
      const far = stage.hold(await process.unmarshal(await stage.com.marshal(bell), IBell));
      const heard: string[] = [];
      await listen(
        stage,
        far,
        { Rang: (times, { com }) => void heard.push(`${times} in an ${com.apartment}`) },
        process,
      );

      await bell.Ring(FIRE, 7);

      assert.deepEqual(heard, ["7 in an sta"]);
    },
  ),

  conformance(
    "APT-15",
    "what a source keeps of Advise calls in no call of its clients any more",
    { at: "marshaled", needs: [...needs, "functions"] },
    async (stage) => {
      const { bell, client } = await serveBellInMta(stage);
      const seen: string[] = [];
      const note: Listener = {
        Rang: async (_times, { com }) => {
          seen.push(await com.functions.CoGetCurrentLogicalThreadId());
        },
      };
      await listen(stage, bell, { Rang: () => {} }, client);
      // The second is called when the source has waited, and nobody can tell for whom it runs.
      await listen(stage, bell, note, client);

      await bell.Ring(FIRE, 1);
      await bell.Ring(FIRE, 2);

      assert.equal(new Set(seen).size, 2);
    },
  ),

  conformance(
    "EVT-08",
    "a posted event waits for no sink",
    { at: "marshaled", needs },
    async (stage) => {
      const { bell, deliveries } = await serveBell(stage);
      const proceed = gate();
      const ended = gate();
      await listen(stage, bell, {
        Rang: async () => {
          await proceed.opened;
          ended.open();
        },
      });

      await bell.Ring(POST, 1);

      // Ring has returned, and the sink is still at it.
      assert.deepEqual(deliveries, ["1 S_OK"]);
      proceed.open();
      await ended.opened;
    },
  ),

  conformance(
    "EVT-08",
    "a posted event is begun and abandoned",
    { at: "marshaled", needs: [...needs, "packets"] },
    async (stage) => {
      const { bell } = await serveBell(stage);
      const rung = gate();
      await listen(stage, bell, { Rang: () => rung.open() });
      const events = stage.record();

      await bell.Ring(POST, 1);

      await rung.opened;
      // Its completion comes before or after; no Finish_ does.
      const steps = fate(events).filter((step) => step !== "signal");
      assert.deepEqual(steps, ["begin", "abandon"]);
    },
  ),

  conformance(
    "EVT-08",
    "an event told to all at once waits for all, through call objects",
    { at: "marshaled", needs: [...needs, "packets"] },
    async (stage) => {
      const { bell, deliveries } = await serveBell(stage);
      const both = gate();
      let inside = 0;
      const meet = async (): Promise<void> => {
        if (++inside === 2) both.open();
        await both.opened;
      };
      await listen(stage, bell, { Rang: meet });
      await listen(stage, bell, { Rang: meet });
      const events = stage.record();

      // Each sink returns only when the other has been called, too.
      await bell.Ring(OVERLAP, 1);

      assert.deepEqual(deliveries, ["1 S_OK", "2 S_OK"]);
      assert.equal(fate(events).filter((step) => step === "finish").length, 2);
    },
  ),
];
