import assert from "node:assert/strict";
import {
  AsyncIAdviseSink,
  AsyncIAdviseSink2,
  CALLTYPE_TOPLEVEL,
  RPC_E_CALL_REJECTED,
  SERVERCALL_ISHANDLED,
  SERVERCALL_REJECTED,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { stepFor } from "./apt-step.ts";
import { FILTERED, FILTERED_CALLS, filterIn, SYNC } from "./filter-desk.ts";
import { sinkFor, sinkOf, twoStas } from "./not-sink.ts";
import { passes } from "./sync-gate.ts";

const WORK_MS = 1000;

/** Notifications that are none: of the MTA, and of call objects. */
export const notCalls: readonly ConformanceTest[] = [
  ...(
    [
      ["from the MTA", "mta", "sta"],
      ["into the MTA", "sta", "mta"],
    ] as const
  ).map(([way, from, to]) =>
    conformance("NOT-06", `a notification ${way} is waited for`, FILTERED, async (stage) => {
      const client = await stage.com.openApartment(from);
      const home = await stage.com.openApartment(to);
      const sink = await sinkFor(
        stage,
        { home, client },
        sinkOf(() => passes(stage.com.clock, WORK_MS)),
      );

      await sink.OnSave(SYNC);

      assert.equal(stage.com.clock.now(), WORK_MS);
    }),
  ),

  conformance(
    "NOT-06",
    "a notification from the MTA is an ordinary call, which can be rejected and may call out",
    FILTERED,
    async (stage) => {
      const home = await stage.com.openApartment("sta");
      const types: number[] = [];
      await filterIn(stage, home, {
        HandleInComingCall: (type) => {
          types.push(type);
          return types.length === 1 ? SERVERCALL_ISHANDLED : SERVERCALL_REJECTED;
        },
      });
      const helper = await stepFor(stage, { home: stage.com, client: home }, (n) => n);
      const results: number[] = [];
      const sink = await sinkFor(
        stage,
        { home, client: stage.com },
        sinkOf(async () => void results.push(await helper.Step(5, null, SYNC))),
      );

      await sink.OnSave(SYNC);
      await assertFails(sink.OnSave(SYNC), RPC_E_CALL_REJECTED);

      assert.deepEqual(results, [5]);
      assert.deepEqual(types, [CALLTYPE_TOPLEVEL, CALLTYPE_TOPLEVEL]);
    },
  ),

  conformance(
    "NOT-07",
    "through a call object a notification is a call: Finish_ waits for it, the callee may call out",
    FILTERED_CALLS,
    async (stage) => {
      const apartments = await twoStas(stage);
      const { home, client } = apartments;
      const helper = await stepFor(stage, { home: client, client: home }, (n) => n);
      const heard: (string | number)[] = [];
      const sink = await sinkFor(
        stage,
        apartments,
        sinkOf(async (method) => {
          await passes(stage.com.clock, WORK_MS);
          heard.push(method, await helper.Step(6, null, SYNC));
        }),
      );
      const call = await stage.callOf(sink, AsyncIAdviseSink);

      await call.Begin_OnViewChange(1, -1);
      await call.Finish_OnViewChange();

      assert.deepEqual(heard, ["OnViewChange", 6]);
      assert.equal(stage.com.clock.now(), WORK_MS);
    },
  ),

  conformance(
    "NOT-07",
    "AsyncIAdviseSink2 has OnLinkSrcChange besides",
    FILTERED_CALLS,
    async (stage) => {
      const heard: string[] = [];
      const sink = await sinkFor(
        stage,
        await twoStas(stage),
        sinkOf((method) => void heard.push(method)),
      );
      const call = await stage.callOf(sink, AsyncIAdviseSink2);

      await call.Begin_OnLinkSrcChange(null);
      await call.Finish_OnLinkSrcChange();
      await call.Begin_OnClose();
      await call.Finish_OnClose();

      assert.deepEqual(heard, ["OnLinkSrcChange", "OnClose"]);
    },
  ),
];
