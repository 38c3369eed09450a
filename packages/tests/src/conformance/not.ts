import assert from "node:assert/strict";
import {
  CALLTYPE_ASYNC,
  CALLTYPE_ASYNC_CALLPENDING,
  CO_E_RELEASED,
  RPC_E_CANTCALLOUT_INASYNCCALL,
  SERVERCALL_ISHANDLED,
  SERVERCALL_REJECTED,
  TYMED_FILE,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import { AsyncIStep, stepFor, stepIn } from "./apt-step.ts";
import { FILTERED, FILTERED_CALLS, filterIn, SYNC } from "./filter-desk.ts";
import { type Sink, sinkFor, sinkOf, twoStas } from "./not-sink.ts";
import { gate, passes } from "./sync-gate.ts";

const WORK_MS = 1000;

/** Every notification, once. */
const NOTIFICATIONS: readonly (readonly [string, (sink: Sink) => Promise<void>])[] = [
  ["OnDataChange", (sink) => sink.OnDataChange(null, null, SYNC)],
  ["OnViewChange", (sink) => sink.OnViewChange(1, -1, SYNC)],
  ["OnRename", (sink) => sink.OnRename(null, SYNC)],
  ["OnSave", (sink) => sink.OnSave(SYNC)],
  ["OnClose", (sink) => sink.OnClose(SYNC)],
  ["OnLinkSrcChange", (sink) => sink.OnLinkSrcChange(null, SYNC)],
];

/** Asynchronous notifications: the call class that is older than call objects. */
export const not: readonly ConformanceTest[] = [
  ...NOTIFICATIONS.map(([name, notify]) =>
    conformance("NOT-01", `the caller of ${name} does not wait for it`, FILTERED, async (stage) => {
      const heard = gate<string>();
      const sink = await sinkFor(
        stage,
        await twoStas(stage),
        sinkOf(async (method) => {
          await passes(stage.com.clock, WORK_MS);
          heard.open(method);
        }),
      );

      await notify(sink);

      assert.equal(stage.com.clock.now(), 0);
      assert.equal(await heard.opened, name);
    }),
  ),

  conformance(
    "NOT-01",
    "a method of another interface is waited for, also if it returns nothing of use",
    FILTERED,
    async (stage) => {
      const object = await stepFor(stage, await twoStas(stage), async (n) => {
        await passes(stage.com.clock, WORK_MS);
        return n;
      });

      await object.Step(1, null, SYNC);

      assert.equal(stage.com.clock.now(), WORK_MS);
    },
  ),

  conformance("NOT-02", "notifications arrive in order", FILTERED, async (stage) => {
    const heard: string[] = [];
    const last = gate();
    const sink = await sinkFor(
      stage,
      await twoStas(stage),
      sinkOf((method) => {
        if (heard.push(method) === NOTIFICATIONS.length) last.open();
      }),
    );

    await Promise.all(NOTIFICATIONS.map(([, notify]) => notify(sink)));
    await last.opened;

    assert.deepEqual(
      heard,
      NOTIFICATIONS.map(([name]) => name),
    );
  }),

  conformance(
    "NOT-03",
    "a callee cannot make synchronous calls while it handles a notification",
    FILTERED_CALLS,
    async (stage) => {
      const apartments = await twoStas(stage);
      const { home, client } = apartments;
      const helper = await stepFor(stage, { home: client, client: home }, (n) => n);
      const begun = await stage.callOf(helper, AsyncIStep);
      const tried = gate<number[]>();
      const sink = await sinkFor(
        stage,
        apartments,
        sinkOf(async () => {
          const hrs = [
            await hrOf(helper.Step(1, null, SYNC)),
            await hrOf(begun.Begin_Step(2, null)),
          ];
          tried.open(hrs);
        }),
      );

      await sink.OnSave(SYNC);

      assert.deepEqual(await tried.opened, [RPC_E_CANTCALLOUT_INASYNCCALL, 0]);
      assert.equal(await begun.Finish_Step(), 2);
      assert.equal(await helper.Step(3, null, SYNC), 3);
    },
  ),

  conformance(
    "NOT-03",
    "a callee can notify while it handles a notification",
    FILTERED,
    async (stage) => {
      const apartments = await twoStas(stage);
      const { home, client } = apartments;
      const heard = gate<string>();
      const back = await sinkFor(
        stage,
        { home: client, client: home },
        sinkOf((m) => heard.open(m)),
      );
      const sink = await sinkFor(
        stage,
        apartments,
        sinkOf(() => back.OnClose(SYNC)),
      );

      await sink.OnSave(SYNC);

      assert.equal(await heard.opened, "OnClose");
    },
  ),

  conformance(
    "NOT-04",
    "what is behind a storage medium is lent for the call",
    FILTERED,
    async (stage) => {
      const apartments = await twoStas(stage);
      const kept = gate<{ release(): void; isSameObject(other: never): Promise<boolean> }>();
      const names: unknown[] = [];
      const sink = await sinkFor(stage, apartments, {
        ...sinkOf(() => {}),
        OnDataChange: (_format, medium) => {
          names.push(medium?.u.value);
          if (medium?.pUnkForRelease) kept.open(medium.pUnkForRelease);
        },
      });
      const owner = stepIn(stage, apartments.client, (n) => n);

      const u = { tag: TYMED_FILE, value: "drawing.bin" } as const;
      await sink.OnDataChange(null, { u, pUnkForRelease: owner }, SYNC);
      const pointer = await kept.opened;
      await passes(stage.com.clock, 1);

      assert.deepEqual(names, ["drawing.bin"]);
      await assertFails(pointer.isSameObject(pointer as never), CO_E_RELEASED);
    },
  ),

  conformance(
    "NOT-05",
    "a message filter sees a notification as CALLTYPE_ASYNC and cannot reject it",
    FILTERED,
    async (stage) => {
      const apartments = await twoStas(stage);
      const types: number[] = [];
      await filterIn(stage, apartments.home, {
        HandleInComingCall: (type) => {
          types.push(type);
          return SERVERCALL_REJECTED;
        },
      });
      const heard = gate<string>();
      const sink = await sinkFor(
        stage,
        apartments,
        sinkOf((method) => heard.open(method)),
      );

      await sink.OnSave(SYNC);

      assert.equal(await heard.opened, "OnSave");
      assert.deepEqual(types, [CALLTYPE_ASYNC]);
    },
  ),

  conformance(
    "NOT-05",
    "a notification that comes in while the STA waits is CALLTYPE_ASYNC_CALLPENDING",
    FILTERED,
    async (stage) => {
      const apartments = await twoStas(stage);
      const types: number[] = [];
      await filterIn(stage, apartments.home, {
        HandleInComingCall: (type) => {
          types.push(type);
          return SERVERCALL_ISHANDLED;
        },
      });
      const sink = await sinkFor(
        stage,
        apartments,
        sinkOf(() => {}),
      );
      const slow = await stepFor(stage, { home: stage.com, client: apartments.home }, async (n) => {
        await passes(stage.com.clock, WORK_MS);
        return n;
      });

      const call = slow.Step(1, null, SYNC);
      await passes(stage.com.clock, 1);
      await sink.OnSave(SYNC);
      await call;

      assert.deepEqual(types, [CALLTYPE_ASYNC_CALLPENDING]);
    },
  ),
];
