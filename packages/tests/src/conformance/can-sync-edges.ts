import assert from "node:assert/strict";
import {
  CO_E_CANCEL_DISABLED,
  COINIT_APARTMENTTHREADED,
  defineInterface,
  E_NOINTERFACE,
  ICancelMethodCalls,
  IUnknown,
  method,
  param,
  pointerTo,
  RPC_E_CALL_CANCELED,
  S_OK,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { gate, IWorker } from "./call-worker.ts";
import { POLL_MS, SYNC_CANCEL, shift, workOn } from "./can-sync-worker.ts";

/** Hires workers, in its own time. */
const IHirer = defineInterface({
  name: "IHirer",
  iid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a661",
  base: IUnknown,
  methods: [method("Hire", [param.retval("worker", pointerTo(IWorker))])],
});

/** A client that gives up after a while; what its server has seen of that by then. */
async function giveUp(stage: Stage): Promise<number> {
  const one = await shift(stage, "heed");
  const controller = new AbortController();
  const work = one.worker.Work(1, { lane: "worker", signal: controller.signal });
  await one.entered.opened;

  controller.abort();

  await assertFails(work, RPC_E_CALL_CANCELED);
  await new Promise<void>((resolve) => stage.com.clock.setTimer(2 * POLL_MS, resolve));
  return one.seen;
}

/** Synchronous calls while they are being canceled, and after. */
export const canSyncEdges: readonly ConformanceTest[] = [
  conformance(
    "CAN-14",
    "a caller that gives up tells the server, where its thread lets calls be canceled",
    SYNC_CANCEL,
    async (stage) => {
      await stage.com.functions.CoEnableCallCancellation();

      assert.equal(await giveUp(stage), 1);
    },
  ),

  conformance(
    "CAN-14",
    "a caller that gives up tells the server nothing where its thread does not",
    SYNC_CANCEL,
    async (stage) => {
      assert.equal(await giveUp(stage), 0);
    },
  ),

  conformance(
    "CAN-14",
    "cancellation that was taken back during a call is disabled after it",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      const { work } = await workOn(await shift(stage));
      await functions.CoDisableCallCancellation();
      assert.equal(await work, 1);

      await assertFails(functions.CoCancelCall(0, 0), CO_E_CANCEL_DISABLED);
    },
  ),

  ...(["mta", "sta"] as const).map((kind) =>
    conformance(
      "CAN-17",
      `a thread that leaves the ${kind.toUpperCase()} and enters it again has cancellation disabled`,
      SYNC_CANCEL,
      async (stage) => {
        const { functions } = await stage.com.openApartment(kind);
        await functions.CoEnableCallCancellation();

        await functions.CoUninitialize();
        await functions.CoInitializeEx(kind === "mta" ? 0 : COINIT_APARTMENTTHREADED);

        await assertFails(functions.CoCancelCall(0, 0), CO_E_CANCEL_DISABLED);
        await assertFails(functions.CoDisableCallCancellation(), CO_E_CANCEL_DISABLED);
      },
    ),
  ),

  conformance(
    "CAN-21",
    "cancellation that was taken back is disabled when the marshaler's object has gone",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      const object = stage.com.implement([ICancelMethodCalls], {
        Cancel: () => {},
        TestCancel: () => {},
      });
      await functions.CoSetCancelObject(stage.hold(object));
      await functions.CoDisableCallCancellation();
      await functions.CoSetCancelObject(null);

      await assertFails(functions.CoCancelCall(0, 0), CO_E_CANCEL_DISABLED);
    },
  ),

  conformance(
    "CAN-20",
    "TestCancel of a cancel object says RPC_E_CALL_CANCELED while its Cancel still waits",
    SYNC_CANCEL,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoEnableCallCancellation();
      const { work } = await workOn(await shift(stage));
      const unknown = await functions.CoGetCancelObject(0, ICancelMethodCalls.iid);
      assert.ok(unknown);
      const object = await stage.query(stage.hold(unknown), ICancelMethodCalls);
      const canceling = hrOf(object.Cancel(1));

      await assertFails(object.TestCancel(), RPC_E_CALL_CANCELED);

      await canceling;
      await assertFails(work, RPC_E_CALL_CANCELED);
    },
  ),

  conformance(
    "CAN-20",
    "calls that end in any order leave those to be found that are still pending",
    SYNC_CANCEL,
    async (stage) => {
      const ends = [gate(), gate(), gate()] as const;
      const clsid = "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a662";
      const unregister = stage.com.registerClass({
        clsid,
        threadingModel: "Free",
        interfaces: [IWorker],
        create: () => ({
          Work: async (value) => {
            await ends[value]?.opened;
            return value;
          },
        }),
      });
      const client = await stage.com.openApartment("sta");
      const worker = stage.hold(await client.createInstance(clsid, IWorker));
      const { CoCancelCall } = client.functions;
      const cancel = () => hrOf(CoCancelCall.call(client.functions, 0, 0));
      await client.functions.CoEnableCallCancellation();
      const [outer, middle, inner] = [0, 1, 2].map((i) => worker.Work(i, { lane: "worker" }));

      ends[1].open();
      assert.equal(await middle, 1);
      assert.equal(await cancel(), S_OK);
      await assertFails(inner as Promise<unknown>, RPC_E_CALL_CANCELED);
      assert.equal(await cancel(), S_OK);
      await assertFails(outer as Promise<unknown>, RPC_E_CALL_CANCELED);

      assert.equal(await cancel(), E_NOINTERFACE);
      for (const end of ends) end.open();
      unregister();
    },
  ),

  conformance(
    "CAN-12",
    "the pointers of a reply that comes after its call was canceled are released",
    SYNC_CANCEL,
    async (stage) => {
      const [entered, proceed, gone] = [gate(), gate(), gate()];
      const hirer = await stage.serve([IHirer], ({ com }) => ({
        Hire: async () => {
          entered.open();
          await proceed.opened;
          return com.implement([IWorker], { Work: () => 0, finalRelease: () => gone.open() });
        },
      }));
      await stage.com.functions.CoEnableCallCancellation();
      const hiring = hrOf(hirer.Hire());
      await entered.opened;
      await stage.com.functions.CoCancelCall(0, 0);

      proceed.open();

      assert.equal(await hiring, RPC_E_CALL_CANCELED);
      // Were a reference left, this would never return.
      await gone.opened;
    },
  ),
];
