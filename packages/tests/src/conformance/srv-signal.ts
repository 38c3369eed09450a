import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  CLSID_ManualResetEvent,
  ComError,
  E_ACCESSDENIED,
  E_FAIL,
  E_INVALIDARG,
  type Host,
  type HResult,
  ISynchronize,
  RPC_E_WRONG_THREAD,
  S_OK,
  type ServerCallObject,
} from "callfactory";
import { AsyncICalculator } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { adder, addingCall, AsyncIAdder, IAdder } from "./srv-adder.ts";
import { gate } from "./sync-gate.ts";

const SERVED = { at: "marshaled", needs: ["register-class"] } as const;
const SERVED_IN_VIRTUAL_TIME = {
  at: "marshaled",
  needs: ["register-class", "virtual-clock"],
} as const;

/** A day: whatever has not happened by then will not happen. */
const LONG_MS = 86_400_000;
/** More than a pipe pulls at once: its Begin_Pull fails. */
const TOO_MANY_BYTES = 0x100001;

/** A begun call, the server's call object, and the server's apartment. */
async function begunCall(stage: Stage, apartment: "sta" | "mta") {
  const server = gate<{ readonly host: Host; readonly object: ServerCallObject }>();
  const pointer = await stage.serve(
    [IAdder],
    (host) =>
      adder({
        createCall: (object) => addingCall(() => server.open(Promise.resolve({ host, object }))),
      }),
    apartment,
  );
  const call = await stage.callOf(pointer, AsyncIAdder);
  await call.Begin_Add(40, 2);
  return { call, ...(await server.opened) };
}

/** The HRESULT of a Signal given in the apartment of `host`. */
function signalIn(host: Host, object: ServerCallObject): Promise<HResult> {
  return new Promise((resolve) => {
    host.setTimer(0, () => resolve(object.signal()));
  });
}

