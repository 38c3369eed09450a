import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  failed,
  INFINITE,
  IPipeByte,
  RPC_E_CALL_COMPLETE,
  RPC_S_CALLPENDING,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import { openPipe } from "./beg-pending.ts";
import { createHeldCall } from "./call-create.ts";
import { AsyncIForeman, gate, IForeman, IWorker } from "./call-worker.ts";

/** When Finish_ may be called, and what it hands over. */
export const fin: readonly ConformanceTest[] = [
  conformance(
    "FIN-02",
    "Finish_ before the first Begin_ returns RPC_E_CALL_COMPLETE",
    { at: "both" },
    async (stage) => {
      const { call } = await openPipe(stage);

      await assertFails(call.Finish_Pull(), RPC_E_CALL_COMPLETE);
    },
  ),

  conformance(
    "FIN-02",
    "a second Finish_ returns RPC_E_CALL_COMPLETE",
    { at: "both" },
    async (stage) => {
      const { control, call } = await openPipe(stage);
      await call.Begin_Pull(4);
      await control.CompleteCalls();
      await call.Finish_Pull();

      await assertFails(call.Finish_Pull(), RPC_E_CALL_COMPLETE);
    },
  ),

  conformance(
    "FIN-03",
    "Finish_ right after Begin_ waits for the results",
    { at: "both" },
    async (stage) => {
      const { pipe } = await stage.slowPipe();
      const call = await stage.callOf(pipe, AsyncIPipeByte);

      await call.Begin_Pull(5);

      assert.deepEqual(await call.Finish_Pull(), Uint8Array.of(0, 1, 2, 3, 4));
    },
  ),

  conformance(
    "FIN-03",
    "Finish_ returns when the call completes, not before",
    { at: "marshaled" },
    async (stage) => {
      const { control, call } = await openPipe(stage);
      const log: string[] = [];
      await call.Begin_Pull(4);

      const finishing = call.Finish_Pull().then(() => log.push("finished"));
      await control.GetCounts();
      log.push("completing");
      await control.CompleteCalls();
      await finishing;

      assert.deepEqual(log, ["completing", "finished"]);
    },
  ),

  conformance(
    "FIN-04",
    "a call object of the same apartment may answer an early Finish_ with RPC_S_CALLPENDING",
    { at: "same-apartment" },
    async (stage) => {
      const { pipe, control } = await stage.basicPipe();
      await control.SetDelay(INFINITE);
      const unknown = await createHeldCall(stage, pipe, { riid: AsyncIPipeByte.iid });
      const call = await stage.query(unknown, AsyncIPipeByte);
      await call.Begin_Push(Uint8Array.of(1), 1);

      await assertFails(call.Finish_Push(), RPC_S_CALLPENDING);

      await control.CompleteCalls();
      await call.Finish_Push();
      await assertFails(call.Finish_Push(), RPC_E_CALL_COMPLETE);
    },
  ),

  conformance(
    "FIN-04",
    "a call object of the same apartment may let an early Finish_ wait instead",
    { at: "same-apartment" },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      const unknown = await createHeldCall(stage, pipe, { riid: AsyncIPipeByte.iid });
      const call = await stage.query(unknown, AsyncIPipeByte);

      await call.Begin_Push(Uint8Array.of(1, 2, 3), 3);

      await call.Finish_Push();
      const { finished } = await control.GetCounts();
      assert.equal(finished, 1);
    },
  ),

  conformance(
    "FIN-06",
    "an STA that waits in Finish_ serves incoming calls",
    { at: "marshaled", needs: ["register-class", "implement"] },
    async (stage) => {
      const log: string[] = [];
      const proceed = gate();
      // The client under test lives in an STA; Order makes it call out, and Work comes in meanwhile.
      const client = await stage.serve([IWorker, IForeman], ({ com }) => ({
        Work: (value) => {
          log.push("served");
          return value;
        },
        Order: async () => {
          await using server = await com.unmarshal(await objref, IForeman);
          await using call = await server.createCall(AsyncIForeman);
          await call.Begin_Order();
          await call.Finish_Order();
          log.push("finished");
        },
      }));
      const server = stage.hold(stage.com.implement([IForeman], { Order: () => proceed.opened }));
      const objref = stage.com.marshal(server);
      const foreman = await stage.query(client, IForeman);

      const order = foreman.Order();
      // Were the STA not to pump, this would never return.
      await client.Work(1);
      proceed.open();
      await order;

      assert.deepEqual(log, ["served", "finished"]);
    },
  ),

  conformance(
    "FIN-07",
    "Finish_ of another method than the one begun fails and takes nothing away",
    { at: "both" },
    async (stage) => {
      const { control, call } = await openPipe(stage);
      await call.Begin_Pull(4);
      await control.CompleteCalls();
      await call.wait();

      const hr = await hrOf(call.Finish_Push());

      assert.ok(failed(hr));
      assert.equal((await call.Finish_Pull()).length, 4);
    },
  ),

  conformance(
    "FIN-07",
    "Finish_ of another method does not wait, and leaves the call in progress",
    { at: "marshaled" },
    async (stage) => {
      const { control, call } = await openPipe(stage);
      await call.Begin_Pull(4);

      const hr = await hrOf(call.Finish_Push());

      assert.ok(failed(hr));
      assert.equal(await call.wait(0), false);
      await assertFails(call.Begin_Pull(2), RPC_S_CALLPENDING);
      await control.CompleteCalls();
      assert.equal((await call.Finish_Pull()).length, 4);
    },
  ),

  conformance(
    "FIN-11",
    "Finish_Pull brings as many elements as Begin_Pull asked for, of each call in turn",
    { at: "both" },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(0);
      const call = await stage.callOf(pipe, AsyncIPipeByte);
      const lengths = [3, 300, 0, 1];
      const received: Uint8Array[] = [];

      for (const length of lengths) {
        await call.Begin_Pull(length);
        received.push(await call.Finish_Pull());
      }

      assert.deepEqual(
        received,
        lengths.map((length) => Uint8Array.from({ length }, (_, i) => i & 0xff)),
      );
    },
  ),

  conformance(
    "FIN-11",
    "a server may fill less of the buffer than Begin_Pull gave it room for",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const pipe = await stage.serve([IPipeByte], () => ({
        Pull: (cRequest) => new Uint8Array(cRequest >> 1).fill(7),
        Push: () => {},
      }));
      const call = await stage.callOf(pipe, AsyncIPipeByte);

      await call.Begin_Pull(6);

      assert.deepEqual(await call.Finish_Pull(), Uint8Array.of(7, 7, 7));
    },
  ),

  conformance(
    "FIN-11",
    "a server cannot fill more of the buffer than Begin_Pull gave it room for",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const pipe = await stage.serve([IPipeByte], () => ({
        Pull: (cRequest) => new Uint8Array(cRequest + 1),
        Push: () => {},
      }));
      const call = await stage.callOf(pipe, AsyncIPipeByte);

      await call.Begin_Pull(6);

      assert.ok(failed(await hrOf(call.Finish_Pull())));
    },
  ),
];
