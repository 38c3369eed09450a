import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  E_NOINTERFACE,
  ICancelMethodCalls,
  INFINITE,
  type Interface,
  IPipeByte,
  ISynchronize,
  ISynchronizeHandle,
  RPC_E_WRONG_THREAD,
} from "callfactory";
import { AsyncICalculator, ICalculator, IPipeControl } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { createHeldCall } from "./call-create.ts";
import { AsyncIForeman, gate, IForeman } from "./call-worker.ts";

/** Lengths of as many concurrent calls as Microsoft's ScaleDemo makes. */
const LENGTHS = Array.from({ length: 15 }, (_, i) => i + 1);

/** What a proxy's call object answers for; IClientSecurity is not among what this project describes. */
const CALL_OBJECT_INTERFACES: readonly Interface[] = [
  AsyncIPipeByte,
  ISynchronize,
  ISynchronizeHandle,
  ICancelMethodCalls,
];

/** Call objects, once CreateCall has made them. */
export const callObject: readonly ConformanceTest[] = [
  conformance(
    "CALL-12",
    "a call begins and completes after every other pointer to the object is released",
    { at: "both" },
    async (stage) => {
      const calculator = await stage.calculator();
      const call = await stage.callOf(calculator, AsyncICalculator);

      calculator.release();
      await call.Begin_Add(2, 3);

      assert.equal(await call.Finish_Add(), 5);
    },
  ),

  conformance(
    "CALL-12",
    "a call completes when every other pointer to the object is released after Begin_",
    { at: "both" },
    async (stage) => {
      const calculator = await stage.calculator();
      const call = await stage.callOf(calculator, AsyncICalculator);

      await call.Begin_Add(2, 3);
      calculator.release();

      assert.equal(await call.Finish_Add(), 5);
    },
  ),

  conformance(
    "CALL-12",
    "the server's object outlives its last pointer while a call is in progress",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const proceed = gate();
      const started = gate();
      let isAlive = true;
      const foreman = await stage.serve([IForeman], () => ({
        Order: async () => {
          started.open();
          await proceed.opened;
        },
        finalRelease: () => {
          isAlive = false;
        },
      }));
      const call = await stage.callOf(foreman, AsyncIForeman);
      await call.Begin_Order();
      await started.opened;

      foreman.release();
      const duringCall = isAlive;
      proceed.open();
      await call.Finish_Order();

      assert.equal(duringCall, true);
    },
  ),

  conformance(
    "CALL-13",
    "15 call objects of one object have their calls in progress at once",
    { at: "both" },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(INFINITE);
      const calls = await Promise.all(LENGTHS.map(() => stage.callOf(pipe, AsyncIPipeByte)));

      await Promise.all(calls.map((call, i) => call.Begin_Pull(LENGTHS[i] as number)));

      assert.deepEqual(
        await Promise.all(calls.map((call) => call.wait(0))),
        LENGTHS.map(() => false),
      );
      await control.CompleteCalls();
      const results = await Promise.all(calls.map((call) => call.Finish_Pull()));
      assert.deepEqual(
        results.map(({ length }) => length),
        LENGTHS,
      );
    },
  ),

  conformance(
    "CALL-13",
    "a single STA client has 15 calls in progress at once",
    { at: "marshaled" },
    async (stage) => {
      const { pipe } = await stage.slowPipe();
      const sta = await stage.com.openApartment("sta");
      const ours = stage.hold(await sta.unmarshal(await stage.com.marshal(pipe), IPipeByte));
      // Through the same proxy, so that it cannot overtake the calls.
      const control = await stage.query(ours, IPipeControl);
      await control.SetDelay(INFINITE);
      const calls = await Promise.all(LENGTHS.map(() => stage.callOf(ours, AsyncIPipeByte)));

      await Promise.all(calls.map((call, i) => call.Begin_Pull(LENGTHS[i] as number)));
      await control.CompleteCalls();
      const results = await Promise.all(calls.map((call) => call.Finish_Pull()));

      assert.deepEqual(
        results.map(({ length }) => length),
        LENGTHS,
      );
    },
  ),

  ...CALL_OBJECT_INTERFACES.map((iface) =>
    conformance(
      "CALL-15",
      `a proxy's call object has ${iface.name}, whatever the server's call objects have`,
      { at: "marshaled" },
      async (stage) => {
        const { pipe } = await stage.basicPipe();
        const call = await stage.callOf(pipe, AsyncIPipeByte);

        const found = await stage.query(call, iface);

        assert.equal(await found.isSameObject(pipe), false);
      },
    ),
  ),

  conformance(
    "CALL-16",
    "a call object of the same apartment has ICancelMethodCalls when its author wrote it",
    { at: "same-apartment" },
    async (stage) => {
      const { pipe } = await stage.slowPipe();
      const { pipe: basic } = await stage.basicPipe();
      const { iid: riid } = AsyncIPipeByte;
      const cancelable = await createHeldCall(stage, pipe, { riid });
      const plain = await createHeldCall(stage, basic, { riid });

      await stage.query(cancelable, ICancelMethodCalls);

      await assertFails(plain.queryInterface(ICancelMethodCalls), E_NOINTERFACE);
    },
  ),

  conformance(
    "CALL-17",
    "a call through a direct pointer without a factory runs the method itself",
    { at: "same-apartment" },
    async (stage) => {
      const calculator = await stage.plainCalculator();

      const call = calculator.Add(2, 3);

      assert.equal(await call, 5);
      assert.notEqual(call.lane, "call-object");
    },
  ),

  conformance(
    "CALL-17",
    "nothing of COM's stands between a direct pointer and its object",
    { at: "same-apartment", needs: ["packets"] },
    async (stage) => {
      const { pipe } = await stage.slowPipe();
      const events = stage.record();

      await pipe.Pull(4, { lane: "worker" });
      await pipe.Pull(4, { lane: "call-object" });

      assert.deepEqual(events, []);
    },
  ),

  conformance(
    "CALL-17",
    "a call through a proxy uses the factory that every proxy has",
    { at: "marshaled" },
    async (stage) => {
      const calculator = await stage.plainCalculator();

      const call = calculator.Add(2, 3);

      assert.equal(await call, 5);
      assert.equal(call.lane, "call-object");
    },
  ),

  conformance(
    "CALL-18",
    "a proxy's call object is refused in another apartment that it was not marshaled to",
    { at: "marshaled" },
    async (stage) => {
      const calculator = await stage.calculator();
      const call = await createHeldCall(stage, calculator, { riid: AsyncICalculator.iid });
      const sta = await stage.com.openApartment("sta");
      const objref = await stage.com.marshal(calculator);
      const elsewhere = stage.hold(await sta.unmarshal(objref, ICalculator));

      await assertFails(elsewhere.HasCallFactory(call), RPC_E_WRONG_THREAD);

      assert.equal(await calculator.HasCallFactory(call), true);
    },
  ),
];
