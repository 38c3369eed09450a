import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  CLASS_E_NOAGGREGATION,
  E_INVALIDARG,
  E_NOINTERFACE,
  type InterfacePointer,
  ISynchronize,
  IUnknown,
} from "callfactory";
import { AsyncICalculator, ICalculator, IPipeControl } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { createCallRaw, createHeldCall } from "./call-create.ts";
import { AsyncIWorker, IWorker } from "./call-worker.ts";

/** A calculator's call object inside an outer; any object with an IUnknown can be one. */
async function aggregated(stage: Stage) {
  const calculator = await stage.calculator();
  const { pipe: outer, control } = await stage.slowPipe();
  const inner = await createHeldCall(stage, calculator, { riid: AsyncICalculator.iid, outer });
  return { calculator, outer, control, inner };
}

/** A worker whose factory notes what it is asked for, and takes every request but aggregated ones if told so. */
async function askedWorker(stage: Stage, options: { readonly aggregates: boolean }) {
  const log: unknown[] = [];
  const worker = await stage.serve([IWorker], () => ({
    Work: (value) => {
      log.push("Work");
      return value;
    },
    createCall: (iface, call, request) => {
      log.push({ ...request, iid: iface.iid });
      if (request.aggregated && !options.aggregates) return null;
      return {
        Begin_Work: () => void call.signal(),
        Finish_Work: () => 0,
      };
    },
  }));
  return { worker, log };
}

