import assert from "node:assert/strict";
import {
  COWAIT_ALERTABLE,
  COWAIT_DISPATCH_WINDOW_MESSAGES,
  ISynchronize,
  CLSID_ManualResetEvent,
  RPC_S_CALLPENDING,
  S_OK,
  WAIT_OBJECT_0,
  WM_DDE_FIRST,
  WM_USER,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { IWorker } from "./call-worker.ts";
import {
  coWait,
  makeQueue,
  newEvent,
  postedMessages,
  postTo,
  takeMessage,
  WAIT_NEEDS,
} from "./wait-handles.ts";

const IN_VIRTUAL_TIME = { at: "same-apartment", needs: WAIT_NEEDS } as const;
const SERVING = { at: "marshaled", needs: [...WAIT_NEEDS, "implement"] } as const;

/** An STA with an object, and the object as other apartments see it; Work notes the time. */
async function busySta(stage: Stage) {
  const sta = await stage.com.openApartment("sta");
  const workedAtMs: number[] = [];
  const work = (value: number): number => {
    workedAtMs.push(sta.clock.now());
    return value;
  };
  const object = stage.hold(sta.implement([IWorker], { Work: work }));
  const worker = stage.hold(await stage.com.unmarshal(await sta.marshal(object), IWorker));
  return { sta, worker, workedAtMs };
}

/** What a waiting thread does with calls and messages. */
export const syncMessages: readonly ConformanceTest[] = [
  conformance(
    "SYNC-31",
    "a wait in an STA dispatches a message of DDE, posted before it or during it",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const sta = await stage.com.openApartment("sta");
      const event = await newEvent(stage);
      await postTo(sta, WM_DDE_FIRST);
      sta.clock.setTimer(10, () => void postTo(sta, WM_DDE_FIRST + 1));

      await assertFails(coWait(sta, [event]), RPC_S_CALLPENDING);

      assert.equal(await takeMessage(sta, WM_DDE_FIRST), false);
      assert.equal(await takeMessage(sta, WM_DDE_FIRST + 1), false);
    },
  ),

  conformance(
    "SYNC-31",
    "a wait in an STA leaves WM_USER in the queue, where it is no longer new",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const sta = await stage.com.openApartment("sta");
      const event = await newEvent(stage);
      await postTo(sta, WM_USER);

      await assertFails(coWait(sta, [event], { flags: COWAIT_ALERTABLE }), RPC_S_CALLPENDING);

      assert.deepEqual(await postedMessages(sta), { present: true, isNew: false });
      assert.equal(await takeMessage(sta, WM_USER), true);
    },
  ),

  conformance(
    "SYNC-31",
    "a message that nobody has looked at counts as new",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const sta = await stage.com.openApartment("sta");

      await postTo(sta, WM_USER);

      assert.deepEqual(await postedMessages(sta), { present: true, isNew: true });
      assert.deepEqual(await postedMessages(sta), { present: true, isNew: false });
    },
  ),

  conformance(
    "SYNC-31",
    "a wait that has ended looks at no more messages",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const sta = await stage.com.openApartment("sta");
      const event = await newEvent(stage);
      await assertFails(coWait(sta, [event]), RPC_S_CALLPENDING);

      await postTo(sta, WM_DDE_FIRST);

      assert.deepEqual(await postedMessages(sta), { present: true, isNew: true });
    },
  ),

  conformance(
    "SYNC-31",
    "ISynchronize::Wait in an STA treats messages as a wait for handles does",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const sta = await stage.com.openApartment("sta");
      const event = stage.hold(await sta.createInstance(CLSID_ManualResetEvent, ISynchronize));
      await postTo(sta, WM_USER);
      await postTo(sta, WM_DDE_FIRST);

      await assertFails(event.Wait(0, 50), RPC_S_CALLPENDING);

      assert.deepEqual(await postedMessages(sta), { present: true, isNew: false });
      assert.equal(await takeMessage(sta, WM_DDE_FIRST), false);
    },
  ),

  conformance("SYNC-31", "a wait in an STA serves COM calls meanwhile", SERVING, async (stage) => {
    const { sta, worker, workedAtMs } = await busySta(stage);
    const event = await newEvent(stage);
    sta.clock.setTimer(20, () => void worker.Work(1));

    await assertFails(coWait(sta, [event], { timeoutMs: 100 }), RPC_S_CALLPENDING);

    assert.deepEqual(workedAtMs, [20]);
  }),

  conformance(
    "SYNC-31",
    "WaitForSingleObject serves no COM calls and looks at no messages: the thread is blocked",
    SERVING,
    async (stage) => {
      const { sta, worker, workedAtMs } = await busySta(stage);
      const event = await newEvent(stage);
      const waiting = sta.functions.WaitForSingleObject(event, 1000);
      await postTo(sta, WM_DDE_FIRST);
      const working = worker.Work(1);
      sta.clock.setTimer(100, () => void stage.com.functions.SetEvent(event));

      const waited = await waiting;
      await working;

      assert.deepEqual([waited, workedAtMs], [WAIT_OBJECT_0, [100]]);
      assert.deepEqual(await postedMessages(sta), { present: true, isNew: true });
    },
  ),

  conformance(
    "SYNC-33",
    "a wait in the MTA neither dispatches messages nor looks at them",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const mta = await stage.com.openApartment("mta");
      const event = await newEvent(stage);
      await makeQueue(mta);
      await postTo(mta, WM_DDE_FIRST);

      const flags = COWAIT_DISPATCH_WINDOW_MESSAGES;
      await assertFails(coWait(mta, [event], { flags }), RPC_S_CALLPENDING);

      assert.deepEqual(await postedMessages(mta), { present: true, isNew: true });
      assert.equal(await takeMessage(mta, WM_DDE_FIRST), true);
    },
  ),

  conformance(
    "SYNC-33",
    "a thread of the MTA has a queue only once it has asked for a message",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const mta = await stage.com.openApartment("mta");
      const before = await hrOf(postTo(mta, WM_USER));
      await makeQueue(mta);

      const after = await hrOf(postTo(mta, WM_USER));

      assert.notEqual(before, S_OK);
      assert.equal(after, S_OK);
    },
  ),
];
