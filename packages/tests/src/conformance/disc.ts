import assert from "node:assert/strict";
import { E_NOINTERFACE, ICallFactory } from "callfactory";
import { AsyncICalculator } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { AsyncIForeman, AsyncIWorker, IForeman, IWorker } from "./call-worker.ts";

/** Two interfaces with async forms, of which the object's factory serves the first alone. */
async function halfAsync(stage: Stage) {
  const worker = await stage.serve([IWorker, IForeman], () => ({
    Work: (value) => value,
    Order: () => {},
    createCall: (iface, call) => {
      if (iface.syncOf !== IWorker) return null;
      let result = 0;
      return {
        Begin_Work: (value: number) => {
          result = value + 100;
          call.signal();
        },
        Finish_Work: () => result,
      };
    },
  }));
  return { worker, foreman: await stage.query(worker, IForeman) };
}

/** Discovering whether an object takes asynchronous calls. */
export const disc: readonly ConformanceTest[] = [
  conformance(
    "DISC-01",
    "a direct pointer leads to the object's own call factory",
    { at: "same-apartment" },
    async (stage) => {
      const calculator = await stage.calculator();

      const factory = await stage.query(calculator, ICallFactory);

      assert.ok(await factory.isSameObject(calculator));
    },
  ),

  conformance(
    "DISC-01",
    "an object without a call factory says E_NOINTERFACE in its own apartment",
    { at: "same-apartment" },
    async (stage) => {
      const calculator = await stage.plainCalculator();

      await assertFails(calculator.queryInterface(ICallFactory), E_NOINTERFACE);
    },
  ),

  conformance(
    "DISC-01",
    "a server that is handed direct pointers tells factories from none",
    { at: "same-apartment" },
    async (stage) => {
      const calculator = await stage.calculator();
      const plain = await stage.plainCalculator();

      const found = [await plain.HasCallFactory(calculator), await plain.HasCallFactory(plain)];

      assert.deepEqual(found, [true, false]);
    },
  ),

  conformance(
    "DISC-02",
    "a proxy has a call factory although the object has none",
    { at: "marshaled" },
    async (stage) => {
      const calculator = await stage.plainCalculator();

      const factory = await stage.query(calculator, ICallFactory);

      assert.ok(await factory.isSameObject(calculator));
    },
  ),

  conformance(
    "DISC-02",
    "the proxy manager answers for the call factory without asking the server",
    { at: "marshaled", needs: ["packets"] },
    async (stage) => {
      const calculator = await stage.plainCalculator();
      const events = stage.record();

      await stage.query(calculator, ICallFactory);

      assert.deepEqual(events, []);
    },
  ),

  conformance(
    "DISC-02",
    "a server that is handed a proxy finds a call factory on it",
    { at: "marshaled", needs: ["implement"] },
    async (stage) => {
      const calculator = await stage.calculator();
      const ours = stage.hold(stage.com.implement([IWorker], { Work: (value) => value }));

      const found = await calculator.HasCallFactory(ours);

      assert.equal(found, true);
    },
  ),

  conformance(
    "DISC-03",
    "a proxy makes call objects for an object with synchronous methods alone",
    { at: "marshaled" },
    async (stage) => {
      const calculator = await stage.plainCalculator();
      const call = await stage.callOf(calculator, AsyncICalculator);

      await call.Begin_Add(2, 3);

      assert.equal(await call.Finish_Add(), 5);
    },
  ),

  conformance(
    "DISC-04",
    "an object without call objects still has its synchronous methods",
    { at: "same-apartment" },
    async (stage) => {
      const calculator = await stage.plainCalculator();

      await assertFails(calculator.createCall(AsyncICalculator), E_NOINTERFACE);

      assert.equal(await calculator.Add(2, 3), 5);
    },
  ),

  conformance(
    "DISC-04",
    "CreateCall fails for an interface that the factory does not serve, which still works",
    { at: "same-apartment", needs: ["register-class"] },
    async (stage) => {
      const { foreman } = await halfAsync(stage);

      await assertFails(foreman.createCall(AsyncIForeman), E_NOINTERFACE);

      const call = foreman.Order();
      await call;
      assert.notEqual(call.lane, "call-object");
    },
  ),

  conformance(
    "DISC-05",
    "a factory may serve some of its object's interfaces only",
    { at: "same-apartment", needs: ["register-class"] },
    async (stage) => {
      const { worker, foreman } = await halfAsync(stage);

      const call = await stage.callOf(worker, AsyncIWorker);

      await call.Begin_Work(1);
      assert.equal(await call.Finish_Work(), 101);
      await assertFails(foreman.createCall(AsyncIForeman), E_NOINTERFACE);
    },
  ),

  conformance(
    "DISC-05",
    "marshaled clients call asynchronously what the object's factory refuses",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const { worker, foreman } = await halfAsync(stage);
      const served = await stage.callOf(worker, AsyncIWorker);
      const refused = await stage.callOf(foreman, AsyncIForeman);

      await served.Begin_Work(1);
      await refused.Begin_Order();

      assert.equal(await served.Finish_Work(), 101);
      await refused.Finish_Order();
    },
  ),
];
