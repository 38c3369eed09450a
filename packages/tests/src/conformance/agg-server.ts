import assert from "node:assert/strict";
import {
  CLSID_ManualResetEvent,
  ComError,
  E_INVALIDARG,
  E_NOINTERFACE,
  type Host,
  ICallFactory,
  type IncomingCall,
  type InterfacePointer,
  ISynchronize,
  ISynchronizeHandle,
  IUnknown,
  type NoMethods,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { createCallRaw, createHeldCall } from "./call-create.ts";
import { AsyncIWorker, IWorker } from "./call-worker.ts";

const ANYWHERE = { at: "both", needs: ["register-class", "aggregable-event"] } as const;

/** When a call object signals its own event, which is nobody's business, and when the call's. */
interface Delays {
  readonly ownMs?: number;
  readonly callMs: number;
}

/**
 * A call object in the shape of the SDK's samples: it aggregates ManualResetEvent under its own
 * controlling unknown, by whose ISynchronize it signals.
 */
async function newCallObject(
  { com, setTimer }: Host,
  controlling: InterfacePointer<NoMethods> | null,
  { ownMs, callMs }: Delays,
) {
  let event: InterfacePointer<NoMethods> | null = null;
  let value = 0;
  const signalAfter = async (
    delayMs: number,
    unknown: InterfacePointer<NoMethods>,
  ): Promise<void> => {
    const synchronize = await unknown.queryInterface(ISynchronize);
    await synchronize.Reset();
    setTimer(delayMs, () => void synchronize.Signal().finally(() => synchronize.release()));
  };
  const begin = async (call: IncomingCall): Promise<void> => {
    // The inner unknown gives what is its own, past whoever controls it.
    if (ownMs !== undefined && event !== null) await signalAfter(ownMs, event);
    const self = await call.self(IUnknown);
    await signalAfter(callMs, self);
    self.release();
  };
  const object = com.implement(
    [AsyncIWorker],
    {
      Begin_Work: async (given, call) => {
        value = given;
        await begin(call);
      },
      Finish_Work: () => value * 2,
      queryInner: () => event,
      finalRelease: () => event?.release(),
    },
    { outer: controlling },
  );
  const outer = controlling ?? object;
  event = await com.createInstance(CLSID_ManualResetEvent, IUnknown, { outer });
  return object;
}

/** A server that implements ICallFactory itself, and notes what it is asked for. */
async function factoryServer(stage: Stage, delays: Delays = { callMs: 10 }) {
  const asked: unknown[] = [];
  const worker = await stage.serve([IWorker, ICallFactory], (host) => ({
    Work: (value) => value,
    CreateCall: async (riid, pCtrlUnk, riid2) => {
      asked.push({ aggregated: pCtrlUnk !== null, riid2 });
      const where = "ICallFactory::CreateCall";
      if (riid !== AsyncIWorker.iid) throw new ComError(E_NOINTERFACE, where);
      if (pCtrlUnk !== null && riid2 !== IUnknown.iid) throw new ComError(E_INVALIDARG, where);
      const call = await newCallObject(host, pCtrlUnk, delays);
      if (riid2 === IUnknown.iid) return call;
      const wanted = riid2 === ISynchronize.iid ? ISynchronize : AsyncIWorker;
      const pointer = await call.queryInterface<unknown>(wanted);
      call.release();
      return pointer as InterfacePointer<NoMethods>;
    },
  }));
  return { worker, asked };
}

/** Servers' call objects that aggregate COM's event, made by a factory of their own. */
export const aggServer: readonly ConformanceTest[] = [
  conformance(
    "SRV-12",
    "a call object that aggregates ManualResetEvent completes for clients of either place",
    ANYWHERE,
    async (stage) => {
      const { worker } = await factoryServer(stage);
      const call = await stage.callOf(worker, AsyncIWorker);

      await call.Begin_Work(21);
      const isSignaled = await call.wait(0);
      await call.wait();

      assert.equal(isSignaled, false);
      assert.equal(await call.Finish_Work(), 42);
    },
  ),

  conformance(
    "SRV-12",
    "in the client's apartment the ISynchronize of the call object is that of the aggregated event",
    { ...ANYWHERE, at: "same-apartment" },
    async (stage) => {
      const { worker } = await factoryServer(stage);
      const inner = await createHeldCall(stage, worker, { riid: AsyncIWorker.iid });

      const synchronize = await stage.query(inner, ISynchronize);
      const handle = await stage.query(synchronize, ISynchronizeHandle);

      assert.ok(await handle.isSameObject(inner));
    },
  ),

  conformance(
    "SRV-11",
    "a call object that signals its own event completes no marshaled call",
    { at: "marshaled", needs: [...ANYWHERE.needs, "virtual-clock"] },
    async (stage) => {
      const { worker } = await factoryServer(stage, { ownMs: 10, callMs: 5000 });
      const call = await stage.callOf(worker, AsyncIWorker);

      await call.Begin_Work(1);
      const isSignaled = await call.wait(1000);
      await call.Finish_Work();

      assert.deepEqual([isSignaled, stage.com.clock.now()], [false, 5000]);
    },
  ),

  conformance(
    "CALL-10",
    "COM gives a factory its own outer, and asks it for IUnknown",
    { ...ANYWHERE, at: "marshaled" },
    async (stage) => {
      const { worker, asked } = await factoryServer(stage);

      assert.equal(await worker.Work(3), 6);

      assert.deepEqual(asked, [{ aggregated: true, riid2: IUnknown.iid }]);
    },
  ),

  conformance(
    "CALL-11",
    "a factory of the client's apartment gets the client's outer and riid2 as they are",
    { ...ANYWHERE, at: "same-apartment" },
    async (stage) => {
      const { worker, asked } = await factoryServer(stage);
      const { iid: riid } = AsyncIWorker;

      await assertFails(createCallRaw(worker, { riid, outer: worker, riid2: riid }), E_INVALIDARG);
      await createHeldCall(stage, worker, { riid, outer: worker });
      const hr = await hrOf(createHeldCall(stage, worker, { riid: IWorker.iid }));

      assert.equal(hr, E_NOINTERFACE);
      assert.deepEqual(asked, [
        { aggregated: true, riid2: riid },
        { aggregated: true, riid2: IUnknown.iid },
        { aggregated: false, riid2: IUnknown.iid },
      ]);
    },
  ),
];
