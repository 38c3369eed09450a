import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  CLSID_ManualResetEvent,
  CLSID_StdEvent,
  E_FAIL,
  E_HANDLE,
  E_INVALIDARG,
  INFINITE,
  ISynchronize,
  ISynchronizeEvent,
  ISynchronizeHandle,
  RPC_S_CALLPENDING,
  S_OK,
  WAIT_OBJECT_0,
  WAIT_TIMEOUT,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { newEvent, systemObject, WAIT_NEEDS } from "./wait-handles.ts";

const IN_PLACE = { at: "same-apartment", needs: ["functions"] } as const;

/** A call object on a pipe whose calls stay open until CompleteCalls, and its handle. */
async function callWithHandle(stage: Stage, options: { readonly hooked: boolean }) {
  const { pipe, control } = await stage.slowPipe();
  await control.SetDelay(INFINITE);
  const call = await stage.callOf(
    pipe,
    AsyncIPipeByte,
    options.hooked ? { synchronize: { Signal: () => {} } } : {},
  );
  const handle = await (await stage.query(call, ISynchronizeHandle)).GetHandle();
  const poll = () => stage.com.functions.WaitForSingleObject(handle, 0);
  return { control, call, handle, poll };
}

/** Handles of synchronization objects and call objects. */
export const syncHandles: readonly ConformanceTest[] = [
  conformance(
    "SYNC-14",
    "the handle of an event is signaled and reset with it",
    IN_PLACE,
    async (stage) => {
      const { functions } = stage.com;
      const event = await systemObject(stage, CLSID_ManualResetEvent, ISynchronize);
      const handle = await (await stage.query(event, ISynchronizeHandle)).GetHandle();

      const atFirst = await functions.WaitForSingleObject(handle, 0);
      await event.Signal();
      const signaled = await functions.WaitForSingleObject(handle, 0);
      await event.Reset();
      const reset = await functions.WaitForSingleObject(handle, 0);

      assert.deepEqual([atFirst, signaled, reset], [WAIT_TIMEOUT, WAIT_OBJECT_0, WAIT_TIMEOUT]);
    },
  ),

  conformance(
    "SYNC-14",
    "SetEvent and ResetEvent on the handle signal and reset the object",
    IN_PLACE,
    async (stage) => {
      const { functions } = stage.com;
      const event = await systemObject(stage, CLSID_ManualResetEvent, ISynchronize);
      const handle = await (await stage.query(event, ISynchronizeHandle)).GetHandle();

      await functions.SetEvent(handle);
      const signaled = await hrOf(event.Wait(0, 0));
      await functions.ResetEvent(handle);
      const reset = await hrOf(event.Wait(0, 0));

      assert.deepEqual([signaled, reset], [S_OK, RPC_S_CALLPENDING]);
    },
  ),

  conformance(
    "SYNC-14",
    "waiting for the handle of StdEvent takes the signal as its Wait does",
    IN_PLACE,
    async (stage) => {
      const event = await systemObject(stage, CLSID_StdEvent, ISynchronize);
      const handle = await (await stage.query(event, ISynchronizeHandle)).GetHandle();
      await event.Signal();

      const waited = await stage.com.functions.WaitForSingleObject(handle, 0);

      assert.equal(waited, WAIT_OBJECT_0);
      await assertFails(event.Wait(0, 0), RPC_S_CALLPENDING);
    },
  ),

  conformance(
    "SYNC-14",
    "the handle is the object's own: a caller cannot close it",
    IN_PLACE,
    async (stage) => {
      const event = await systemObject(stage, CLSID_ManualResetEvent, ISynchronize);
      const handle = await (await stage.query(event, ISynchronizeHandle)).GetHandle();

      await assertFails(stage.com.functions.CloseHandle(handle), E_HANDLE);

      await event.Signal();
      assert.equal(await stage.com.functions.WaitForSingleObject(handle, 0), WAIT_OBJECT_0);
    },
  ),

  conformance(
    "SYNC-14",
    "the handle ends with the object, and a duplicate lives on",
    IN_PLACE,
    async (stage) => {
      const { functions } = stage.com;
      const event = await stage.com.createInstance(CLSID_ManualResetEvent, ISynchronizeHandle);
      const synchronize = await event.queryInterface(ISynchronize);
      const handle = await event.GetHandle();
      const duplicate = await functions.DuplicateHandle(handle);
      stage.hold({ release: () => void functions.CloseHandle(duplicate) });
      await synchronize.Signal();

      synchronize.release();
      event.release();

      await assertFails(functions.WaitForSingleObject(handle, 0), E_HANDLE);
      assert.equal(await functions.WaitForSingleObject(duplicate, 0), WAIT_OBJECT_0);
    },
  ),

  ...[false, true].map((hooked) =>
    conformance(
      "SYNC-15",
      `the handle of a ${hooked ? "call object inside an outer" : "call object"} is signaled when the call completes`,
      { at: "marshaled", needs: ["functions", "synchronize-hooks"] },
      async (stage) => {
        const { control, call, poll } = await callWithHandle(stage, { hooked });

        await call.Begin_Pull(4);
        const begun = await poll();
        await control.CompleteCalls();
        await call.wait();
        const completed = await poll();
        await call.Finish_Pull();
        await call.Begin_Pull(4);
        const begunAgain = await poll();

        assert.deepEqual([begun, completed], [WAIT_TIMEOUT, WAIT_OBJECT_0]);
        assert.equal(begunAgain, WAIT_TIMEOUT);
      },
    ),
  ),

  conformance(
    "SYNC-15",
    "one wait for the handles of two calls ends with the call that completes first",
    { at: "marshaled", needs: WAIT_NEEDS },
    async (stage) => {
      const { functions, clock } = stage.com;
      const { pipe } = await stage.slowPipe();
      const calls = [
        await stage.callOf(pipe, AsyncIPipeByte),
        await stage.callOf(pipe, AsyncIPipeByte),
      ] as const;
      await calls[0].Begin_Pull(500);
      await calls[1].Begin_Pull(200);
      const handles = new BigUint64Array(2);
      for (const [i, call] of calls.entries()) {
        handles[i] = await (await stage.query(call, ISynchronizeHandle)).GetHandle();
      }

      const index = await functions.CoWaitForMultipleHandles(0, INFINITE, 2, handles);

      assert.deepEqual([index, clock.now()], [1, 200]);
    },
  ),

  ...[CLSID_ManualResetEvent, CLSID_StdEvent].map((clsid, i) =>
    conformance(
      "SYNC-16",
      `Signal and Reset of a ${["ManualResetEvent", "StdEvent"][i]} reach the event given to SetEventHandle`,
      IN_PLACE,
      async (stage) => {
        const { functions } = stage.com;
        const event = await systemObject(stage, clsid, ISynchronizeEvent);
        const synchronize = await stage.query(event, ISynchronize);
        const handle = await newEvent(stage);

        const hr = await hrOf(event.SetEventHandle(handle));
        await synchronize.Signal();
        const signaled = await functions.WaitForSingleObject(handle, 0);
        await synchronize.Reset();
        const reset = await functions.WaitForSingleObject(handle, 0);

        assert.deepEqual([hr, signaled, reset], [S_OK, WAIT_OBJECT_0, WAIT_TIMEOUT]);
      },
    ),
  ),

  conformance(
    "SYNC-16",
    "Wait waits for the event given to SetEventHandle, and GetHandle gives it",
    IN_PLACE,
    async (stage) => {
      const event = await systemObject(stage, CLSID_ManualResetEvent, ISynchronizeEvent);
      const synchronize = await stage.query(event, ISynchronize);
      const handle = await newEvent(stage, { autoReset: true });
      await event.SetEventHandle(handle);

      await stage.com.functions.SetEvent(handle);

      assert.equal(await event.GetHandle(), handle);
      assert.equal(await hrOf(synchronize.Wait(0, 0)), S_OK);
      await assertFails(synchronize.Wait(0, 0), RPC_S_CALLPENDING);
    },
  ),

  conformance(
    "SYNC-16",
    "SetEventHandle refuses NULL and what is no handle with E_INVALIDARG",
    IN_PLACE,
    async (stage) => {
      const event = await systemObject(stage, CLSID_ManualResetEvent, ISynchronizeEvent);

      await assertFails(event.SetEventHandle(null), E_INVALIDARG);
      await assertFails(event.SetEventHandle(0xbadn), E_INVALIDARG);
    },
  ),

  conformance(
    "SYNC-16",
    "SetEventHandle refuses a second event and keeps the first",
    IN_PLACE,
    async (stage) => {
      const event = await systemObject(stage, CLSID_ManualResetEvent, ISynchronizeEvent);
      const first = await newEvent(stage);
      const second = await newEvent(stage);
      await event.SetEventHandle(first);

      const hr = await hrOf(event.SetEventHandle(second));

      assert.ok(([E_INVALIDARG, E_FAIL] as number[]).includes(hr));
      assert.equal(await event.GetHandle(), first);
    },
  ),
];
