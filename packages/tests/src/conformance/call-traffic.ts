import assert from "node:assert/strict";
import { AsyncIPipeByte, IPipeByte, type TraceEvent } from "callfactory";
import { CLSID_SlowPipe, IPipeControl } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { AsyncIForeman, gate, IForeman } from "./call-worker.ts";

/** What was asked of servers, by the interface asked through. */
function requests(events: readonly TraceEvent[]): string[] {
  return events.flatMap((e) => (e.kind === "packet" && e.direction === "request" ? [e.iid] : []));
}

/** IRemUnknown: the interface of an apartment that remote QueryInterface goes to. */
const IID_IRemUnknown = "00000131-0000-0000-c000-000000000046";

/** What CreateCall costs. */
export const callTraffic: readonly ConformanceTest[] = [
  conformance(
    "CALL-14",
    "the server hears of the call at Begin_, not at CreateCall",
    { at: "marshaled", needs: ["packets"] },
    async (stage) => {
      const { pipe } = await stage.slowPipe();
      const events = stage.record();

      const call = await stage.callOf(pipe, AsyncIPipeByte);
      const created = requests(events);
      await call.Begin_Pull(1);
      await call.Finish_Pull();

      assert.deepEqual(created, []);
      assert.deepEqual(requests(events), [IPipeByte.iid]);
    },
  ),

  conformance(
    "CALL-14",
    "CreateCall costs a QueryInterface when the proxy does not hold the interface yet",
    { at: "marshaled", needs: ["packets"] },
    async (stage) => {
      const control = await stage.create(CLSID_SlowPipe, IPipeControl);
      const events = stage.record();

      await stage.callOf(control, AsyncIPipeByte);
      await stage.callOf(control, AsyncIPipeByte);

      // The first call object lives, and the proxy holds the interface from then on.
      assert.deepEqual(requests(events), [IID_IRemUnknown]);
    },
  ),

  conformance(
    "CALL-14",
    "CreateCall returns while the server hangs",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const proceed = gate();
      const started = gate();
      const foreman = await stage.serve([IForeman], () => ({
        Order: async () => {
          started.open();
          await proceed.opened;
        },
      }));
      const hanging = foreman.Order();
      await started.opened;

      // Were the server asked, this would never return: nobody has opened the gate.
      const call = await stage.callOf(foreman, AsyncIForeman);

      proceed.open();
      await hanging;
      await call.Begin_Order();
      await call.Finish_Order();
    },
  ),
];
