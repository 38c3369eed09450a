import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  asyncOf,
  defineInterface,
  E_NOINTERFACE,
  ISynchronize,
  IUnknown,
  LONG,
  method,
  param,
} from "callfactory";
import { CLSID_Calculator } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { createCallRaw, createHeldCall } from "./call-create.ts";
import { AsyncIWorker, IWorker } from "./call-worker.ts";

const IDispatch = defineInterface({
  name: "IDispatch",
  iid: "00020400-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [method("GetTypeInfoCount", [param.out("pctinfo", LONG)])],
});

const dual = {
  name: "IDual",
  iid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a611",
  base: IDispatch,
  methods: [method("Answer", [param.retval("answer", LONG)])],
} as const;
const IDual = defineInterface(dual);

/** What no IDL compiler would let through. */
const IAsyncDual = defineInterface({ ...dual, asyncIid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a612" });

/** Which interfaces have an async form, and where it is to be found. */
export const discAsyncForm: readonly ConformanceTest[] = [
  conformance(
    "DISC-06",
    "no async form can be defined for an interface derived from IDispatch",
    { at: "both" },
    async () => {
      assert.throws(() => asyncOf(IAsyncDual), TypeError);
    },
  ),

  conformance(
    "DISC-06",
    "neither a client nor a server takes an async IID for a dispatch interface",
    { at: "both" },
    async ({ com }) => {
      const creating = com.createInstance(CLSID_Calculator, IAsyncDual);
      await assert.rejects(creating, TypeError);

      const implementation = { GetTypeInfoCount: () => 0, Answer: () => 42 };
      assert.throws(() => com.implement([IAsyncDual], implementation), TypeError);
    },
  ),

  conformance(
    "DISC-06",
    "CreateCall for a dispatch interface fails with E_NOINTERFACE",
    { at: "both", needs: ["register-class"] },
    async (stage) => {
      const pointer = await stage.serve([IDual], () => ({
        GetTypeInfoCount: () => 0,
        Answer: () => 42,
        createCall: () => ({}),
      }));

      await assertFails(createCallRaw(pointer, { riid: IDispatch.iid }), E_NOINTERFACE);
      await assertFails(createCallRaw(pointer, { riid: IDual.iid }), E_NOINTERFACE);

      assert.equal(await pointer.Answer(), 42);
    },
  ),

  conformance(
    "DISC-08",
    "the async interface is not found on the object",
    { at: "both" },
    async (stage) => {
      const { pipe } = await stage.slowPipe();

      await assertFails(pipe.queryInterface(AsyncIPipeByte), E_NOINTERFACE);
    },
  ),

  conformance(
    "DISC-08",
    "the call object has an identity of its own",
    { at: "both" },
    async (stage) => {
      const { pipe } = await stage.slowPipe();
      const call = await createHeldCall(stage, pipe, { riid: AsyncIPipeByte.iid });

      const asynchronous = await stage.query(call, AsyncIPipeByte);

      assert.equal(await asynchronous.isSameObject(pipe), false);
    },
  ),

  conformance(
    "DISC-09",
    "an object with both forms on one identity has no ISynchronize and finishes at once",
    { at: "same-apartment", needs: ["register-class"] },
    async (stage) => {
      const begun: number[] = [];
      const both = await stage.serve([IWorker, AsyncIWorker], () => ({
        Work: (value) => value,
        Begin_Work: (value) => void begun.push(value),
        Finish_Work: () => begun.length,
      }));
      const asynchronous = await stage.query(both, AsyncIWorker);

      const before = await asynchronous.Finish_Work();
      await asynchronous.Begin_Work(1);
      const after = await asynchronous.Finish_Work();

      assert.deepEqual([before, after], [0, 1]);
      await assertFails(asynchronous.queryInterface(ISynchronize), E_NOINTERFACE);
      assert.ok(await asynchronous.isSameObject(both));
    },
  ),

  conformance(
    "DISC-09",
    "an async form on the object's own identity is out of marshaled clients' reach",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const both = await stage.serve([IWorker, AsyncIWorker], () => ({
        Work: (value) => value,
        Begin_Work: () => assert.fail("Begin_ ran on the object"),
        Finish_Work: () => assert.fail("Finish_ ran on the object"),
      }));

      await assertFails(both.queryInterface(AsyncIWorker), E_NOINTERFACE);

      assert.equal(await both.Work(7), 7);
    },
  ),
];
