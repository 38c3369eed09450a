import assert from "node:assert/strict";
import { AsyncIPipeByte, INFINITE, RPC_S_CALLPENDING } from "callfactory";
import { AsyncICalculator } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { createHeldCall } from "./call-create.ts";
import { IWorker } from "./call-worker.ts";

/** A call object of a pipe whose calls stay open until CompleteCalls. */
export async function openPipe(stage: Stage) {
  const { pipe, control } = await stage.slowPipe();
  await control.SetDelay(INFINITE);
  return { pipe, control, call: await stage.callOf(pipe, AsyncIPipeByte) };
}

/** One call at a time. */
export const begPending: readonly ConformanceTest[] = [
  conformance(
    "BEG-05",
    "while a call is pending every Begin_ returns RPC_S_CALLPENDING",
    { at: "both" },
    async (stage) => {
      const { control, call } = await openPipe(stage);
      await call.Begin_Pull(4);

      await assertFails(call.Begin_Pull(2), RPC_S_CALLPENDING);
      await assertFails(call.Begin_Push(Uint8Array.of(1), 1), RPC_S_CALLPENDING);

      const { begun } = await control.GetCounts();
      await control.CompleteCalls();
      assert.equal((await call.Finish_Pull()).length, 4);
      assert.equal(begun, 1);
    },
  ),

  conformance(
    "BEG-05",
    "whoever else has the call object gets RPC_S_CALLPENDING, too",
    { at: "both" },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(INFINITE);
      const unknown = await createHeldCall(stage, pipe, { riid: AsyncIPipeByte.iid });
      const first = await stage.query(unknown, AsyncIPipeByte);
      const second = await stage.query(unknown, AsyncIPipeByte);
      await first.Begin_Push(Uint8Array.of(1), 1);

      await assertFails(second.Begin_Pull(2), RPC_S_CALLPENDING);

      await control.CompleteCalls();
      await first.Finish_Push();
    },
  ),

  conformance(
    "BEG-06",
    "a completed call is pending until Finish_",
    { at: "both" },
    async (stage) => {
      const { control, call } = await openPipe(stage);
      await call.Begin_Pull(4);
      await control.CompleteCalls();
      assert.equal(await call.wait(), true);

      await assertFails(call.Begin_Pull(2), RPC_S_CALLPENDING);

      assert.equal((await call.Finish_Pull()).length, 4);
      await call.Begin_Pull(2);
      await control.CompleteCalls();
      assert.equal((await call.Finish_Pull()).length, 2);
    },
  ),

  conformance(
    "BEG-07",
    "one call object carries a hundred calls, of one method and of others",
    { at: "both" },
    async (stage) => {
      const calculator = await stage.calculator();
      const call = await stage.callOf(calculator, AsyncICalculator);
      const results: number[] = [];

      for (let i = 0; i < 50; i++) {
        await call.Begin_Add(i, 1);
        results.push(await call.Finish_Add());
        await call.Begin_Increment(i);
        results.push(await call.Finish_Increment());
      }

      assert.deepEqual(
        results,
        Array.from({ length: 100 }, (_, i) => Math.floor(i / 2) + 1),
      );
    },
  ),

  conformance(
    "BEG-05",
    "a call is pending while a pointer among its values takes time to be marshaled",
    { at: "marshaled", needs: ["implement"] },
    async (stage) => {
      const { com } = stage;
      const sta = await com.openApartment("sta");
      const object = stage.hold(sta.implement([IWorker], { Work: (value) => value }));
      const proxy = stage.hold(await com.unmarshal(await sta.marshal(object), IWorker));
      // Packets take references along, until the proxy has to ask its server for more.
      for (let i = 0; i < 3; i++) {
        const objref = await com.marshal(proxy);
        stage.hold({ release: () => void com.releaseMarshalData(objref) });
      }
      const call = await stage.callOf(await stage.calculator(), AsyncICalculator);

      const beginning = call.Begin_HasCallFactory(proxy);
      const hr = await hrOf(call.Begin_Add(1, 2));
      await beginning;

      assert.equal(hr, RPC_S_CALLPENDING);
      assert.equal(await call.Finish_HasCallFactory(), true);
    },
  ),
];
