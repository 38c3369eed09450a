import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  ComError,
  E_INVALIDARG,
  E_NOINTERFACE,
  E_OUTOFMEMORY,
  E_UNEXPECTED,
  type HResult,
  IPipeByte,
  ISynchronize,
  IUnknown,
} from "callfactory";
import { AsyncICalculator, ICalculator, IPipeControl } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { createCallRaw, createHeldCall } from "./call-create.ts";
import { IWorker } from "./call-worker.ts";

/** The failures with which factories refuse, documented or seen. */
const REFUSALS: readonly HResult[] = [E_NOINTERFACE, E_INVALIDARG, E_OUTOFMEMORY, E_UNEXPECTED];

/** What CreateCall takes and refuses. */
export const call: readonly ConformanceTest[] = [
  ...[AsyncIPipeByte, IUnknown, ISynchronize].map((wanted) =>
    conformance(
      "CALL-01",
      `CreateCall gives ${wanted.name} of the new call object when riid2 asks for it`,
      { at: "both" },
      async (stage) => {
        const { pipe } = await stage.slowPipe();
        const riid2 = wanted.iid;

        const created = await createHeldCall(stage, pipe, { riid: AsyncIPipeByte.iid, riid2 });

        const asynchronous = await stage.query(created, AsyncIPipeByte);
        const synchronize = await stage.query(created, ISynchronize);
        assert.ok(await asynchronous.isSameObject(synchronize));
      },
    ),
  ),

  conformance(
    "CALL-01",
    "CreateCall fails for a riid2 that the call object lacks",
    { at: "both" },
    async (stage) => {
      const { pipe } = await stage.slowPipe();

      const creating = createCallRaw(pipe, { riid: AsyncIPipeByte.iid, riid2: IPipeControl.iid });

      await assertFails(creating, E_NOINTERFACE);
    },
  ),

  conformance(
    "CALL-02",
    "CreateCall fails with E_NOINTERFACE for an IID that nobody knows",
    { at: "both" },
    async (stage) => {
      const { pipe } = await stage.slowPipe();

      const creating = createCallRaw(pipe, { riid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a6ff" });

      await assertFails(creating, E_NOINTERFACE);
    },
  ),

  conformance(
    "CALL-02",
    "CreateCall fails with E_NOINTERFACE for a synchronous interface",
    { at: "both" },
    async (stage) => {
      const { pipe } = await stage.slowPipe();

      await assertFails(createCallRaw(pipe, { riid: IPipeByte.iid }), E_NOINTERFACE);
    },
  ),

  conformance(
    "CALL-02",
    "CreateCall on a proxy fails with E_NOINTERFACE when the object lacks the interface",
    { at: "marshaled" },
    async (stage) => {
      const calculator = await stage.plainCalculator();

      const creating = createCallRaw(calculator, { riid: AsyncIPipeByte.iid });

      await assertFails(creating, E_NOINTERFACE);
    },
  ),

  conformance(
    "CALL-03",
    "factories refuse an interface with E_NOINTERFACE or with E_INVALIDARG",
    { at: "same-apartment" },
    async (stage) => {
      const { pipe } = await stage.slowPipe();
      const calculator = await stage.calculator();

      await assertFails(createCallRaw(pipe, { riid: AsyncICalculator.iid }), E_NOINTERFACE);
      await assertFails(createCallRaw(calculator, { riid: AsyncIPipeByte.iid }), E_INVALIDARG);
    },
  ),

  conformance(
    "CALL-03",
    "whatever a factory refuses with, the synchronous method serves the call",
    { at: "both", needs: ["register-class"] },
    async (stage) => {
      let refusal: HResult = E_NOINTERFACE;
      // A client may ask twice, with an outer object and without.
      const asked = new Set<HResult>();
      const worker = await stage.serve([IWorker], () => ({
        Work: (value) => value + 1,
        createCall: () => {
          asked.add(refusal);
          throw new ComError(refusal, "ICallFactory::CreateCall");
        },
      }));

      for (refusal of REFUSALS) {
        const fresh = stage.hold(worker.addRef());
        assert.equal(await fresh.Work(1), 2);
      }

      assert.deepEqual([...asked], REFUSALS);
    },
  ),

  conformance(
    "CALL-06",
    "without an outer the call object is its own identity",
    { at: "both" },
    async (stage) => {
      const calculator = await stage.calculator();
      const riid = AsyncICalculator.iid;

      const unknown = await createHeldCall(stage, calculator, { riid });

      const asynchronous = await stage.query(unknown, AsyncICalculator);
      assert.ok(await unknown.isSameObject(asynchronous));
      assert.equal(await unknown.isSameObject(calculator), false);
      await assertFails(asynchronous.queryInterface(ICalculator), E_NOINTERFACE);
    },
  ),

  ...[AsyncIPipeByte, IUnknown, ISynchronize].map((wanted) =>
    conformance(
      "CALL-06",
      `the ${wanted.name} that CreateCall returns is the call object's only reference`,
      { at: "same-apartment" },
      async (stage) => {
        const { pipe, control } = await stage.slowPipe();
        const riid2 = wanted.iid;
        const created = await createHeldCall(stage, pipe, { riid: AsyncIPipeByte.iid, riid2 });
        const { alive: before } = await control.GetCounts();

        created.release();

        const { alive: after } = await control.GetCounts();
        assert.deepEqual([before, after], [1, 0]);
      },
    ),
  ),

  conformance(
    "CALL-06",
    "a proxy's call object ends with the reference that CreateCall returned",
    { at: "marshaled", needs: ["packets"] },
    async (stage) => {
      const { pipe } = await stage.slowPipe();
      const created = await createHeldCall(stage, pipe, { riid: AsyncIPipeByte.iid });
      const asynchronous = await stage.query(created, AsyncIPipeByte);
      await asynchronous.Begin_Pull(1);
      const events = stage.record();

      asynchronous.release();
      const abandonedEarly = events.some(({ kind }) => kind === "abandon");
      created.release();

      const abandoned = events.some(({ kind }) => kind === "abandon");
      assert.deepEqual([abandonedEarly, abandoned], [false, true]);
    },
  ),
];