/** How servers complete their calls, and what they cannot. */
export const srvSignal: readonly ConformanceTest[] = [
  conformance(
    "SRV-06",
    "the client does not see the failure of a Begin_ that has signaled",
    SERVED,
    async (stage) => {
      const begin = (call: ServerCallObject) => () => {
        call.signal();
        throw new ComError(E_FAIL, "AsyncIAdder::Begin_Add");
      };
      const pointer = await stage.serve([IAdder], () =>
        adder({ createCall: (call) => addingCall(begin(call)) }),
      );
      const call = await stage.callOf(pointer, AsyncIAdder);

      const hr = await hrOf(call.Begin_Add(40, 2));

      assert.equal(hr, S_OK);
      assert.equal(await call.Finish_Add(), 42);
    },
  ),

  conformance(
    "SRV-06",
    "a failure that the server keeps for Finish_ is the client's result",
    SERVED,
    async (stage) => {
      const createCall = (call: ServerCallObject) => ({
        Begin_Add: () => {
          call.signal();
          throw new ComError(E_FAIL, "AsyncIAdder::Begin_Add");
        },
        Finish_Add: () => {
          throw new ComError(E_ACCESSDENIED, "AsyncIAdder::Finish_Add");
        },
      });
      const pointer = await stage.serve([IAdder], () => adder({ createCall }));
      const call = await stage.callOf(pointer, AsyncIAdder);

      await call.Begin_Add(40, 2);

      await assertFails(call.Finish_Add(), E_ACCESSDENIED);
    },
  ),

  conformance(
    "SRV-07",
    "a Begin_ that fails without a signal completes the call with its HRESULT",
    { at: "marshaled" },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      const call = await stage.callOf(pipe, AsyncIPipeByte);

      await call.Begin_Pull(TOO_MANY_BYTES);

      await assertFails(call.Finish_Pull(), E_INVALIDARG);
      const { created, finished, alive } = await control.GetCounts();
      assert.deepEqual({ created, finished, alive }, { created: 1, finished: 0, alive: 0 });
    },
  ),

  conformance(
    "SRV-08",
    "a server that signals inside Begin_ completes the call",
    { at: "both" },
    async (stage) => {
      const calculator = await stage.calculator();
      const call = await stage.callOf(calculator, AsyncICalculator);

      await call.Begin_Add(40, 2);

      assert.equal(await call.wait(), true);
      assert.equal(await call.Finish_Add(), 42);
    },
  ),

  conformance("SRV-08", "Finish_ runs once after a signal inside Begin_", SERVED, async (stage) => {
    let finished = 0;
    const createCall = (call: ServerCallObject) => ({
      Begin_Add: () => void call.signal(),
      Finish_Add: () => ++finished,
    });
    const pointer = await stage.serve([IAdder], () => adder({ createCall }));

    const result = await pointer.Add(40, 2);

    assert.equal(result, 1);
    assert.equal(finished, 1);
  }),

  conformance(
    "SRV-09",
    "a server signals long after Begin_ has returned",
    SERVED_IN_VIRTUAL_TIME,
    async (stage) => {
      const { call, host, object } = await begunCall(stage, "sta");
      const early = await call.wait(LONG_MS);

      const hr = await signalIn(host, object);

      assert.equal(early, false);
      assert.equal(hr, S_OK);
      assert.equal(await call.Finish_Add(), 42);
    },
  ),

  conformance(
    "SRV-10",
    "an STA's server signals on its own thread, after a timer",
    SERVED,
    async (stage) => {
      const { call, host, object } = await begunCall(stage, "sta");

      const hr = await signalIn(host, object);

      assert.equal(hr, S_OK);
      assert.equal(await call.Finish_Add(), 42);
    },
  ),

  conformance(
    "SRV-10",
    "an MTA's server signals on any thread of the MTA",
    SERVED,
    async (stage) => {
      const { call, host, object } = await begunCall(stage, "mta");

      const hr = await signalIn(host, object);

      assert.equal(hr, S_OK);
      assert.equal(await call.Finish_Add(), 42);
    },
  ),

  conformance(
    "SRV-10",
    "a signal from the MTA does not complete the call of an STA's server",
    SERVED_IN_VIRTUAL_TIME,
    async (stage) => {
      const { call, host, object } = await begunCall(stage, "sta");
      const mta = await begunCall(stage, "mta");

      const hr = await signalIn(mta.host, object);

      assert.equal(hr, RPC_E_WRONG_THREAD);
      assert.equal(await call.wait(LONG_MS), false);
      await signalIn(host, object);
      await signalIn(mta.host, mta.object);
      assert.equal(await call.Finish_Add(), 42);
    },
  ),

  conformance(
    "SRV-10",
    "a signal from an STA does not complete the call of an MTA's server",
    SERVED_IN_VIRTUAL_TIME,
    async (stage) => {
      const { call, host, object } = await begunCall(stage, "mta");
      const sta = await begunCall(stage, "sta");

      const hr = await signalIn(sta.host, object);

      assert.equal(hr, RPC_E_WRONG_THREAD);
      assert.equal(await call.wait(LONG_MS), false);
      await signalIn(host, object);
      await signalIn(sta.host, sta.object);
      assert.equal(await call.Finish_Add(), 42);
    },
  ),

  conformance(
    "SRV-11",
    "signaling a private event does not complete a marshaled call",
    SERVED_IN_VIRTUAL_TIME,
    async (stage) => {
      const { call, host, object } = await begunCall(stage, "sta");
      const event = stage.hold(await host.com.createInstance(CLSID_ManualResetEvent, ISynchronize));

      await event.Signal();

      assert.equal(await hrOf(event.Wait(0, 0)), S_OK);
      assert.equal(await call.wait(LONG_MS), false);
      await signalIn(host, object);
      assert.equal(await call.Finish_Add(), 42);
    },
  ),

  conformance(
    "SRV-20",
    "a second signal is harmless, and Finish_ runs once",
    SERVED,
    async (stage) => {
      let finished = 0;
      const pointer = await stage.serve([IAdder], (host) =>
        adder({
          createCall: (object) => ({
            Begin_Add: () =>
              void host.setTimer(1, () => {
                object.signal();
                object.signal();
              }),
            Finish_Add: () => ++finished,
          }),
        }),
      );

      const result = await pointer.Add(40, 2);

      assert.equal(result, 1);
      assert.equal(finished, 1);
    },
  ),

  conformance(
    "SRV-20",
    "a signal for a finished call does not complete the client's next call",
    SERVED_IN_VIRTUAL_TIME,
    async (stage) => {
      const objects: ServerCallObject[] = [];
      const home = gate<Host>();
      const pointer = await stage.serve([IAdder], (host) => {
        home.open(Promise.resolve(host));
        return adder({ createCall: (object) => addingCall(() => void objects.push(object)) });
      });
      const host = await home.opened;
      const call = await stage.callOf(pointer, AsyncIAdder);
      await call.Begin_Add(1, 1);
      assert.equal(await call.wait(1), false);
      await signalIn(host, objects[0] as ServerCallObject);
      await call.Finish_Add();
      await call.Begin_Add(2, 2);

      await signalIn(host, objects[0] as ServerCallObject);

      assert.equal(await call.wait(LONG_MS), false);
      await signalIn(host, objects[1] as ServerCallObject);
      assert.equal(await call.Finish_Add(), 4);
    },
  ),
];
