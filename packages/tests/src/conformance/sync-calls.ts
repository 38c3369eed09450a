import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  CLSID_ManualResetEvent,
  E_INVALIDARG,
  INFINITE,
  ISynchronize,
  ISynchronizeHandle,
  RPC_S_CALLPENDING,
  S_OK,
  succeeded,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { adder, IAdder } from "./srv-adder.ts";
import { gate } from "./sync-gate.ts";

/** A call that stays open until CompleteCalls, and its ISynchronize. */
async function openCall(stage: Stage) {
  const { pipe, control } = await stage.slowPipe();
  await control.SetDelay(INFINITE);
  const call = await stage.callOf(pipe, AsyncIPipeByte);
  await call.Begin_Push(Uint8Array.of(1), 1);
  const synchronize = await stage.query(call, ISynchronize);
  return { pipe, control, call, synchronize };
}

/** ISynchronize and ISynchronizeHandle of call objects. */
export const syncCalls: readonly ConformanceTest[] = [
  conformance(
    "SYNC-01",
    "Wait on a call object without limit returns S_OK when the call completes",
    { at: "both" },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(5);
      const call = await stage.callOf(pipe, AsyncIPipeByte);
      await call.Begin_Push(Uint8Array.of(1), 1);
      const synchronize = await stage.query(call, ISynchronize);

      const hr = await hrOf(synchronize.Wait(0, INFINITE));

      assert.equal(hr, S_OK);
      await call.Finish_Push();
    },
  ),

  conformance(
    "SYNC-02",
    "Wait on an open call returns RPC_S_CALLPENDING when its time runs out",
    { at: "both" },
    async (stage) => {
      const { synchronize } = await openCall(stage);

      await assertFails(synchronize.Wait(0, 0), RPC_S_CALLPENDING);
      await assertFails(synchronize.Wait(0, 5), RPC_S_CALLPENDING);
    },
  ),

  conformance(
    "SYNC-03",
    "RPC_S_CALLPENDING is a failure code, and an answer for who waits",
    { at: "both" },
    async (stage) => {
      const { call, control } = await openCall(stage);

      const early = await call.wait(0);
      await control.CompleteCalls();

      assert.equal(RPC_S_CALLPENDING, 0x80010115);
      assert.equal(succeeded(RPC_S_CALLPENDING), false);
      assert.equal(early, false);
      assert.equal(await call.wait(), true);
    },
  ),

  conformance(
    "SYNC-04",
    "cancellation completes a call, so that Wait returns S_OK",
    { at: "both" },
    async (stage) => {
      const { call, synchronize } = await openCall(stage);

      await call.cancel(0);

      assert.equal(await hrOf(synchronize.Wait(0, 0)), S_OK);
    },
  ),

  conformance(
    "SYNC-04",
    "cancellation releases a Wait that is pending",
    { at: "both" },
    async (stage) => {
      const { call } = await openCall(stage);
      const waiting = call.wait();

      await call.cancel(0);

      assert.equal(await waiting, true);
    },
  ),

  conformance(
    "SYNC-05",
    "Wait on a call object refuses flags that it does not know",
    { at: "marshaled" },
    async (stage) => {
      const { synchronize } = await openCall(stage);

      await assertFails(synchronize.Wait(0x80000000, 0), E_INVALIDARG);
    },
  ),

  conformance(
    "SYNC-06",
    "an STA that waits serves the call that ends its wait",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      // Add blocks in Wait until a second Add, of 0 and 0, comes in and signals.
      const entered = gate();
      const pointer = await stage.serve([IAdder], (host) => {
        const created = host.com.createInstance(CLSID_ManualResetEvent, ISynchronize);
        return adder({
          add: async (a, b) => {
            const event = await created;
            entered.open();
            await (a === 0 ? event.Signal() : event.Wait(0, INFINITE));
            return a + b;
          },
          finalRelease: () => void created.then((event) => event.release()),
        });
      });
      const waiting = pointer.Add(40, 2);
      await entered.opened;

      const signaling = await pointer.Add(0, 0);

      assert.equal(signaling, 0);
      assert.equal(await waiting, 42);
    },
  ),

  conformance(
    "SYNC-06",
    "a client that waits in an STA is called back meanwhile",
    { at: "marshaled", needs: ["register-class", "implement"] },
    async (stage) => {
      const client = await stage.com.openApartment("sta");
      const callback = stage.hold(client.implement([IAdder], adder({})));
      const objref = await client.marshal(callback);
      const callbackProxy = stage.hold(await stage.com.unmarshal(objref, IAdder));
      const event = stage.hold(await client.createInstance(CLSID_ManualResetEvent, ISynchronize));
      const waiting = event.Wait(0, INFINITE);

      const sum = await callbackProxy.Add(1, 2);

      assert.equal(sum, 3);
      await event.Signal();
      await waiting;
    },
  ),

  conformance(
    "SYNC-07",
    "the server's signal releases a pending Wait with S_OK",
    { at: "both" },
    async (stage) => {
      const { call, control } = await openCall(stage);
      const waiting = call.wait();

      await control.CompleteCalls();

      assert.equal(await waiting, true);
      assert.equal(await hrOf(call.Finish_Push()), S_OK);
    },
  ),

  conformance(
    "SYNC-08",
    "a client may reset the synchronization object of a completed call",
    { at: "both" },
    async (stage) => {
      const { call, control, synchronize } = await openCall(stage);
      await control.CompleteCalls();
      await call.wait();

      const hr = await hrOf(synchronize.Reset());

      assert.equal(hr, S_OK);
      assert.equal(await call.wait(0), false);
      await synchronize.Signal();
      assert.equal(await hrOf(call.Finish_Push()), S_OK);
    },
  ),

  conformance(
    "SYNC-15",
    "GetHandle of a proxy's call object gives one handle, through every call",
    { at: "marshaled" },
    async (stage) => {
      const { call, control } = await openCall(stage);
      const handle = await stage.query(call, ISynchronizeHandle);

      const open = await handle.GetHandle();
      await control.CompleteCalls();
      await call.Finish_Push();
      const idle = await handle.GetHandle();

      assert.notEqual(open, 0n);
      assert.equal(idle, open);
    },
  ),

  conformance(
    "SYNC-15",
    "each call object of a proxy has a handle of its own",
    { at: "marshaled" },
    async (stage) => {
      const { pipe, call } = await openCall(stage);
      const other = await stage.callOf(pipe, AsyncIPipeByte);

      const handles = [
        await (await stage.query(call, ISynchronizeHandle)).GetHandle(),
        await (await stage.query(other, ISynchronizeHandle)).GetHandle(),
      ];

      assert.equal(new Set(handles).size, 2);
    },
  ),
];
