import assert from "node:assert/strict";
import { ComError, E_FAIL, E_INVALIDARG, type ErrorInfo, RPC_E_SERVERFAULT } from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { AsyncIWorker, IWorker } from "./call-worker.ts";

const BOTH = { at: "both", needs: ["register-class"] } as const;

const INFO: ErrorInfo = {
  description: "the tank is empty",
  source: "Pump.Station",
  helpFile: "pump.hlp",
  helpContext: 17,
  iid: IWorker.iid,
};

/** A worker whose Work fails as told. */
function failing(stage: Stage, error: unknown) {
  return stage.serve([IWorker], () => ({
    Work: () => {
      throw error;
    },
  }));
}

/** The error that `call` fails with. */
async function errorOf(call: Promise<unknown>): Promise<ComError> {
  const error: unknown = await call.catch((reason: unknown) => reason);
  assert.ok(error instanceof ComError);
  return error;
}

/** What a server says of a failure. */
export const marErrorInfo: readonly ConformanceTest[] = [
  conformance(
    "MAR-14",
    "what a server says of a failure reaches its client",
    BOTH,
    async (stage) => {
      const worker = await failing(stage, new ComError(E_INVALIDARG, "Work", { errorInfo: INFO }));

      const error = await errorOf(worker.Work(1));

      assert.equal(error.hr, E_INVALIDARG);
      assert.deepEqual(error.errorInfo, INFO);
      assert.match(error.message, /the tank is empty/);
    },
  ),

  conformance(
    "MAR-14",
    "Finish_ tells what the server said",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const worker = await failing(
        stage,
        new ComError(E_FAIL, "Work", { errorInfo: { description: "Füllstand ☂" } }),
      );
      const call = await stage.callOf(worker, AsyncIWorker);
      await call.Begin_Work(1);

      const error = await errorOf(call.Finish_Work());

      // The stub adds the interface.
      assert.deepEqual(error.errorInfo, { description: "Füllstand ☂", iid: IWorker.iid });
    },
  ),

  conformance(
    "MAR-14",
    "what a server says that is no text does not travel",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const errorInfo = { source: null, description: "why" } as unknown as ErrorInfo;
      const worker = await failing(stage, new ComError(E_FAIL, "Work", { errorInfo }));

      const error = await errorOf(worker.Work(1));

      assert.equal(error.hr, E_FAIL);
      assert.deepEqual(error.errorInfo, { description: "why", iid: IWorker.iid });
    },
  ),

  conformance("MAR-14", "a server that says nothing sends nothing", BOTH, async (stage) => {
    const worker = await failing(stage, new ComError(E_FAIL, "Work"));

    const error = await errorOf(worker.Work(1));

    assert.equal(error.hr, E_FAIL);
    assert.equal(error.errorInfo, null);
  }),

  conformance(
    "MAR-14",
    "the error info travels as an extent of its own",
    { at: "marshaled", needs: ["register-class", "packets"] },
    async (stage) => {
      const worker = await failing(stage, new ComError(E_FAIL, "Work", { errorInfo: INFO }));
      const events = stage.record();

      await errorOf(worker.Work(1, { lane: "worker" }));

      const reply = events.find((event) => event.kind === "packet" && event.direction === "reply");
      const bytes = reply?.kind === "packet" ? Buffer.from(reply.bytes).toString("hex") : "";
      // ErrorInfo, an OBJREF_CUSTOM, of CLSID_ErrorObject.
      assert.match(bytes, /1c03000000000000c000000000000046/);
      assert.match(bytes, /4d454f5704000000/);
      assert.match(bytes, /1b03000000000000c000000000000046/);
    },
  ),

  conformance(
    "LIFE-08",
    "an exception is RPC_E_SERVERFAULT, and no error info",
    BOTH,
    async (stage) => {
      const worker = await failing(stage, new RangeError("oops"));

      const error = await errorOf(worker.Work(1));

      assert.equal(error.hr, RPC_E_SERVERFAULT);
      assert.equal(error.errorInfo, null);
    },
  ),

  conformance(
    "LIFE-08",
    "an exception in Begin_ or Finish_ is RPC_E_SERVERFAULT",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      for (const half of ["Begin_Work", "Finish_Work"]) {
        const worker = await stage.serve([IWorker], () => ({
          Work: () => 0,
          createCall: (_iface, call) => ({
            Begin_Work: () => call.signal(),
            Finish_Work: () => 0,
            [half]: () => {
              throw new RangeError("oops");
            },
          }),
        }));

        await assertFails(worker.Work(1), RPC_E_SERVERFAULT);
        await assertFails(worker.Work(1, { lane: "worker" }), RPC_E_SERVERFAULT);
      }
    },
  ),
];
