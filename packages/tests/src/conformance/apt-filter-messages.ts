import assert from "node:assert/strict";
import {
  type Com,
  PENDINGMSG_CANCELCALL,
  PENDINGMSG_WAITDEFPROCESS,
  PENDINGMSG_WAITNOPROCESS,
  PENDINGTYPE_NESTED,
  PENDINGTYPE_TOPLEVEL,
  RPC_E_CALL_CANCELED,
  SERVERCALL_ISHANDLED,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { stepFor } from "./apt-step.ts";
import { between, FILTERED, filterIn, SYNC } from "./filter-desk.ts";
import { gate, passes } from "./sync-gate.ts";

const WORK_MS = 1000;
const POSTED_AT_MS = 400;

const WM_DDE_ACK = 0x03e4;
const WM_USER = 0x0400;
const QS_POSTMESSAGE = 0x0008;

/** A client in an STA whose call waits for a slow server; the first message comes in meanwhile. */
async function waiting(stage: Stage, decision: number) {
  const inside = gate();
  const { server, client, object } = await between(stage, async (n) => {
    inside.open();
    await passes(stage.com.clock, WORK_MS);
    return n;
  });
  const asked: number[][] = [];
  await filterIn(stage, client, {
    MessagePending: (...args) => {
      asked.push(args.slice(0, 3) as number[]);
      return decision;
    },
  });
  const call = object.Step(1, null, SYNC);
  // Whoever looks later must not miss how it ended.
  call.catch(() => {});
  await inside.opened;
  await passes(stage.com.clock, POSTED_AT_MS);
  return { server, client, object, call, asked };
}

async function post(stage: Stage, to: Com, message: number): Promise<void> {
  const threadId = await to.functions.GetCurrentThreadId();
  await stage.com.functions.PostThreadMessageW(threadId, message, 0n, 0n);
}

/** Whether there are messages in the queue of an STA. */
async function hasMessages(com: Com): Promise<boolean> {
  return (await com.functions.GetQueueStatus(QS_POSTMESSAGE)) !== 0;
}

/** What a message filter has to say about messages, and where filters have nothing to say. */
export const aptFilterMessages: readonly ConformanceTest[] = [
  conformance("APT-08", "no filter sees a call into the MTA", FILTERED, async (stage) => {
    const sta = await stage.com.openApartment("sta");
    let seen = 0;
    await filterIn(stage, sta, {
      HandleInComingCall: () => {
        seen++;
        return SERVERCALL_ISHANDLED;
      },
    });
    const object = await stepFor(stage, { home: stage.com, client: sta }, (n) => n);

    await object.Step(1, null, SYNC);

    assert.equal(seen, 0);
  }),

  conformance(
    "APT-13",
    "MessagePending is asked when a message arrives while the STA waits for its call",
    FILTERED,
    async (stage) => {
      const { server, client, call, asked } = await waiting(stage, PENDINGMSG_WAITDEFPROCESS);

      await post(stage, client, WM_USER);
      await call;

      const callee = await server.functions.GetCurrentThreadId();
      assert.deepEqual(asked, [[callee, POSTED_AT_MS, PENDINGTYPE_TOPLEVEL]]);
    },
  ),

  conformance(
    "APT-13",
    "a call that was made inside another waits as a nested one",
    FILTERED,
    async (stage) => {
      const { client, object, call, asked } = await waiting(stage, PENDINGMSG_WAITDEFPROCESS);
      await call;
      const outer = await stepFor(stage, { home: client, client: stage.com }, (n) =>
        object.Step(n, null, SYNC),
      );

      const nested = outer.Step(1, null, SYNC);
      await passes(stage.com.clock, POSTED_AT_MS);
      await post(stage, client, WM_USER);
      await nested;

      assert.deepEqual(
        asked.map(([, , type]) => type),
        [PENDINGTYPE_NESTED],
      );
    },
  ),

  conformance("APT-13", "no message, no question", FILTERED, async (stage) => {
    const { call, asked } = await waiting(stage, PENDINGMSG_CANCELCALL);

    assert.equal(await call, 1);

    assert.deepEqual(asked, []);
  }),

  conformance(
    "APT-13",
    "PENDINGMSG_WAITNOPROCESS leaves a message in the queue",
    FILTERED,
    async (stage) => {
      const { client, call } = await waiting(stage, PENDINGMSG_WAITNOPROCESS);

      await post(stage, client, WM_DDE_ACK);
      await call;

      assert.equal(await hasMessages(client), true);
    },
  ),

  conformance(
    "APT-13",
    "PENDINGMSG_WAITDEFPROCESS has COM's own messages dispatched",
    FILTERED,
    async (stage) => {
      const { client, call } = await waiting(stage, PENDINGMSG_WAITDEFPROCESS);

      await post(stage, client, WM_DDE_ACK);
      await call;

      assert.equal(await hasMessages(client), false);
    },
  ),

  conformance(
    "CAN-24",
    "PENDINGMSG_CANCELCALL ends the call with RPC_E_CALL_CANCELED at once",
    FILTERED,
    async (stage) => {
      const { client, call } = await waiting(stage, PENDINGMSG_CANCELCALL);

      await post(stage, client, WM_USER);

      await assertFails(call, RPC_E_CALL_CANCELED);
      assert.equal(stage.com.clock.now(), POSTED_AT_MS);
    },
  ),

  conformance(
    "CAN-24",
    "PENDINGMSG_CANCELCALL for a message that was there before ends the call, too",
    FILTERED,
    async (stage) => {
      const { client, object } = await between(stage, async (n) => {
        await passes(stage.com.clock, WORK_MS);
        return n;
      });
      await filterIn(stage, client, { MessagePending: () => PENDINGMSG_CANCELCALL });
      await post(stage, client, WM_USER);

      await assertFails(object.Step(1, null, SYNC), RPC_E_CALL_CANCELED);

      assert.equal(stage.com.clock.now(), 0);
      await passes(stage.com.clock, WORK_MS);
    },
  ),
];
