import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  asyncOf,
  ComError,
  CO_E_NOTINITIALIZED,
  defineInterface,
  E_FAIL,
  E_HANDLE,
  E_UNEXPECTED,
  hresultName,
  ICancelMethodCalls,
  INFINITE,
  IPipeByte,
  ISynchronize,
  ISynchronizeHandle,
  IUnknown,
  LONG,
  method,
  param,
  pointerTo,
  RPC_E_CALL_CANCELED,
  RPC_E_CALL_COMPLETE,
  RPC_E_DISCONNECTED,
  RPC_S_CALLPENDING,
} from "callfactory";
import { AsyncICalculator, ICalculator } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import { openPipe } from "./beg-pending.ts";
import { createHeldCall } from "./call-create.ts";
import { gate, IWorker } from "./call-worker.ts";

/** Lends a worker and says how many it has. */
const ILender = defineInterface({
  name: "ILender",
  iid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a641",
  asyncIid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a642",
  base: IUnknown,
  methods: [method("Lend", [param.in("count", LONG), param.retval("worker", pointerTo(IWorker))])],
});

/** The states of a client's call object, at their edges. */
export const callStates: readonly ConformanceTest[] = [
  conformance(
    "CAN-11",
    "TestCancel of a call object that has begun nothing returns RPC_E_CALL_COMPLETE",
    { at: "marshaled" },
    async (stage) => {
      const call = await stage.callOf(await stage.calculator(), AsyncICalculator);

      const hr = await call.testCancel();

      assert.equal(hresultName(hr), "RPC_E_CALL_COMPLETE");
    },
  ),

  conformance(
    "CAN-11",
    "TestCancel returns RPC_E_CALL_CANCELED while Cancel still waits for the server",
    { at: "marshaled" },
    async (stage) => {
      const { control, call } = await openPipe(stage);
      await call.Begin_Pull(4);
      const canceling = call.cancel(60);

      const hr = await call.testCancel();

      await control.CompleteCalls();
      await hrOf(canceling);
      assert.equal(hresultName(hr), hresultName(RPC_E_CALL_CANCELED));
    },
  ),

  conformance(
    "FIN-02",
    "of two Finish_ that wait for one call the second returns RPC_E_CALL_COMPLETE",
    { at: "marshaled" },
    async (stage) => {
      const { control, call } = await openPipe(stage);
      await call.Begin_Pull(4);
      const [first, second] = [call.Finish_Pull(), call.Finish_Pull()];

      await control.CompleteCalls();

      assert.equal((await first).length, 4);
      await assertFails(second, RPC_E_CALL_COMPLETE);
    },
  ),

  conformance(
    "BEG-05",
    "a Begin_ whose Reset begins another call returns RPC_S_CALLPENDING",
    { at: "marshaled", needs: ["synchronize-hooks"] },
    async (stage) => {
      const calculator = await stage.calculator();
      let inner: Promise<void> | undefined;
      const call = await stage.callOf(calculator, AsyncICalculator, {
        synchronize: {
          Reset: () => {
            if (inner === undefined) {
              inner = Promise.resolve();
              inner = call.Begin_Add(2, 3);
            }
          },
        },
      });

      await assertFails(call.Begin_Add(40, 50), RPC_S_CALLPENDING);

      await inner;
      assert.equal(await call.Finish_Add(), 5);
    },
  ),

  conformance(
    "BEG-08",
    "a Reset that throws anything else than a ComError makes Begin_ fail with E_UNEXPECTED",
    { at: "marshaled", needs: ["synchronize-hooks"] },
    async (stage) => {
      const call = await stage.callOf(await stage.calculator(), AsyncICalculator, {
        synchronize: {
          Reset: () => {
            throw new Error("not now");
          },
        },
      });

      await assertFails(call.Begin_Add(2, 3), E_UNEXPECTED);
    },
  ),

  conformance(
    "SYNC-24",
    "the pointers of a reply go when the outer's Signal fails",
    { at: "marshaled", needs: ["synchronize-hooks", "register-class"] },
    async (stage) => {
      const gone = gate();
      const lender = await stage.serve([ILender], ({ com }) => ({
        Lend: (count) =>
          com.implement([IWorker], { Work: () => count, finalRelease: () => gone.open() }),
      }));
      const call = await stage.callOf(lender, asyncOf(ILender), {
        synchronize: {
          Signal: () => {
            throw new ComError(E_FAIL, "ISynchronize::Signal");
          },
        },
      });
      await call.Begin_Lend(1);

      await assertFails(call.Finish_Lend(), E_FAIL);

      // Were a reference left, this would never return.
      await gone.opened;
    },
  ),

  ...[false, true].map((cancels) =>
    conformance(
      "CALL-09",
      `Finish_ takes the word of an outer's Wait: a call ${cancels ? "being canceled" : "under way"} has no result`,
      { at: "marshaled", needs: ["implement", "proxy-call-factory"] },
      async (stage) => {
        const { pipe, control } = await stage.slowPipe();
        await control.SetDelay(INFINITE);
        const outer = stage.com.implement([ISynchronize], {
          Wait: () => {},
          Signal: () => {},
          Reset: () => {},
        });
        stage.hold(outer);
        const inner = await createHeldCall(stage, pipe, { riid: AsyncIPipeByte.iid, outer });
        const call = await stage.query(inner, AsyncIPipeByte);
        const canceler = await stage.query(inner, ICancelMethodCalls);
        await call.Begin_Pull(4);
        const canceling = cancels ? hrOf(canceler.Cancel(60)) : undefined;

        await assertFails(call.Finish_Pull(), E_UNEXPECTED);

        await control.CompleteCalls();
        await canceling;
        assert.equal((await call.Finish_Pull()).length, 4);
      },
    ),
  ),

  ...[false, true].map((hooked) =>
    conformance(
      "SYNC-14",
      `the handle of a ${hooked ? "call object inside an outer" : "call object"} ends with it`,
      { at: "marshaled", needs: ["functions", "synchronize-hooks"] },
      async (stage) => {
        const calculator = await stage.calculator();
        const options = hooked ? { synchronize: { Signal: () => {} } } : {};
        const call = await calculator.createCall(AsyncICalculator, options);
        const event = await call.queryInterface(ISynchronizeHandle);
        const handle = await event.GetHandle();

        event.release();
        call.release();

        await assertFails(stage.com.functions.WaitForSingleObject(handle, 0), E_HANDLE);
      },
    ),
  ),

  conformance(
    "LIFE-09",
    "Begin_ on a call object of an apartment that has ended says so",
    { at: "marshaled", needs: ["proxy-call-factory"] },
    async (stage) => {
      const { com } = stage;
      const sta = await com.openApartment("sta");
      const packet = await com.marshal(await stage.calculator());
      const here = stage.hold(await sta.unmarshal(packet, ICalculator));
      const call = await stage.callOf(here, AsyncICalculator);

      await sta.close();

      const hr = await hrOf(call.Begin_Add(2, 3));
      assert.ok(([RPC_E_DISCONNECTED, CO_E_NOTINITIALIZED] as number[]).includes(hr));
    },
  ),

  conformance(
    "LIFE-09",
    "a Signal that waits for an STA ends with it",
    { at: "marshaled", needs: ["synchronize-hooks", "implement", "virtual-clock"] },
    async (stage) => {
      const { com } = stage;
      const sta = await com.openApartment("sta");
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(INFINITE);
      const here = stage.hold(await sta.unmarshal(await com.marshal(pipe), IPipeByte));
      const [busy, done] = [gate(), gate()];
      const blocked = stage.hold(
        sta.implement([IWorker], {
          Work: async (value) => {
            busy.open();
            await done.opened;
            return value;
          },
        }),
      );
      const blocker = stage.hold(await com.unmarshal(await sta.marshal(blocked), IWorker));
      let signals = 0;
      const call = await stage.callOf(here, AsyncIPipeByte, {
        synchronize: { Signal: () => void signals++ },
      });
      await call.Begin_Pull(4);
      const working = hrOf(blocker.Work(1));
      await busy.opened;
      await control.CompleteCalls();
      await new Promise<void>((resolve) => com.clock.setTimer(1000, resolve));

      await sta.close();

      done.open();
      await working;
      assert.equal(signals, 0);
    },
  ),
];
