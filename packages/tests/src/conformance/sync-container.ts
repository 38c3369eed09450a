import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  CLSID_ManualResetEvent,
  CLSID_SynchronizeContainer,
  COWAIT_WAITALL,
  E_HANDLE,
  E_INVALIDARG,
  E_NOINTERFACE,
  INFINITE,
  ISynchronize,
  ISynchronizeContainer,
  ISynchronizeEvent,
  ISynchronizeHandle,
  RPC_E_NO_SYNC,
  RPC_E_OUT_OF_RESOURCES,
  RPC_S_CALLPENDING,
  S_OK,
  WAIT_TIMEOUT,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { systemObject, WAIT_NEEDS } from "./wait-handles.ts";

const IN_PLACE = { at: "same-apartment", needs: ["functions"] } as const;
const IN_VIRTUAL_TIME = { at: "same-apartment", needs: WAIT_NEEDS } as const;

/** A container with as many events in it. */
async function containerOf(stage: Stage, count: number) {
  const container = await systemObject(stage, CLSID_SynchronizeContainer, ISynchronizeContainer);
  const events = [];
  for (let i = 0; i < count; i++) {
    const event = await systemObject(stage, CLSID_ManualResetEvent, ISynchronize);
    await container.AddSynchronize(event);
    events.push(event);
  }
  return { container, events };
}

