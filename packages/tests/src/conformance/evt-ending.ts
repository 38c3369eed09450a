import assert from "node:assert/strict";
import type { Connection } from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { FIRE, IBell, IBellEvents, listen, OVERLAP, serveBell } from "./evt-bell.ts";

const needs = ["register-class", "implement"] as const;

/** Sinks whose connections end in the middle of events, and sinks that are gone. */
export const evtEnding: readonly ConformanceTest[] = [
  conformance(
    "EVT-10",
    "a sink may end its own connection inside its event",
    { at: "both", needs },
    async (stage) => {
      const { bell, deliveries } = await serveBell(stage);
      const heard: number[] = [];
      const connection: Connection = await listen(stage, bell, {
        Rang: async (times) => {
          heard.push(times);
          await connection.unadvise();
        },
      });

      await bell.Ring(FIRE, 1);

      await bell.Ring(FIRE, 2);
      assert.deepEqual(heard, [1]);
      assert.deepEqual(deliveries, ["1 S_OK"]);
    },
  ),

  conformance(
    "EVT-10",
    "a sink that an earlier one has disconnected is not called",
    { at: "both", needs },
    async (stage) => {
      const { bell, deliveries } = await serveBell(stage);
      const heard: string[] = [];
      await listen(stage, bell, {
        Rang: async () => {
          heard.push("first");
          await second.unadvise();
        },
      });
      const second = await listen(stage, bell, { Rang: () => void heard.push("second") });

      await bell.Ring(FIRE, 1);

      assert.deepEqual(heard, ["first"]);
      assert.deepEqual(deliveries, ["1 S_OK"]);
    },
  ),

  ...[FIRE, OVERLAP].map((way) =>
    conformance(
      "EVT-11",
      `a sink whose apartment has ended is dropped (${way === FIRE ? "one by one" : "at once"})`,
      // Wherever the bell is, its pointer has to get to the sink's apartment.
      { at: "both", needs: [...needs, "marshaled"] },
      async (stage) => {
        const { bell, deliveries, points } = await serveBell(stage);
        const sta = await stage.com.openApartment("sta");
        const objref = await stage.com.marshal(bell);
        const inSta = await sta.unmarshal(objref, IBell);
        await listen(stage, inSta, { Rang: () => {} }, sta);
        await listen(stage, bell, { Rang: () => {} });
        inSta.release();
        await sta.close();

        await bell.Ring(way, 1);

        assert.deepEqual(deliveries, ["1 RPC_E_DISCONNECTED dropped", "2 S_OK"]);
        assert.equal(points().of(IBellEvents).size, 1);
      },
    ),
  ),

  conformance(
    "EVT-11",
    "a sink whose process was killed is dropped",
    { at: "marshaled", needs: [...needs, "processes"] },
    async (stage) => {
      const { bell, deliveries, points } = await serveBell(stage);
      const process = await stage.com.openProcess();
      // The proxy of the bell's own interface, for the other process.
      stage.hold(process.implement([IBell], { Ring: () => {} }));
      const objref = await stage.com.marshal(bell);
      const far = stage.hold(await process.unmarshal(objref, IBell));
      await listen(stage, far, { Rang: () => {} }, process);
      await listen(stage, bell, { Rang: () => {} });

      process.kill();
      await bell.Ring(FIRE, 1);

      assert.deepEqual(deliveries, ["1 HRESULT_RPC_S_SERVER_UNAVAILABLE dropped", "2 S_OK"]);
      assert.equal(points().of(IBellEvents).size, 1);
    },
  ),
];
