import assert from "node:assert/strict";
import {
  CLASS_E_NOAGGREGATION,
  CLSID_ManualResetEvent,
  CLSID_StdEvent,
  CLSID_SynchronizeContainer,
  E_NOINTERFACE,
  type Guid,
  type InterfacePointer,
  ISynchronize,
  ISynchronizeHandle,
  IUnknown,
  type NoMethods,
  RPC_S_CALLPENDING,
  S_OK,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { IWorker } from "./call-worker.ts";

const IN_PLACE = { at: "same-apartment", needs: ["aggregable-event", "implement"] } as const;

/**
 * An outer around one of COM's events: IWorker is its own, the rest it leaves to the event, or of
 * the rest what `iids` lists.
 */
async function aggregate(stage: Stage, clsid: Guid, iids: readonly string[] | null = null) {
  let inner: InterfacePointer<NoMethods> | null = null;
  let isReleased = false;
  const outer = stage.hold(
    stage.com.implement([IWorker], {
      Work: (value) => value,
      queryInner: (iid) => (iids === null || iids.includes(iid) ? inner : null),
      finalRelease: () => {
        isReleased = true;
        inner?.release();
      },
    }),
  );
  inner = await stage.com.createInstance(clsid, IUnknown, { outer });
  return { outer, inner, isReleased: () => isReleased };
}

const EVENTS = [
  ["StdEvent", CLSID_StdEvent, RPC_S_CALLPENDING],
  ["ManualResetEvent", CLSID_ManualResetEvent, S_OK],
] as const;

/** COM's events inside outer objects. */
export const aggEvents: readonly ConformanceTest[] = [
  ...EVENTS.map(([name, clsid, second]) =>
    conformance(
      "SYNC-13",
      `an aggregated ${name} gives its outer an ISynchronize`,
      IN_PLACE,
      async (stage) => {
        const { outer } = await aggregate(stage, clsid);
        const synchronize = await stage.query(outer, ISynchronize);

        await assertFails(synchronize.Wait(0, 0), RPC_S_CALLPENDING);
        await synchronize.Signal();
        const waits = [await hrOf(synchronize.Wait(0, 0)), await hrOf(synchronize.Wait(0, 0))];

        assert.deepEqual(waits, [S_OK, second]);
      },
    ),
  ),

  ...EVENTS.map(([name, clsid]) =>
    conformance(
      "SYNC-13",
      `the interfaces of an aggregated ${name} have the identity and the interfaces of its outer`,
      IN_PLACE,
      async (stage) => {
        const { outer, inner } = await aggregate(stage, clsid);

        const synchronize = await stage.query(outer, ISynchronize);
        const handle = await stage.query(synchronize, ISynchronizeHandle);
        const worker = await stage.query(handle, IWorker);

        assert.ok(await synchronize.isSameObject(outer));
        assert.equal(await inner.isSameObject(outer), false);
        assert.equal(await worker.Work(7), 7);
      },
    ),
  ),

  conformance(
    "SYNC-13",
    "an interface of an aggregated event is a reference on the outer, the inner unknown is none",
    IN_PLACE,
    async (stage) => {
      const { outer, isReleased } = await aggregate(stage, CLSID_ManualResetEvent);
      const synchronize = await stage.query(outer, ISynchronize);

      outer.release();
      const kept = isReleased();
      synchronize.release();

      assert.deepEqual([kept, isReleased()], [false, true]);
    },
  ),

  conformance(
    "SYNC-13",
    "an outer may leave single interfaces to the event, and keep the others from callers",
    IN_PLACE,
    async (stage) => {
      const { outer } = await aggregate(stage, CLSID_ManualResetEvent, [ISynchronize.iid]);

      const synchronize = await stage.query(outer, ISynchronize);

      assert.ok(await synchronize.isSameObject(outer));
      await assertFails(outer.queryInterface(ISynchronizeHandle), E_NOINTERFACE);
      await assertFails(synchronize.queryInterface(ISynchronizeHandle), E_NOINTERFACE);
    },
  ),

  conformance(
    "SYNC-13",
    "an outer gets the inner unknown of an event, and nothing else",
    IN_PLACE,
    async (stage) => {
      const { outer } = await aggregate(stage, CLSID_StdEvent);

      const creating = stage.com.createInstance(CLSID_StdEvent, ISynchronize, { outer });

      await assertFails(creating, CLASS_E_NOAGGREGATION);
    },
  ),

  conformance(
    "ACT-02",
    "COM's container of synchronization objects cannot be aggregated",
    IN_PLACE,
    async (stage) => {
      const { outer } = await aggregate(stage, CLSID_StdEvent);

      const creating = stage.com.createInstance(CLSID_SynchronizeContainer, IUnknown, { outer });

      await assertFails(creating, CLASS_E_NOAGGREGATION);
    },
  ),
];
