import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  ComError,
  E_INVALIDARG,
  INFINITE,
  IPipeByte,
  IUnknown,
  type ServerCallObject,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import type { Stage } from "../harness/stage.ts";
import { adder, addingCall, AsyncIAdder, IAdder } from "./srv-adder.ts";

/** Bytes to push; the slow pipe takes a millisecond for each, unless told otherwise. */
const BYTES = Uint8Array.of(1, 2, 3);

/** A pipe whose calls take no time. */
async function quickPipe(stage: Stage) {
  const staged = await stage.slowPipe();
  await staged.control.SetDelay(0);
  return staged;
}

/** Which half of the server serves a call, and what happens to it on the way. */
export const srvStub: readonly ConformanceTest[] = [
  conformance(
    "SRV-01",
    "an asynchronous call from another apartment is served by a call object",
    { at: "marshaled" },
    async (stage) => {
      const { pipe, control } = await quickPipe(stage);
      const call = await stage.callOf(pipe, AsyncIPipeByte);

      await call.Begin_Push(BYTES, 3);
      await call.Finish_Push();

      const counts = { syncCalls: 0, created: 1, begun: 1, finished: 1, alive: 0 };
      assert.deepEqual(await control.GetCounts(), counts);
    },
  ),

  conformance(
    "SRV-01",
    "the stub asks for IUnknown of an aggregated AsyncIFoo",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const requests: unknown[] = [];
      const pointer = await stage.serve([IAdder], () => ({
        Add: (a, b) => a + b,
        createCall: (iface, call, { aggregated, riid2 }) => {
          requests.push({ iid: iface.iid, aggregated, riid2 });
          return addingCall(() => void call.signal());
        },
      }));

      const sum = await pointer.Add(40, 2);

      assert.equal(sum, 42);
      const request = { iid: AsyncIAdder.iid, aggregated: true, riid2: IUnknown.iid };
      assert.deepEqual(requests, [request]);
    },
  ),

  conformance(
    "SRV-01",
    "an object without a factory is served by its synchronous method",
    { at: "marshaled" },
    async (stage) => {
      const calculator = await stage.plainCalculator();

      const sum = await calculator.Add(40, 2);

      assert.equal(sum, 42);
    },
  ),

  conformance(
    "SRV-01",
    "a factory that has nothing for AsyncIFoo leaves the call to the synchronous method",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      let asked = 0;
      const createCall = () => {
        asked++;
        return null;
      };
      const pointer = await stage.serve([IAdder], () => adder({ createCall }));

      const sum = await pointer.Add(40, 2);

      assert.equal(sum, 42);
      assert.equal(asked, 1);
    },
  ),

  conformance(
    "SRV-01",
    "a factory that fails with any HRESULT leaves the call to the synchronous method",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const createCall = () => {
        throw new ComError(E_INVALIDARG, "ICallFactory::CreateCall");
      };
      const pointer = await stage.serve([IAdder], () => adder({ createCall }));

      const sum = await pointer.Add(40, 2);

      assert.equal(sum, 42);
    },
  ),

  conformance(
    "SRV-02",
    "a synchronous call from another apartment is served by a call object",
    { at: "marshaled" },
    async (stage) => {
      const { pipe, control } = await quickPipe(stage);

      const call = pipe.Push(BYTES, 3, { lane: "worker" });
      await call;

      assert.equal(call.lane, "worker");
      const counts = { syncCalls: 0, created: 1, begun: 1, finished: 1, alive: 0 };
      assert.deepEqual(await control.GetCounts(), counts);
    },
  ),

  conformance(
    "SRV-03",
    "a synchronous call in the same apartment runs the synchronous method",
    { at: "same-apartment" },
    async (stage) => {
      const { pipe, control } = await quickPipe(stage);

      await pipe.Push(BYTES, 3, { lane: "worker" });

      const { syncCalls, created } = await control.GetCounts();
      assert.deepEqual({ syncCalls, created }, { syncCalls: 1, created: 0 });
    },
  ),

  conformance(
    "SRV-03",
    "an asynchronous call in the same apartment runs the call object",
    { at: "same-apartment" },
    async (stage) => {
      const { pipe, control } = await quickPipe(stage);
      const call = await stage.callOf(pipe, AsyncIPipeByte);

      await call.Begin_Push(BYTES, 3);
      await call.Finish_Push();

      const { syncCalls, created, begun, finished } = await control.GetCounts();
      const counts = { syncCalls: 0, created: 1, begun: 1, finished: 1 };
      assert.deepEqual({ syncCalls, created, begun, finished }, counts);
    },
  ),

  conformance(
    "SRV-04",
    "a stub creates, begins, awaits the signal, finishes, replies and releases, in this order",
    { at: "marshaled", needs: ["register-class", "packets"] },
    async (stage) => {
      const log: string[] = [];
      const stopTracing = stage.com.trace((event) => {
        if (event.kind === "packet" && event.iid === IAdder.iid) log.push(event.direction);
      });
      stage.hold({ release: stopTracing });
      const pointer = await stage.serve([IAdder], (host) =>
        adder({ createCall: (call) => loggedCall(log, () => host.setTimer(1, () => sign(call))) }),
      );
      const sign = (call: ServerCallObject): void => {
        log.push("Signal");
        call.signal();
      };

      const sum = await pointer.Add(40, 2);

      const order = ["request", "CreateCall", "Begin_Add(40, 2)", "Begin_Add returned", "Signal"];
      assert.deepEqual(log, [...order, "Finish_Add", "reply", "Release"]);
      assert.equal(sum, 42);
    },
  ),

  conformance(
    "SRV-05",
    "an STA serves other calls between Begin_ and Signal",
    { at: "marshaled" },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(INFINITE);
      const call = await stage.callOf(pipe, AsyncIPipeByte);
      await call.Begin_Pull(4);

      const { begun, finished } = await control.GetCounts();

      assert.deepEqual({ begun, finished }, { begun: 1, finished: 0 });
      assert.equal(await call.wait(0), false);
      await control.CompleteCalls();
      assert.equal((await call.Finish_Pull()).length, 4);
    },
  ),

  conformance(
    "SRV-05",
    "an STA begins a second call on an interface whose first call is open",
    { at: "marshaled" },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(INFINITE);
      const first = await stage.callOf(pipe, AsyncIPipeByte);
      await first.Begin_Pull(4);
      await control.SetDelay(0);
      const again = await stage.query(pipe, IPipeByte);

      const bytes = await again.Pull(2);

      assert.equal(bytes.length, 2);
      assert.equal(await first.wait(0), false);
    },
  ),
];

/** A call object that writes down what is done to it; `work` is started in Begin_. */
function loggedCall(log: string[], work: () => void) {
  log.push("CreateCall");
  let sum = 0;
  return {
    Begin_Add: (a: number, b: number) => {
      log.push(`Begin_Add(${a}, ${b})`);
      sum = a + b;
      work();
      log.push("Begin_Add returned");
    },
    Finish_Add: () => {
      log.push("Finish_Add");
      return sum;
    },
    finalRelease: () => void log.push("Release"),
  };
}
