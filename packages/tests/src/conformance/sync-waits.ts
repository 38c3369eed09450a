import assert from "node:assert/strict";
import {
  type Com,
  COWAIT_ALERTABLE,
  COWAIT_DISPATCH_CALLS,
  COWAIT_DISPATCH_WINDOW_MESSAGES,
  COWAIT_INPUTAVAILABLE,
  COWAIT_WAITALL,
  CWMO_DISPATCH_CALLS,
  CWMO_DISPATCH_WINDOW_MESSAGES,
  CWMO_MAX_HANDLES,
  E_HANDLE,
  E_INVALIDARG,
  RPC_E_NO_SYNC,
  RPC_S_CALLPENDING,
  WAIT_IO_COMPLETION,
  WM_DDE_FIRST,
  WM_USER,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { coWait, newEvent, postTo, takeMessage, WAIT_NEEDS } from "./wait-handles.ts";

const IN_VIRTUAL_TIME = { at: "same-apartment", needs: WAIT_NEEDS } as const;

/** CoWaitForMultipleObjects for nonsignaled events. */
function coWaitForObjects(com: Com, flags: number, handles: readonly bigint[]) {
  const array = BigUint64Array.from(handles);
  return com.functions.CoWaitForMultipleObjects(flags, 0, array.length, array);
}

/** What CoWaitForMultipleHandles takes, and what ends it. */
export const syncWaits: readonly ConformanceTest[] = [
  ...(
    [
      ["pHandles NULL returns E_INVALIDARG, also for no handles", 0, null, E_INVALIDARG],
      ["cHandles 0 returns RPC_E_NO_SYNC", 0, new BigUint64Array(0), RPC_E_NO_SYNC],
    ] as const
  ).map(([says, count, handles, hr]) =>
    conformance(
      "SYNC-28",
      `${says}, and no message is dispatched`,
      IN_VIRTUAL_TIME,
      async (stage) => {
        const sta = await stage.com.openApartment("sta");
        await postTo(sta, WM_DDE_FIRST);

        await assertFails(sta.functions.CoWaitForMultipleHandles(0, 50, count, handles), hr);

        assert.equal(await takeMessage(sta, WM_DDE_FIRST), true);
        assert.equal(sta.clock.now(), 0);
      },
    ),
  ),

  conformance(
    "SYNC-28",
    "a flag or a handle that does not exist is refused before anything is waited for",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const event = await newEvent(stage, { signaled: true });

      await assertFails(coWait(stage.com, [event], { flags: 0x20 }), E_INVALIDARG);
      await assertFails(coWait(stage.com, [event, 0xbadn]), E_HANDLE);
    },
  ),

  conformance(
    "SYNC-29",
    "a handle that is signaled already ends the wait with its index, and no message is dispatched",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const sta = await stage.com.openApartment("sta");
      const handles = [await newEvent(stage), await newEvent(stage, { signaled: true })];
      await postTo(sta, WM_DDE_FIRST);

      const index = await coWait(sta, handles);

      assert.equal(index, 1);
      assert.equal(await takeMessage(sta, WM_DDE_FIRST), true);
    },
  ),

  conformance(
    "SYNC-29",
    "of two signaled handles the first ends the wait, and only its signal is taken",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const options = { autoReset: true, signaled: true };
      const handles = [await newEvent(stage, options), await newEvent(stage, options)];

      const indices = [await coWait(stage.com, handles), await coWait(stage.com, handles)];

      assert.deepEqual(indices, [0, 1]);
      await assertFails(coWait(stage.com, handles), RPC_S_CALLPENDING);
    },
  ),

  ...(["sta", "mta"] as const).map((kind) =>
    conformance(
      "SYNC-30",
      `a wait in the ${kind.toUpperCase()} whose time runs out returns RPC_S_CALLPENDING`,
      IN_VIRTUAL_TIME,
      async (stage) => {
        const com = await stage.com.openApartment(kind);
        const event = await newEvent(stage);

        await assertFails(coWait(com, [event], { timeoutMs: 0 }), RPC_S_CALLPENDING);
        await assertFails(coWait(com, [event], { timeoutMs: 50 }), RPC_S_CALLPENDING);

        assert.equal(com.clock.now(), 50);
      },
    ),
  ),

  conformance(
    "SYNC-32",
    "COWAIT_WAITALL waits for all handles, and takes no signal before",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const { com } = stage;
      const handles = [
        await newEvent(stage, { autoReset: true, signaled: true }),
        await newEvent(stage, { autoReset: true }),
      ] as const;
      const waiting = coWait(com, handles, { flags: COWAIT_WAITALL, timeoutMs: 1000 });
      com.clock.setTimer(100, () => void com.functions.SetEvent(handles[1]));

      const index = await waiting;

      assert.deepEqual([index, com.clock.now()], [0, 100]);
      await assertFails(coWait(com, handles), RPC_S_CALLPENDING);
    },
  ),

  conformance(
    "SYNC-32",
    "COWAIT_WAITALL whose time runs out leaves the signals that there are",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const signaled = await newEvent(stage, { autoReset: true, signaled: true });
      const handles = [signaled, await newEvent(stage)];

      await assertFails(coWait(stage.com, handles, { flags: COWAIT_WAITALL }), RPC_S_CALLPENDING);

      assert.equal(await coWait(stage.com, [signaled]), 0);
    },
  ),

  ...(["before", "during"] as const).map((when) =>
    conformance(
      "SYNC-32",
      `a procedure call queued ${when} an alertable wait ends it with WAIT_IO_COMPLETION`,
      IN_VIRTUAL_TIME,
      async (stage) => {
        const sta = await stage.com.openApartment("sta");
        const threadId = await sta.functions.GetCurrentThreadId();
        const event = await newEvent(stage);
        const queueApc = () => stage.com.functions.QueueUserAPC(threadId);
        if (when === "before") await queueApc();
        else sta.clock.setTimer(20, () => void queueApc());

        const index = await coWait(sta, [event], { flags: COWAIT_ALERTABLE });

        assert.deepEqual(
          [index, sta.clock.now()],
          [WAIT_IO_COMPLETION, when === "before" ? 0 : 20],
        );
        await assertFails(coWait(sta, [event], { flags: COWAIT_ALERTABLE }), RPC_S_CALLPENDING);
      },
    ),
  ),

  conformance(
    "SYNC-32",
    "a signaled handle comes before a queued procedure call, which waits for an alertable wait",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const sta = await stage.com.openApartment("sta");
      const threadId = await sta.functions.GetCurrentThreadId();
      const signaled = await newEvent(stage, { autoReset: true, signaled: true });
      await sta.functions.QueueUserAPC(threadId);

      const first = await coWait(sta, [signaled], { flags: COWAIT_ALERTABLE });

      assert.equal(first, 0);
      await assertFails(coWait(sta, [signaled]), RPC_S_CALLPENDING);
      assert.equal(await coWait(sta, [signaled], { flags: COWAIT_ALERTABLE }), WAIT_IO_COMPLETION);
    },
  ),

  conformance(
    "SYNC-32",
    "a wait that has ended takes neither a procedure call nor a signal that comes later",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const { functions, clock } = stage.com;
      const sta = await stage.com.openApartment("sta");
      const threadId = await sta.functions.GetCurrentThreadId();
      const event = await newEvent(stage, { autoReset: true });
      const alertable = { flags: COWAIT_ALERTABLE };
      clock.setTimer(10, () => void functions.SetEvent(event));
      clock.setTimer(30, () => void functions.QueueUserAPC(threadId));

      const bySignal = await coWait(sta, [event], alertable);
      await functions.QueueUserAPC(threadId);
      const byEarlierCall = await coWait(sta, [event], alertable);
      const byCall = await coWait(sta, [event], alertable);
      await functions.SetEvent(event);
      const byEarlierSignal = await coWait(sta, [event], alertable);

      assert.deepEqual([bySignal, byEarlierCall], [0, WAIT_IO_COMPLETION]);
      assert.deepEqual([byCall, byEarlierSignal], [WAIT_IO_COMPLETION, 0]);
    },
  ),

  conformance(
    "SYNC-32",
    "a procedure call runs in one wait of its thread; another goes on waiting",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const sta = await stage.com.openApartment("sta");
      const event = await newEvent(stage);
      const waits = [1, 2].map(() => coWait(sta, [event], { flags: COWAIT_ALERTABLE }));

      await stage.com.functions.QueueUserAPC(await sta.functions.GetCurrentThreadId());
      await stage.com.functions.SetEvent(event);

      assert.deepEqual(new Set(await Promise.all(waits)), new Set([0, WAIT_IO_COMPLETION]));
    },
  ),

  ...(
    [
      ["COWAIT_INPUTAVAILABLE", COWAIT_INPUTAVAILABLE, true],
      ["COWAIT_DISPATCH_CALLS", COWAIT_DISPATCH_CALLS, true],
      ["COWAIT_DISPATCH_WINDOW_MESSAGES", COWAIT_DISPATCH_WINDOW_MESSAGES, false],
    ] as const
  ).map(([name, flags, isLeft]) =>
    conformance(
      "SYNC-32",
      `${name} in an STA ${isLeft ? "leaves other messages in the queue" : "dispatches every message"}`,
      IN_VIRTUAL_TIME,
      async (stage) => {
        const sta = await stage.com.openApartment("sta");
        const event = await newEvent(stage);
        await postTo(sta, WM_USER);
        await postTo(sta, WM_DDE_FIRST);

        await assertFails(coWait(sta, [event], { flags }), RPC_S_CALLPENDING);

        assert.equal(await takeMessage(sta, WM_USER), isLeft);
        assert.equal(await takeMessage(sta, WM_DDE_FIRST), false);
      },
    ),
  ),

  conformance(
    "SYNC-35",
    "CoWaitForMultipleObjects takes 56 handles, and no more",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const event = await newEvent(stage);
      const handles = new Array<bigint>(CWMO_MAX_HANDLES + 1).fill(event);

      await assertFails(coWaitForObjects(stage.com, 0, handles.slice(1)), RPC_S_CALLPENDING);
      await assertFails(coWaitForObjects(stage.com, 0, handles), E_INVALIDARG);
    },
  ),

  conformance(
    "SYNC-35",
    "CoWaitForMultipleObjects takes the flags of CWMO_FLAGS, and no others",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const { com } = stage;
      const event = await newEvent(stage);
      const known = CWMO_DISPATCH_CALLS | CWMO_DISPATCH_WINDOW_MESSAGES;

      await assertFails(coWaitForObjects(com, known, [event]), RPC_S_CALLPENDING);
      await assertFails(coWaitForObjects(com, 4, [event]), E_INVALIDARG);
      await assertFails(coWaitForObjects(com, 0, []), RPC_E_NO_SYNC);
    },
  ),

  ...([0, CWMO_DISPATCH_WINDOW_MESSAGES] as const).map((flags) =>
    conformance(
      "SYNC-35",
      `CoWaitForMultipleObjects ${flags === 0 ? "leaves other messages in the queue" : "with CWMO_DISPATCH_WINDOW_MESSAGES dispatches every message"}`,
      IN_VIRTUAL_TIME,
      async (stage) => {
        const sta = await stage.com.openApartment("sta");
        const event = await newEvent(stage);
        await postTo(sta, WM_USER);
        await postTo(sta, WM_DDE_FIRST);

        await assertFails(coWaitForObjects(sta, flags, [event]), RPC_S_CALLPENDING);

        assert.equal(await takeMessage(sta, WM_USER), flags === 0);
        assert.equal(await takeMessage(sta, WM_DDE_FIRST), false);
      },
    ),
  ),
];
