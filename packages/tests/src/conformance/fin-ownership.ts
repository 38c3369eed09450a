import assert from "node:assert/strict";
import {
  asyncOf,
  defineInterface,
  IUnknown,
  method,
  param,
  pointerTo,
  RPC_E_CALL_CANCELED,
} from "callfactory";
import { AsyncICalculator, ICalculator } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { gate, IWorker } from "./call-worker.ts";

/** Hires workers: objects that the caller comes to own. */
const IAgency = defineInterface({
  name: "IAgency",
  iid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a631",
  asyncIid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a632",
  base: IUnknown,
  methods: [method("Hire", [param.retval("worker", pointerTo(IWorker))])],
});
const AsyncIAgency = asyncOf(IAgency);

/** An agency that hires when `proceed` opens; `gone` opens when the worker's last reference goes. */
async function agency(stage: Stage) {
  const [proceed, hired, gone] = [gate(), gate(), gate()];
  const pointer = await stage.serve([IAgency], ({ com }) => ({
    Hire: async () => {
      await proceed.opened;
      hired.open();
      return com.implement([IWorker], {
        Work: (value) => value + 1,
        finalRelease: () => gone.open(),
      });
    },
  }));
  return { call: await stage.callOf(pointer, AsyncIAgency), proceed, hired, gone };
}

/** Who owns what a call returns. */
export const finOwnership: readonly ConformanceTest[] = [
  conformance(
    "FIN-12",
    "Finish_ gives a returned pointer to the caller, who may keep it",
    { at: "both" },
    async (stage) => {
      const calculator = await stage.calculator();
      const call = await stage.callOf(calculator, AsyncICalculator);
      await call.Begin_Clone();

      const clone = await call.Finish_Clone();

      call.release();
      calculator.release();
      assert.ok(clone);
      const other = await stage.query(stage.hold(clone), ICalculator);
      assert.equal(await other.Add(2, 3), 5);
    },
  ),

  conformance(
    "FIN-12",
    "the pointer that Finish_ gave is the only reference of the call",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const { call, proceed, gone } = await agency(stage);
      proceed.open();
      await call.Begin_Hire();
      const worker = await call.Finish_Hire();
      assert.equal(await worker?.Work(1), 2);

      worker?.release();

      // Were there another reference, this would never return.
      await gone.opened;
    },
  ),

  conformance(
    "FIN-12",
    "a pointer in a reply that nobody finished is released with the call object",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const { call, proceed, gone } = await agency(stage);
      await call.Begin_Hire();
      proceed.open();
      assert.equal(await call.wait(), true);

      call.release();

      await gone.opened;
    },
  ),

  conformance(
    "FIN-12",
    "a pointer in a reply that comes after the call object's end is released",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const { call, proceed, hired, gone } = await agency(stage);
      await call.Begin_Hire();

      call.release();

      proceed.open();
      await hired.opened;
      await gone.opened;
    },
  ),

  conformance(
    "FIN-12",
    "a pointer in a reply that comes after a cancellation is released",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const { call, proceed, hired, gone } = await agency(stage);
      await call.Begin_Hire();

      await call.cancel(0);

      await assertFails(call.Finish_Hire(), RPC_E_CALL_CANCELED);
      proceed.open();
      await hired.opened;
      await gone.opened;
    },
  ),

  conformance(
    "FIN-12",
    "clones that abandoned calls made are released",
    { at: "marshaled" },
    async (stage) => {
      const calculator = await stage.calculator();
      const calls = [
        await stage.callOf(calculator, AsyncICalculator),
        await stage.callOf(calculator, AsyncICalculator),
      ] as const;

      for (const call of calls) await call.Begin_Clone();
      await calls[0].wait();
      for (const call of calls) call.release();

      // What is left over shows when the test ends; here only that the server goes on.
      assert.equal(await calculator.Add(2, 3), 5);
    },
  ),
];
