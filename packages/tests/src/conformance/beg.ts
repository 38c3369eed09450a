import assert from "node:assert/strict";
import {
  asyncOf,
  defineInterface,
  E_INVALIDARG,
  E_NOINTERFACE,
  hresult,
  IUnknown,
  ISynchronize,
  method,
  param,
  pointerTo,
  RPC_E_CALL_COMPLETE,
} from "callfactory";
import { AsyncICalculator } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { openPipe } from "./beg-pending.ts";
import { AsyncIWorker, gate, IWorker } from "./call-worker.ts";

/** Takes a worker: an object that is none cannot be marshaled for it. */
const IEmployer = defineInterface({
  name: "IEmployer",
  iid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a621",
  asyncIid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a622",
  base: IUnknown,
  methods: [method("Employ", [param.in("worker", pointerTo(IWorker))])],
});
const AsyncIEmployer = asyncOf(IEmployer);

/** One byte more than a pipe pulls. */
const TOO_MANY = 0x100001;

/** Begin_, as a client sees it. */
export const beg: readonly ConformanceTest[] = [
  conformance(
    "BEG-01",
    "Begin_ returns while the call is in progress",
    { at: "both" },
    async (stage) => {
      const { control, call } = await openPipe(stage);

      await call.Begin_Pull(4);

      assert.equal(await call.wait(0), false);
      await control.CompleteCalls();
      assert.equal((await call.Finish_Pull()).length, 4);
    },
  ),

  conformance(
    "BEG-01",
    "Begin_ does not wait for a synchronous method on the server",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const proceed = gate();
      const worker = await stage.serve([IWorker], () => ({
        Work: async (value) => {
          await proceed.opened;
          return value;
        },
      }));
      const call = await stage.callOf(worker, AsyncIWorker);

      // Were it to wait, this would never return: nobody has opened the gate.
      await call.Begin_Work(1);

      proceed.open();
      assert.equal(await call.Finish_Work(), 1);
    },
  ),

  conformance(
    "BEG-01",
    "Begin_ is given the [in] and the [in,out] parameters",
    { at: "both" },
    async (stage) => {
      const calculator = await stage.calculator();
      const call = await stage.callOf(calculator, AsyncICalculator);

      await call.Begin_Divide(17, 5);
      assert.deepEqual(await call.Finish_Divide(), { quotient: 3, remainder: 2 });

      await call.Begin_Bracket("text");
      assert.equal(await call.Finish_Bracket(), "[text]");
    },
  ),

  conformance(
    "BEG-02",
    "Begin_ succeeds although the method fails",
    { at: "both" },
    async (stage) => {
      const calculator = await stage.calculator();
      const call = await stage.callOf(calculator, AsyncICalculator);
      const ownFailure = hresult(0x80040201);

      await call.Begin_Fail(ownFailure);

      await assertFails(call.Finish_Fail(), ownFailure);
    },
  ),

  conformance(
    "BEG-03",
    "the server receives what a buffer held at Begin_, whatever becomes of it afterwards",
    { at: "both" },
    async (stage) => {
      const calculator = await stage.calculator();
      const call = await stage.callOf(calculator, AsyncICalculator);
      const values = Int32Array.of(1, 2, 3, 4);
      const point = { x: 2, y: 4 };

      await call.Begin_Sum(values, 4);
      values.fill(0);
      assert.equal(await call.Finish_Sum(), 10n);

      await call.Begin_Midpoint(point, null);
      point.x = 0;
      assert.deepEqual(await call.Finish_Midpoint(), { x: 2, y: 4 });
    },
  ),

  conformance(
    "BEG-04",
    "a Begin_ that the object's own call object fails leaves no call in progress",
    { at: "same-apartment" },
    async (stage) => {
      const { control, call } = await openPipe(stage);

      await assertFails(call.Begin_Pull(TOO_MANY), E_INVALIDARG);

      assert.equal(await call.wait(0), false);
      await assertFails(call.Finish_Pull(), RPC_E_CALL_COMPLETE);
      await call.Begin_Pull(4);
      await control.CompleteCalls();
      assert.equal((await call.Finish_Pull()).length, 4);
    },
  ),

  conformance(
    "BEG-04",
    "a Begin_ whose request cannot be marshaled leaves no call in progress",
    { at: "marshaled", needs: ["register-class", "implement"] },
    async (stage) => {
      const employed: unknown[] = [];
      const employer = await stage.serve([IEmployer], () => ({
        Employ: (worker) => void employed.push(worker !== null),
      }));
      const worker = stage.hold(stage.com.implement([IWorker], { Work: (value) => value }));
      const call = await stage.callOf(employer, AsyncIEmployer);

      const { pipe: idler } = await stage.slowPipe();
      const begin = call.Begin_Employ(idler as never);
      await assertFails(begin, E_NOINTERFACE);
      await assert.rejects(begin, { where: "AsyncIEmployer::Begin_Employ" });

      assert.equal(await call.wait(0), false);
      await assertFails(call.Finish_Employ(), RPC_E_CALL_COMPLETE);
      await call.Begin_Employ(worker);
      await call.Finish_Employ();
      assert.deepEqual(employed, [true]);
    },
  ),

  conformance(
    "BEG-09",
    "a call begins nonsignaled, whatever state the synchronization object was in",
    { at: "both" },
    async (stage) => {
      const { control, call } = await openPipe(stage);
      const synchronize = await stage.query(call, ISynchronize);
      await synchronize.Signal();
      assert.equal(await call.wait(0), true);

      await call.Begin_Pull(4);

      assert.equal(await call.wait(0), false);
      await control.CompleteCalls();
      assert.equal((await call.Finish_Pull()).length, 4);
    },
  ),

  conformance(
    "BEG-12",
    "a call object of the same apartment may be done when Begin_ returns",
    { at: "same-apartment" },
    async (stage) => {
      const calculator = await stage.calculator();
      const call = await stage.callOf(calculator, AsyncICalculator);

      await call.Begin_Add(2, 3);

      assert.equal(await call.wait(0), true);
      assert.equal(await call.Finish_Add(), 5);
    },
  ),

  conformance(
    "BEG-12",
    "in the same apartment Begin_ has run on the object's own call object when it returns",
    { at: "same-apartment" },
    async (stage) => {
      const { control, call } = await openPipe(stage);

      await call.Begin_Pull(4);

      const { created, begun, finished, alive } = await control.GetCounts();
      assert.deepEqual(
        { created, begun, finished, alive },
        {
          created: 1,
          begun: 1,
          finished: 0,
          alive: 1,
        },
      );
      await control.CompleteCalls();
      await call.Finish_Pull();
    },
  ),
];
