import assert from "node:assert/strict";
import {
  RPC_E_CALL_REJECTED,
  RPC_E_SERVERCALL_RETRYLATER,
  SERVERCALL_REJECTED,
  SERVERCALL_RETRYLATER,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { AsyncIStep, IStep } from "./apt-step.ts";
import {
  between,
  FILTERED,
  FILTERED_CALLS,
  filterIn,
  GIVE_UP,
  refusing,
  SYNC,
} from "./filter-desk.ts";
import { passes } from "./sync-gate.ts";

/** What becomes of a call that a message filter refuses. */
export const aptFilterRetry: readonly ConformanceTest[] = [
  conformance(
    "APT-11",
    "without a filter a rejected call fails with RPC_E_CALL_REJECTED",
    FILTERED,
    async (stage) => {
      const { server, object } = await between(stage);
      await filterIn(stage, server, { HandleInComingCall: refusing(SERVERCALL_REJECTED) });

      await assertFails(object.Step(1, null, SYNC), RPC_E_CALL_REJECTED);
    },
  ),

  conformance(
    "APT-11",
    "without a filter a retry-later fails with RPC_E_SERVERCALL_RETRYLATER",
    FILTERED,
    async (stage) => {
      const { server, object } = await between(stage);
      await filterIn(stage, server, { HandleInComingCall: refusing(SERVERCALL_RETRYLATER) });

      await assertFails(object.Step(1, null, SYNC), RPC_E_SERVERCALL_RETRYLATER);
    },
  ),

  conformance(
    "APT-11",
    "-1 from RetryRejectedCall fails the call with RPC_E_CALL_REJECTED",
    FILTERED,
    async (stage) => {
      const { server, client, object } = await between(stage);
      await filterIn(stage, server, { HandleInComingCall: refusing(SERVERCALL_RETRYLATER) });
      const asked: number[][] = [];
      await filterIn(stage, client, {
        RetryRejectedCall: (...args) => {
          asked.push(args.slice(0, 3) as number[]);
          return GIVE_UP;
        },
      });

      await assertFails(object.Step(1, null, SYNC), RPC_E_CALL_REJECTED);

      const callee = await server.functions.GetCurrentThreadId();
      assert.deepEqual(asked, [[callee, 0, SERVERCALL_RETRYLATER]]);
    },
  ),

  ...[
    { answer: 99, delayMs: 1, when: "0 to 99 from RetryRejectedCall retries the call at once" },
    { answer: 100, delayMs: 100, when: "100 from RetryRejectedCall retries after 100 ms" },
  ].map(({ answer, delayMs, when }) =>
    conformance("APT-11", when, FILTERED, async (stage) => {
      const { server, client, object } = await between(stage);
      await filterIn(stage, server, { HandleInComingCall: refusing(SERVERCALL_RETRYLATER, 3) });
      await filterIn(stage, client, { RetryRejectedCall: () => answer });

      const result = await object.Step(42, null, SYNC);

      assert.equal(result, 42);
      assert.equal(stage.com.clock.now(), 3 * delayMs);
    }),
  ),

  conformance(
    "APT-11",
    "a filter that retries at once sees the ticks go on, so that it can lose patience",
    FILTERED,
    async (stage) => {
      const { server, client, object } = await between(stage);
      await filterIn(stage, server, { HandleInComingCall: refusing(SERVERCALL_RETRYLATER) });
      const patienceMs = 50;
      await filterIn(stage, client, {
        RetryRejectedCall: (_callee, ticks) => (ticks < patienceMs ? 0 : GIVE_UP),
      });

      await assertFails(object.Step(1, null, SYNC), RPC_E_CALL_REJECTED);

      assert.equal(stage.com.clock.now(), patienceMs);
    },
  ),

  conformance(
    "APT-12",
    "Finish_ returns the rejection, and RetryRejectedCall is not asked",
    FILTERED_CALLS,
    async (stage) => {
      const { server, client, object } = await between(stage);
      const verdicts = [SERVERCALL_REJECTED, SERVERCALL_RETRYLATER];
      await filterIn(stage, server, { HandleInComingCall: () => verdicts.shift() ?? 0 });
      let asked = 0;
      await filterIn(stage, client, { RetryRejectedCall: () => asked++ });
      const call = await stage.callOf(object, AsyncIStep);

      await call.Begin_Step(1, null);
      await assertFails(call.Finish_Step(), RPC_E_CALL_REJECTED);
      await call.Begin_Step(2, null);
      await assertFails(call.Finish_Step(), RPC_E_SERVERCALL_RETRYLATER);

      assert.equal(asked, 0);
    },
  ),

  conformance(
    "APT-11",
    "a rejected call holds on to no pointer that it would have passed",
    FILTERED_CALLS,
    async (stage) => {
      const { server, client, object } = await between(stage);
      await filterIn(stage, server, { HandleInComingCall: refusing(SERVERCALL_REJECTED) });
      let isGone = false;
      const methods = { Step: (n: number) => n, finalRelease: () => void (isGone = true) };
      const passed = client.implement([IStep], methods);
      const call = await stage.callOf(object, AsyncIStep);

      await assertFails(object.Step(1, passed, SYNC), RPC_E_CALL_REJECTED);
      await call.Begin_Step(2, passed);
      await assertFails(call.Finish_Step(), RPC_E_CALL_REJECTED);
      passed.release();
      await passes(stage.com.clock, 1);

      assert.equal(isGone, true);
    },
  ),
];
