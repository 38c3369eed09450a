import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  E_INVALIDARG,
  ICallFactory,
  INFINITE,
  type Interface,
  type InterfacePointer,
  ISynchronize,
  RPC_E_CALL_COMPLETE,
  RPC_S_CALLPENDING,
  S_OK,
} from "callfactory";
import { AsyncICalculator } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";

const IN_PLACE = { at: "same-apartment" } as const;
const BYTES = Uint8Array.of(1, 2, 3);

/** The object's own call object by its vtable: nobody aggregates it. */
async function rawCall<S>(
  stage: Stage,
  pointer: InterfacePointer<unknown>,
  iface: Interface<S>,
): Promise<InterfacePointer<S>> {
  const factory = await stage.query(pointer, ICallFactory);
  const unknown = await factory.CreateCall(iface.iid, null, iface.iid);
  assert.ok(unknown);
  return stage.query(stage.hold(unknown), iface);
}

/** A raw call object of a pipe, idle; the next calls stay open until CompleteCalls. */
async function rawPipeCall(stage: Stage) {
  const { pipe, control } = await stage.slowPipe();
  await control.SetDelay(INFINITE);
  const call = await rawCall(stage, pipe, AsyncIPipeByte);
  return { pipe, control, call };
}

/** What a server's call object does by itself, for clients of its own apartment. */
export const srvCallRaw: readonly ConformanceTest[] = [
  conformance(
    "SRV-12",
    "a call object that nobody aggregates has an ISynchronize of its own",
    IN_PLACE,
    async (stage) => {
      const { call, control } = await rawPipeCall(stage);
      await call.Begin_Push(BYTES, 3);
      const synchronize = await stage.query(call, ISynchronize);

      const open = await hrOf(synchronize.Wait(0, 0));
      await control.CompleteCalls();
      const completed = await hrOf(synchronize.Wait(0, 0));

      assert.deepEqual([open, completed], [RPC_S_CALLPENDING, S_OK]);
      await call.Finish_Push();
    },
  ),

  conformance(
    "SRV-12",
    "the call object's ISynchronize has the call object's identity",
    IN_PLACE,
    async (stage) => {
      const { call } = await rawPipeCall(stage);

      const synchronize = await stage.query(call, ISynchronize);

      assert.equal(await synchronize.isSameObject(call), true);
      await stage.query(synchronize, AsyncIPipeByte);
    },
  ),

  conformance(
    "SRV-13",
    "a server's Finish_ waits for work that is not done",
    IN_PLACE,
    async (stage) => {
      const { call, control } = await rawPipeCall(stage);
      await control.SetDelay(20);
      await call.Begin_Push(BYTES, 3);

      const hr = await hrOf(call.Finish_Push());

      assert.equal(hr, S_OK);
      assert.equal((await control.GetCounts()).finished, 1);
    },
  ),

  conformance(
    "SRV-13",
    "a server's Finish_ returns the stored HRESULT and leaves the call object idle",
    IN_PLACE,
    async (stage) => {
      const call = await rawCall(stage, await stage.calculator(), AsyncICalculator);
      await call.Begin_Divide(1, 0);

      await assertFails(call.Finish_Divide(), E_INVALIDARG);

      await assertFails(call.Finish_Divide(), RPC_E_CALL_COMPLETE);
      assert.equal(await hrOf(call.Begin_Add(40, 2)), S_OK);
      assert.equal(await call.Finish_Add(), 42);
    },
  ),

  conformance(
    "SRV-13",
    "a server's Finish_ hands out the results of the call that was begun",
    IN_PLACE,
    async (stage) => {
      const call = await rawCall(stage, await stage.calculator(), AsyncICalculator);
      await call.Begin_Divide(17, 5);

      const result = await call.Finish_Divide();

      assert.deepEqual(result, { quotient: 3, remainder: 2 });
    },
  ),

  conformance(
    "SRV-14",
    "a server's call object refuses a Begin_ while it is busy",
    IN_PLACE,
    async (stage) => {
      const { call, control } = await rawPipeCall(stage);
      await call.Begin_Push(BYTES, 3);

      await assertFails(call.Begin_Push(BYTES, 3), RPC_S_CALLPENDING);
      await assertFails(call.Begin_Pull(1), RPC_S_CALLPENDING);

      assert.equal((await control.GetCounts()).begun, 1);
      await control.CompleteCalls();
      assert.equal(await hrOf(call.Finish_Push()), S_OK);
    },
  ),

  conformance(
    "SRV-14",
    "a server's call object refuses a Finish_ while it is idle",
    IN_PLACE,
    async (stage) => {
      const { call, control } = await rawPipeCall(stage);

      await assertFails(call.Finish_Push(), RPC_E_CALL_COMPLETE);

      assert.equal((await control.GetCounts()).finished, 0);
    },
  ),
];
