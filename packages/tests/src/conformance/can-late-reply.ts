import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  asyncOf,
  defineInterface,
  INFINITE,
  IUnknown,
  method,
  param,
  pointerTo,
  RPC_E_CALL_CANCELED,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { adder, IAdder } from "./srv-adder.ts";
import { passes } from "./sync-gate.ts";

const IN_VIRTUAL_TIME = { at: "marshaled", needs: ["register-class", "virtual-clock"] } as const;

/** How long the server works, whatever the client wishes. */
const WORK_MS = 60_000;

/** Hands out a new object, late. */
const IMaker = defineInterface({
  name: "IMaker",
  iid: "5a0fd2c1-6f0e-4a1e-9e37-6f6f2a3c1b30",
  asyncIid: "5a0fd2c1-6f0e-4a1e-9e37-6f6f2a3c1b31",
  base: IUnknown,
  methods: [method("Make", [param.retval("made", pointerTo(IAdder))])],
});
const AsyncIMaker = asyncOf(IMaker);

/** What becomes of the reply to a canceled call. */
export const canLateReply: readonly ConformanceTest[] = [
  conformance(
    "CAN-10",
    "what a canceled call returns later is not taken for the next call's result",
    { at: "marshaled" },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(INFINITE);
      const call = await stage.callOf(pipe, AsyncIPipeByte);
      await call.Begin_Pull(4);
      await call.cancel(0);
      await hrOf(call.Finish_Pull());
      await call.Begin_Pull(2);

      await control.CompleteCalls();

      assert.equal((await call.Finish_Pull()).length, 2);
    },
  ),

  conformance(
    "CAN-12",
    "a server that ignores cancellation runs to its end",
    { at: "marshaled" },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(INFINITE);
      const call = await stage.callOf(pipe, AsyncIPipeByte);
      await call.Begin_Pull(4);
      await call.cancel(0);
      await hrOf(call.Finish_Pull());
      const whenCanceled = (await control.GetCounts()).finished;

      await control.CompleteCalls();

      assert.equal(whenCanceled, 0);
      assert.equal((await control.GetCounts()).finished, 1);
    },
  ),

  conformance(
    "CAN-12",
    "the interface pointers of a late reply are released",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const released = await makeAndCancel(stage, async (call) => {
        await call.cancel(0);
        await assertFails(call.Finish_Make(), RPC_E_CALL_CANCELED);
      });

      await passes(stage.com.clock, WORK_MS + 1);

      assert.deepEqual(released, ["made"]);
    },
  ),

  conformance(
    "CAN-12",
    "the interface pointers of a late reply are released when the call object is gone",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const released = await makeAndCancel(stage, async (call) => {
        await call.cancel(0);
        call.release();
      });

      await passes(stage.com.clock, WORK_MS + 1);

      assert.deepEqual(released, ["made"]);
    },
  ),
];

/** Begins a Make that ends after WORK_MS and lets `cancel` give it up; lists what is released. */
async function makeAndCancel(
  stage: Stage,
  cancel: (call: Awaited<ReturnType<typeof makerCall>>) => Promise<void>,
): Promise<string[]> {
  const released: string[] = [];
  const pointer = await stage.serve([IMaker], (host) => ({
    Make: async () => {
      await host.sleep(WORK_MS);
      const finalRelease = (): void => void released.push("made");
      return host.com.implement([IAdder], adder({ finalRelease }));
    },
  }));
  const call = await makerCall(stage, pointer);
  await call.Begin_Make();
  await cancel(call);
  assert.deepEqual(released, []);
  return released;
}

function makerCall(stage: Stage, pointer: Parameters<Stage["callOf"]>[0]) {
  return stage.callOf(pointer, AsyncIMaker);
}