/** Call objects inside outer objects. */
export const callAggregation: readonly ConformanceTest[] = [
  ...[AsyncICalculator, ISynchronize].map((wanted) =>
    conformance(
      "CALL-07",
      `CreateCall with an outer fails when riid2 is ${wanted.name}`,
      { at: "both" },
      async (stage) => {
        const calculator = await stage.calculator();
        const riid = AsyncICalculator.iid;

        const creating = createCallRaw(calculator, { riid, outer: calculator, riid2: wanted.iid });

        // Which of them, a run on Windows has to settle.
        const expected: readonly number[] = [E_INVALIDARG, CLASS_E_NOAGGREGATION, E_NOINTERFACE];
        assert.ok(expected.includes(await hrOf(creating)));
      },
    ),
  ),

  conformance(
    "CALL-07",
    "CreateCall with an outer and IID_IUnknown gives the inner unknown",
    { at: "both" },
    async (stage) => {
      const { inner, outer } = await aggregated(stage);

      const unknown = await stage.query(inner, IUnknown);

      assert.ok(await unknown.isSameObject(inner));
      assert.equal(await inner.isSameObject(outer), false);
      await assertFails(inner.queryInterface(IPipeControl), E_NOINTERFACE);
    },
  ),

  conformance(
    "CALL-08",
    "an interface of an aggregated call object has the outer's identity and interfaces",
    { at: "both" },
    async (stage) => {
      const { inner, outer } = await aggregated(stage);

      const asynchronous = await stage.query(inner, AsyncICalculator);

      assert.ok(await asynchronous.isSameObject(outer));
      const control = await stage.query(asynchronous, IPipeControl);
      await control.SetDelay(1);
    },
  ),

  conformance(
    "CALL-08",
    "an interface of an aggregated call object is a reference on the outer",
    { at: "both" },
    async (stage) => {
      const calculator = await stage.calculator();
      const outer = await stage.plainCalculator();
      const riid = AsyncICalculator.iid;
      const inner = await createHeldCall(stage, calculator, { riid, outer });
      const asynchronous = await stage.query(inner, AsyncICalculator);

      outer.release();

      const revived = await stage.query(asynchronous, ICalculator);
      assert.equal(await revived.Add(2, 3), 5);
    },
  ),

  conformance(
    "CALL-08",
    "the outer ends while the inner unknown lives, which is no reference on it",
    { at: "both", needs: ["implement"] },
    async (stage) => {
      const calculator = await stage.calculator();
      let isAlive = true;
      const outer: InterfacePointer<unknown> = stage.com.implement([IWorker], {
        Work: (value) => value,
        finalRelease: () => {
          isAlive = false;
        },
      });
      const riid = AsyncICalculator.iid;
      const inner = await createHeldCall(stage, calculator, { riid, outer });
      const asynchronous = await inner.queryInterface(AsyncICalculator);

      outer.release();
      await stage.fence();
      const keptByInterface = isAlive;
      asynchronous.release();
      await stage.fence();

      assert.deepEqual([keptByInterface, isAlive], [true, false]);
    },
  ),

  conformance(
    "CALL-09",
    "an outer's ISynchronize takes the place of the call object's own",
    { at: "both", needs: ["synchronize-hooks"] },
    async (stage) => {
      const log: string[] = [];
      const calculator = await stage.calculator();
      const call = await stage.callOf(calculator, AsyncICalculator, {
        synchronize: {
          Reset: () => void log.push("Reset"),
          Signal: () => void log.push("Signal"),
        },
      });

      await call.Begin_Add(2, 3);
      await call.wait();

      assert.deepEqual(log, ["Reset", "Signal"]);
      assert.equal(await call.Finish_Add(), 5);
    },
  ),

  conformance(
    "CALL-09",
    "a signal for the outer's ISynchronize comes from whoever asks the call object for it",
    { at: "both", needs: ["synchronize-hooks"] },
    async (stage) => {
      let signals = 0;
      const { pipe } = await stage.slowPipe();
      const call = await stage.callOf(pipe, AsyncIPipeByte, {
        synchronize: { Signal: () => void signals++ },
      });
      const synchronize = await stage.query(call, ISynchronize);

      await synchronize.Signal();

      assert.equal(await call.wait(0), true);
      assert.equal(signals, 1);
    },
  ),

  conformance(
    "CALL-10",
    "the stub asks the server's factory for IID_IUnknown, with an outer",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const { worker, log } = await askedWorker(stage, { aggregates: true });
      const call = await stage.callOf(worker, AsyncIWorker);

      await call.Begin_Work(1);
      await call.Finish_Work();

      assert.deepEqual(log, [{ iid: AsyncIWorker.iid, aggregated: true, riid2: IUnknown.iid }]);
    },
  ),

  conformance(
    "CALL-10",
    "a factory that refuses aggregation serves no marshaled client",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const { worker, log } = await askedWorker(stage, { aggregates: false });
      const call = await stage.callOf(worker, AsyncIWorker);

      await call.Begin_Work(1);

      assert.equal(await call.Finish_Work(), 1);
      assert.equal(log.at(-1), "Work");
    },
  ),

  conformance(
    "CALL-11",
    "a factory in the client's apartment is asked for what the client asks for",
    { at: "same-apartment", needs: ["register-class"] },
    async (stage) => {
      const { worker, log } = await askedWorker(stage, { aggregates: true });
      const { iid } = AsyncIWorker;

      await createHeldCall(stage, worker, { riid: iid, riid2: ISynchronize.iid });
      await createHeldCall(stage, worker, { riid: iid, riid2: iid });
      await createHeldCall(stage, worker, { riid: iid, outer: worker });

      assert.deepEqual(log, [
        { iid, aggregated: false, riid2: ISynchronize.iid },
        { iid, aggregated: false, riid2: iid },
        { iid, aggregated: true, riid2: IUnknown.iid },
      ]);
    },
  ),

  conformance(
    "CALL-11",
    "a client of the same apartment gets along with a factory that refuses aggregation",
    { at: "same-apartment", needs: ["register-class"] },
    async (stage) => {
      const { worker } = await askedWorker(stage, { aggregates: false });
      const call = await stage.callOf(worker, AsyncIWorker);

      await call.Begin_Work(1);

      assert.equal(await call.Finish_Work(), 0);
    },
  ),
];
