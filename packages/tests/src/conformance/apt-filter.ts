import assert from "node:assert/strict";
import {
  CALLTYPE_NESTED,
  CALLTYPE_TOPLEVEL,
  CALLTYPE_TOPLEVEL_CALLPENDING,
  CO_E_NOT_SUPPORTED,
  IMessageFilter,
  RPC_E_CANTCALLOUT_INEXTERNALCALL,
  SERVERCALL_ISHANDLED,
  SERVERCALL_REJECTED,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import { AsyncIStep, IStep, passTo, stepFor, stepIn } from "./apt-step.ts";
import {
  between,
  FILTERED,
  FILTERED_CALLS,
  filterIn,
  filterOf,
  refusing,
  SYNC,
} from "./filter-desk.ts";
import { passes } from "./sync-gate.ts";

/** What a message filter has to say. */
export const aptFilter: readonly ConformanceTest[] = [
  conformance(
    "APT-09",
    "HandleInComingCall is told the caller's thread and the method",
    FILTERED,
    async (stage) => {
      const { server, client, object } = await between(stage);
      const seen: unknown[] = [];
      await filterIn(stage, server, {
        HandleInComingCall: (type, task, _ticks, info) => {
          seen.push({ type, task, iid: info?.iid, method: info?.wMethod, hasObject: !!info?.pUnk });
          return SERVERCALL_ISHANDLED;
        },
      });

      await object.Step(1, null, SYNC);

      const task = await client.functions.GetCurrentThreadId();
      const expected = {
        type: CALLTYPE_TOPLEVEL,
        task,
        iid: IStep.iid,
        method: 3,
        hasObject: true,
      };
      assert.deepEqual(seen, [expected]);
    },
  ),

  conformance(
    "APT-09",
    "a call that is handled runs, and one that is refused does not",
    FILTERED,
    async (stage) => {
      const ran: number[] = [];
      const { server, object } = await between(stage, (n) => {
        ran.push(n);
        return n;
      });
      await filterIn(stage, server, { HandleInComingCall: refusing(SERVERCALL_REJECTED, 1) });

      await hrOf(object.Step(1, null, SYNC));
      await object.Step(2, null, SYNC);

      assert.deepEqual(ran, [2]);
    },
  ),

  conformance(
    "APT-09",
    "CoRegisterMessageFilter gives the filter before back",
    FILTERED,
    async (stage) => {
      const sta = await stage.com.openApartment("sta");
      const first = stage.hold(sta.implement([IMessageFilter], filterOf({})));
      const second = stage.hold(sta.implement([IMessageFilter], filterOf({})));

      const before = await sta.functions.CoRegisterMessageFilter(first);
      const previous = await sta.functions.CoRegisterMessageFilter(second);
      const last = await sta.functions.CoRegisterMessageFilter(null);

      assert.equal(before, null);
      assert.ok(previous !== null && last !== null);
      assert.equal(await previous.isSameObject(first), true);
      assert.equal(await last.isSameObject(second), true);
      previous.release();
      last.release();
    },
  ),

  conformance(
    "APT-10",
    "a call of the logical thread of the STA's own call is a nested one",
    FILTERED,
    async (stage) => {
      const { server, client, object } = await between(
        stage,
        (n, other) => other?.Step(n, null, SYNC) ?? n,
      );
      const types: number[] = [];
      const own = stepIn(stage, server, (n) => n);
      const ownInClient = await passTo(stage, own, { from: server, to: client });
      const back = stepIn(stage, client, (n) => ownInClient.Step(n, null, SYNC));
      await filterIn(stage, server, {
        HandleInComingCall: (type) => {
          types.push(type);
          return SERVERCALL_ISHANDLED;
        },
      });

      await object.Step(1, back, SYNC);

      assert.deepEqual(types, [CALLTYPE_TOPLEVEL, CALLTYPE_NESTED]);
    },
  ),

  conformance(
    "APT-10",
    "another call that comes in while the STA waits has a call pending before it",
    FILTERED,
    async (stage) => {
      const { server, client, object } = await between(
        stage,
        (n, other) => other?.Step(n, null, SYNC) ?? n,
      );
      const seen: { type: number; ticks: number }[] = [];
      await filterIn(stage, server, {
        HandleInComingCall: (type, _task, ticks) => {
          seen.push({ type, ticks });
          return SERVERCALL_ISHANDLED;
        },
      });
      const slow = await stepFor(stage, { home: stage.com, client }, async (n) => {
        await passes(stage.com.clock, 1000);
        return n;
      });

      const outer = object.Step(1, slow, SYNC);
      await passes(stage.com.clock, 400);
      await object.Step(2, null, SYNC);
      await outer;

      assert.equal(seen[0]?.type, CALLTYPE_TOPLEVEL);
      assert.deepEqual(seen[1], { type: CALLTYPE_TOPLEVEL_CALLPENDING, ticks: 400 });
    },
  ),

  conformance(
    "APT-16",
    "a call back during a Begin_ outside a call is a top-level call",
    FILTERED_CALLS,
    async (stage) => {
      const { com } = stage;
      const [server, client] = [await com.openApartment("sta"), await com.openApartment("sta")];
      const types: number[] = [];
      const own = stepIn(stage, client, (n) => n);
      const ownInServer = await passTo(stage, own, { from: client, to: server });
      const object = await stepFor(stage, { home: server, client }, (n) =>
        ownInServer.Step(n, null, SYNC),
      );
      await filterIn(stage, client, {
        HandleInComingCall: (type) => {
          types.push(type);
          return SERVERCALL_ISHANDLED;
        },
      });
      const call = await stage.callOf(object, AsyncIStep);

      await call.Begin_Step(1, null);
      await call.Finish_Step();

      assert.deepEqual(types, [CALLTYPE_TOPLEVEL]);
    },
  ),

  conformance(
    "APT-14",
    "a filter cannot call out: RPC_E_CANTCALLOUT_INEXTERNALCALL",
    FILTERED_CALLS,
    async (stage) => {
      const { server, client, object } = await between(stage);
      const helper = await stepFor(stage, { home: client, client: server }, (n) => n);
      const begun = await stage.callOf(helper, AsyncIStep);
      const hrs: number[] = [];
      await filterIn(stage, server, {
        HandleInComingCall: async () => {
          hrs.push(await hrOf(helper.Step(1, null, SYNC)), await hrOf(begun.Begin_Step(1, null)));
          return SERVERCALL_ISHANDLED;
        },
      });

      await object.Step(1, null, SYNC);

      const refused = RPC_E_CANTCALLOUT_INEXTERNALCALL;
      assert.deepEqual(hrs, [refused, refused]);
      assert.equal(await helper.Step(2, null, SYNC), 2);
    },
  ),

  conformance(
    "APT-20",
    "CoRegisterMessageFilter in the MTA returns CO_E_NOT_SUPPORTED",
    { at: "same-apartment", needs: ["implement", "functions"] },
    async (stage) => {
      const filter = stage.hold(stage.com.implement([IMessageFilter], filterOf({})));

      await assertFails(stage.com.functions.CoRegisterMessageFilter(filter), CO_E_NOT_SUPPORTED);
    },
  ),
];
