import assert from "node:assert/strict";
import {
  ComError,
  type Host,
  RPC_C_CANCEL_INFINITE_TIMEOUT,
  RPC_E_CALL_CANCELED,
  RPC_E_CALL_COMPLETE,
  S_OK,
  type ServerCallObject,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { adder, type AdderCall, AsyncIAdder, IAdder } from "./srv-adder.ts";
import { gate } from "./sync-gate.ts";

const IN_VIRTUAL_TIME = { at: "marshaled", needs: ["register-class", "virtual-clock"] } as const;

/** How long the servers here work, how often the polite one looks up, and how long clients wait. */
const WORK_MS = 60_000;
const POLL_MS = 100;
const CANCEL_SECONDS = 5;

/** A call object that stops as soon as it sees that the client has canceled. */
function politeCall(host: Host, object: ServerCallObject): AdderCall {
  const endsAtMs = host.clock.now() + WORK_MS;
  let isCanceled = false;
  const poll = (): void => {
    isCanceled = object.testCancel() === RPC_E_CALL_CANCELED;
    if (isCanceled || host.clock.now() >= endsAtMs) object.signal();
    else host.setTimer(POLL_MS, poll);
  };
  return {
    Begin_Add: poll,
    Finish_Add: () => {
      if (isCanceled) throw new ComError(RPC_E_CALL_CANCELED, "AsyncIAdder::Finish_Add");
      return 42;
    },
  };
}

/** A call object that never asks whether the client has canceled. */
function stubbornCall(host: Host, object: ServerCallObject): AdderCall {
  return {
    Begin_Add: () => void host.setTimer(WORK_MS, () => object.signal()),
    Finish_Add: () => 42,
  };
}

/** A call begun at virtual time 0, served by what `serve` makes. */
async function begunCall(stage: Stage, serve: typeof politeCall) {
  const pointer = await stage.serve([IAdder], (host) =>
    adder({ createCall: (object) => serve(host, object) }),
  );
  const call = await stage.callOf(pointer, AsyncIAdder);
  assert.equal(stage.com.clock.now(), 0);
  await call.Begin_Add(40, 2);
  return { pointer, call, clock: stage.com.clock };
}

/** A call begun at virtual time 0 on a server whose only thread is stuck in it. */
async function callOnHungServer(stage: Stage) {
  const stuck = gate();
  const pointer = await stage.serve([IAdder], (host) =>
    adder({
      add: async (a, b) => {
        stuck.open();
        await host.sleep(WORK_MS);
        return a + b;
      },
    }),
  );
  const call = await stage.callOf(pointer, AsyncIAdder);
  await call.Begin_Add(40, 2);
  await stuck.opened;
  return { pointer, call, clock: stage.com.clock };
}

/** What cancellation is to a server, and how long clients wait for it. */
export const canServer: readonly ConformanceTest[] = [
  conformance(
    "CAN-05",
    "Finish_ after Cancel(0) does not wait for a hung server",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const { call, clock } = await callOnHungServer(stage);

      await call.cancel(0);

      await assertFails(call.Finish_Add(), RPC_E_CALL_CANCELED);
      assert.equal(clock.now(), 0);
    },
  ),

  conformance(
    "CAN-05",
    "a canceled call object begins another call while its server hangs",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const { call, clock } = await callOnHungServer(stage);
      await call.cancel(0);
      await hrOf(call.Finish_Add());

      const hr = await hrOf(call.Begin_Add(1, 2));

      assert.equal(hr, S_OK);
      assert.equal(clock.now(), 0);
      assert.equal(await call.Finish_Add(), 3);
    },
  ),

  conformance(
    "CAN-06",
    "a call that completes while Cancel waits was not canceled",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const { call } = await begunCall(stage, stubbornCall);

      const hr = await hrOf(call.cancel(RPC_C_CANCEL_INFINITE_TIMEOUT));

      assert.equal(hr, RPC_E_CALL_COMPLETE);
      assert.equal(await call.Finish_Add(), 42);
    },
  ),

  conformance(
    "CAN-09",
    "Cancel(5) returns early when the server heeds it",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const { call, clock } = await begunCall(stage, politeCall);

      await hrOf(call.cancel(CANCEL_SECONDS));

      assert.equal(clock.now(), POLL_MS);
      await assertFails(call.Finish_Add(), RPC_E_CALL_CANCELED);
    },
  ),

  conformance(
    "CAN-09",
    "Cancel(5) waits five seconds for a server that ignores it",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const { call, clock } = await begunCall(stage, stubbornCall);

      const hr = await hrOf(call.cancel(CANCEL_SECONDS));

      assert.equal(hr, S_OK);
      assert.equal(clock.now(), CANCEL_SECONDS * 1000);
      await assertFails(call.Finish_Add(), RPC_E_CALL_CANCELED);
      assert.equal(clock.now(), CANCEL_SECONDS * 1000);
    },
  ),

  conformance(
    "CAN-09",
    "Cancel without limit waits until the server replies",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const { call, clock } = await begunCall(stage, stubbornCall);

      await hrOf(call.cancel(RPC_C_CANCEL_INFINITE_TIMEOUT));

      assert.equal(clock.now(), WORK_MS);
      await call.Finish_Add();
    },
  ),

  conformance(
    "CAN-09",
    "Cancel without limit ends early when the server heeds it",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const { call, clock } = await begunCall(stage, politeCall);

      await hrOf(call.cancel(RPC_C_CANCEL_INFINITE_TIMEOUT));

      assert.equal(clock.now(), POLL_MS);
      await assertFails(call.Finish_Add(), RPC_E_CALL_CANCELED);
    },
  ),

  conformance(
    "CAN-10",
    "Cancel(0) never blocks, also on a hung server",
    IN_VIRTUAL_TIME,
    async (stage) => {
      const { call, clock } = await callOnHungServer(stage);

      const hr = await hrOf(call.cancel(0));

      assert.equal(hr, S_OK);
      assert.equal(clock.now(), 0);
    },
  ),
];