/** CLSID_SynchronizeContainer. */
export const syncContainer: readonly ConformanceTest[] = [
  conformance(
    "SYNC-17",
    "a container takes 63 objects and refuses the 64th",
    IN_PLACE,
    async (stage) => {
      const { container } = await containerOf(stage, 63);
      const last = await systemObject(stage, CLSID_ManualResetEvent, ISynchronize);

      await assertFails(container.AddSynchronize(last), RPC_E_OUT_OF_RESOURCES);
    },
  ),

  conformance("SYNC-17", "a container takes no NULL", IN_PLACE, async (stage) => {
    const { container } = await containerOf(stage, 0);

    await assertFails(container.AddSynchronize(null), E_INVALIDARG);
  }),

  conformance(
    "SYNC-18",
    "WaitMultiple gives the object that is signaled, with a reference",
    IN_PLACE,
    async (stage) => {
      const { container, events } = await containerOf(stage, 3);
      await events[1]?.Signal();

      const signaled = await container.WaitMultiple(0, INFINITE);

      assert.ok(signaled !== null);
      stage.hold(signaled);
      assert.ok(await signaled.isSameObject(events[1] as typeof signaled));
      events[1]?.release();
      assert.equal(await hrOf(signaled.Wait(0, 0)), S_OK);
    },
  ),

  conformance(
    "SYNC-18",
    "WaitMultiple waits until one of the objects is signaled",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const { clock } = stage.com;
      const { container, events } = await containerOf(stage, 2);
      clock.setTimer(100, () => void events[1]?.Signal());

      const signaled = await container.WaitMultiple(0, 1000);

      assert.ok(signaled !== null);
      stage.hold(signaled);
      assert.ok(await signaled.isSameObject(events[1] as typeof signaled));
      assert.equal(clock.now(), 100);
    },
  ),

  conformance(
    "SYNC-18",
    "WaitMultiple gives the call object whose call completes",
    { at: "marshaled", needs: WAIT_NEEDS },
    async (stage) => {
      const { container } = await containerOf(stage, 1);
      const { pipe } = await stage.slowPipe();
      const call = await stage.callOf(pipe, AsyncIPipeByte);
      const synchronize = await stage.query(call, ISynchronize);
      await call.Begin_Pull(300);
      await container.AddSynchronize(synchronize);

      const signaled = await container.WaitMultiple(0, INFINITE);

      assert.ok(signaled !== null);
      stage.hold(signaled);
      assert.ok(await signaled.isSameObject(synchronize));
      assert.equal(stage.com.clock.now(), 300);
    },
  ),

  conformance(
    "SYNC-18",
    "a container keeps what it holds alive, until the container ends",
    IN_PLACE,
    async (stage) => {
      const { functions } = stage.com;
      const { container, events } = await containerOf(stage, 1);
      const event = await stage.query(events[0] as (typeof events)[0], ISynchronizeHandle);
      const handle = await event.GetHandle();

      event.release();
      events[0]?.release();
      const kept = await functions.WaitForSingleObject(handle, 0);
      container.release();

      assert.equal(kept, WAIT_TIMEOUT);
      await assertFails(functions.WaitForSingleObject(handle, 0), E_HANDLE);
    },
  ),

  conformance(
    "SYNC-18",
    "WaitMultiple on an empty container returns RPC_E_NO_SYNC",
    IN_PLACE,
    async (stage) => {
      const { container } = await containerOf(stage, 0);

      await assertFails(container.WaitMultiple(0, 0), RPC_E_NO_SYNC);
    },
  ),

  conformance(
    "SYNC-19",
    "a WaitMultiple whose time runs out returns RPC_S_CALLPENDING",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const { container } = await containerOf(stage, 2);

      await assertFails(container.WaitMultiple(0, 0), RPC_S_CALLPENDING);
      await assertFails(container.WaitMultiple(0, 250), RPC_S_CALLPENDING);

      assert.equal(stage.com.clock.now(), 250);
    },
  ),

  conformance(
    "SYNC-20",
    "WaitMultiple refuses COWAIT_WAITALL, whatever is signaled",
    IN_PLACE,
    async (stage) => {
      const { container, events } = await containerOf(stage, 1);
      await events[0]?.Signal();

      await assertFails(container.WaitMultiple(COWAIT_WAITALL, 0), E_INVALIDARG);
    },
  ),

  conformance(
    "SYNC-21",
    "the object that WaitMultiple gives has left the container",
    IN_PLACE,
    async (stage) => {
      const { container, events } = await containerOf(stage, 1);
      await events[0]?.Signal();
      const signaled = stage.hold((await container.WaitMultiple(0, 0)) as (typeof events)[0]);

      await assertFails(container.WaitMultiple(0, 0), RPC_E_NO_SYNC);
      await container.AddSynchronize(signaled);
      const again = stage.hold((await container.WaitMultiple(0, 0)) as (typeof events)[0]);

      assert.ok(await again.isSameObject(signaled));
    },
  ),

  conformance(
    "SYNC-21",
    "the other objects stay in the container, and leave room for one more",
    IN_PLACE,
    async (stage) => {
      const { container, events } = await containerOf(stage, 63);
      await events[7]?.Signal();
      const signaled = stage.hold((await container.WaitMultiple(0, 0)) as (typeof events)[0]);

      const hr = await hrOf(container.AddSynchronize(signaled));

      assert.equal(hr, S_OK);
      await assertFails(container.AddSynchronize(signaled), RPC_E_OUT_OF_RESOURCES);
    },
  ),

  conformance(
    "SYNC-22",
    "a container refuses an ISynchronize that has no handle",
    { at: "same-apartment", needs: ["functions", "implement"] },
    async (stage) => {
      const { container } = await containerOf(stage, 0);
      const nothing = (): void => {};
      const implementation = { Wait: nothing, Signal: nothing, Reset: nothing };
      const handleless = stage.hold(stage.com.implement([ISynchronize], implementation));

      await assertFails(container.AddSynchronize(handleless), E_NOINTERFACE);
      await assertFails(container.WaitMultiple(0, 0), RPC_E_NO_SYNC);
    },
  ),

  conformance(
    "SYNC-16",
    "a container cannot wait for an event whose owner has closed its handle",
    IN_PLACE,
    async (stage) => {
      const { functions } = stage.com;
      const { container } = await containerOf(stage, 0);
      const event = await systemObject(stage, CLSID_ManualResetEvent, ISynchronizeEvent);
      const handle = await functions.CreateEventW(true, false);
      await event.SetEventHandle(handle);
      await container.AddSynchronize(await stage.query(event, ISynchronize));
      await functions.CloseHandle(handle);

      await assertFails(container.WaitMultiple(0, 0), E_HANDLE);
    },
  ),
];
