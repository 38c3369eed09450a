import assert from "node:assert/strict";
import {
  CALLTYPE_TOPLEVEL,
  RPC_E_CANTCALLOUT_ININPUTSYNCCALL,
  RPC_E_CANTPOST_INSENDCALL,
  S_OK,
  SERVERCALL_REJECTED,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { AsyncIStep, passTo, stepFor, stepIn } from "./apt-step.ts";
import { FILTERED, FILTERED_CALLS, filterIn, SYNC } from "./filter-desk.ts";
import { frameFor, INPUT_SYNCHRONOUS } from "./inp-frame.ts";
import { sinkFor, sinkOf, twoStas } from "./not-sink.ts";
import { gate, passes } from "./sync-gate.ts";

const WORK_MS = 1000;

/** A frame whose methods call out, and what came of that. */
async function callingOut(stage: Stage, kinds: readonly ["sta" | "mta", "sta" | "mta"]) {
  const [home, client] = await Promise.all(kinds.map((kind) => stage.com.openApartment(kind)));
  assert.ok(home && client);
  const helper = await stepFor(stage, { home: client, client: home }, (n) => n);
  const hrs: number[] = [];
  const at = await frameFor(stage, { home, client }, async () => {
    hrs.push(await hrOf(helper.Step(1, null, SYNC)));
  });
  return { at, hrs, helper };
}

/** A client's frame call and another client's call, both sent to an STA that is busy. */
async function whileBusy(stage: Stage) {
  const apartments = await twoStas(stage);
  const log: string[] = [];
  const busy = gate();
  const object = await stepFor(stage, { home: apartments.home, client: stage.com }, async (n) => {
    log.push(`Step ${n}`);
    busy.open();
    await passes(stage.com.clock, WORK_MS);
    return n;
  });
  const at = await frameFor(stage, apartments, (method) => void log.push(method));
  const first = object.Step(1, null, SYNC);
  await busy.opened;
  return { log, first, object, at };
}

/** Calls that are delivered as SendMessage delivers. */
export const inp: readonly ConformanceTest[] = [
  ...INPUT_SYNCHRONOUS.map(([name, call]) =>
    conformance(
      "INP-01",
      `${name} is input-synchronous: whoever handles it cannot call out`,
      FILTERED,
      async (stage) => {
        const { at, hrs } = await callingOut(stage, ["sta", "sta"]);

        await call(at);

        assert.deepEqual(hrs, [RPC_E_CANTCALLOUT_ININPUTSYNCCALL]);
      },
    ),
  ),

  conformance(
    "INP-01",
    "other methods of the same interfaces are ordinary",
    FILTERED,
    async (stage) => {
      const { at, hrs } = await callingOut(stage, ["sta", "sta"]);

      await at.frame.ContextSensitiveHelp(true, SYNC);

      assert.deepEqual(hrs, [S_OK]);
    },
  ),

  conformance(
    "INP-01",
    "an input-synchronous call overtakes those that wait in the queue",
    FILTERED,
    async (stage) => {
      const { log, first, object, at } = await whileBusy(stage);

      const posted = object.Step(2, null, SYNC);
      await passes(stage.com.clock, 1);
      const sent = at.frame.GetWindow(SYNC);
      await Promise.all([first, posted, sent]);

      assert.deepEqual(log, ["Step 1", "GetWindow", "Step 2"]);
      assert.equal(await sent, 0x1234n);
    },
  ),

  conformance(
    "INP-01",
    "whoever waits for an input-synchronous call serves no ordinary ones meanwhile",
    FILTERED,
    async (stage) => {
      const apartments = await twoStas(stage);
      const { client } = apartments;
      const log: string[] = [];
      const inside = gate();
      const at = await frameFor(stage, apartments, async () => {
        inside.open();
        await passes(stage.com.clock, WORK_MS);
        log.push("handled");
      });
      const own = await stepFor(stage, { home: client, client: stage.com }, (n) => {
        log.push("served");
        return n;
      });

      const sent = at.frame.SetStatusText("busy", SYNC);
      await inside.opened;
      await own.Step(1, null, SYNC);
      await sent;

      assert.deepEqual(log, ["handled", "served"]);
    },
  ),

  conformance(
    "INP-01",
    "whoever waits for an input-synchronous call serves those that are sent to it",
    FILTERED,
    async (stage) => {
      const { home, client } = await twoStas(stage);
      const log: string[] = [];
      const inside = gate();
      const at = await frameFor(stage, { home, client }, async () => {
        inside.open();
        await passes(stage.com.clock, WORK_MS);
        log.push("handled");
      });
      const third = await stage.com.openApartment("sta");
      const own = await frameFor(
        stage,
        { home: client, client: third },
        () => void log.push("sent"),
      );

      const sent = at.frame.GetWindow(SYNC);
      await inside.opened;
      await own.frame.GetWindow(SYNC);
      await sent;

      assert.deepEqual(log, ["sent", "handled"]);
    },
  ),

  conformance("APT-10", "an input-synchronous call cannot be rejected", FILTERED, async (stage) => {
    const apartments = await twoStas(stage);
    const types: number[] = [];
    await filterIn(stage, apartments.home, {
      HandleInComingCall: (type) => {
        types.push(type);
        return SERVERCALL_REJECTED;
      },
    });
    const at = await frameFor(stage, apartments, () => {});

    const hwnd = await at.frame.GetWindow(SYNC);

    assert.equal(hwnd, 0x1234n);
    assert.deepEqual(types, [CALLTYPE_TOPLEVEL]);
  }),

  conformance(
    "INP-02",
    "an STA calls out again when it has handled an input-synchronous call",
    FILTERED,
    async (stage) => {
      const { at, helper } = await callingOut(stage, ["sta", "sta"]);

      await at.frame.GetWindow(SYNC);

      assert.equal(await helper.Step(2, null, SYNC), 2);
    },
  ),

  conformance(
    "INP-03",
    "Begin_ inside an input-synchronous call fails with RPC_E_CANTCALLOUT_ININPUTSYNCCALL",
    FILTERED_CALLS,
    async (stage) => {
      const apartments = await twoStas(stage);
      const { home, client } = apartments;
      const helper = await stepFor(stage, { home: client, client: home }, (n) => n);
      const begun = await stage.callOf(helper, AsyncIStep);
      const hrs: number[] = [];
      const at = await frameFor(stage, apartments, async () => {
        hrs.push(await hrOf(begun.Begin_Step(1, null)));
      });

      await at.frame.GetWindow(SYNC);

      assert.deepEqual(hrs, [RPC_E_CANTCALLOUT_ININPUTSYNCCALL]);
      await begun.Begin_Step(2, null);
      assert.equal(await begun.Finish_Step(), 2);
    },
  ),

  ...(
    [
      ["from", ["sta", "mta"]],
      ["into", ["mta", "sta"]],
    ] as const
  ).map(([way, kinds]) =>
    conformance(
      "INP-04",
      `such a call ${way} the MTA is an ordinary one: its callee can call out`,
      FILTERED,
      async (stage) => {
        const { at, hrs } = await callingOut(stage, kinds);

        await at.frame.GetWindow(SYNC);

        assert.deepEqual(hrs, [S_OK]);
      },
    ),
  ),

  conformance(
    "INP-05",
    "a notification inside an input-synchronous call fails with RPC_E_CANTPOST_INSENDCALL",
    FILTERED,
    async (stage) => {
      const apartments = await twoStas(stage);
      const { home, client } = apartments;
      const sink = await sinkFor(
        stage,
        { home: client, client: home },
        sinkOf(() => {}),
      );
      const hrs: number[] = [];
      const at = await frameFor(stage, apartments, async () => {
        hrs.push(await hrOf(sink.OnSave(SYNC)));
      });

      await at.frame.GetWindow(SYNC);

      assert.deepEqual(hrs, [RPC_E_CANTPOST_INSENDCALL]);
    },
  ),

  conformance(
    "INP-02",
    "a pointer of the STA's own can be called while it handles an input-synchronous call",
    FILTERED,
    async (stage) => {
      const apartments = await twoStas(stage);
      const { home } = apartments;
      const own = stepIn(stage, home, (n) => n + 1);
      const again = await passTo(stage, own, { from: home, to: home });
      const results: number[] = [];
      const at = await frameFor(stage, apartments, async () => {
        results.push(await again.Step(1, null, SYNC));
      });

      await at.frame.GetWindow(SYNC);

      assert.deepEqual(results, [2]);
    },
  ),
];
