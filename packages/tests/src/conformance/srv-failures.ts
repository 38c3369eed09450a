import assert from "node:assert/strict";
import {
  defineInterface,
  ComError,
  IUnknown,
  LONG,
  method,
  param,
  pointerTo,
  REGDB_E_IIDNOTREG,
  RPC_E_DISCONNECTED,
  RPC_E_SERVERFAULT,
  type ServerCallObject,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { AsyncIWorker, gate, IWorker } from "./call-worker.ts";

/** Known to the server alone: nobody registers a proxy and stub for it. */
const ISecret = defineInterface({
  name: "ISecret",
  iid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a651",
  base: IUnknown,
  methods: [method("Tell", [param.retval("value", LONG)])],
});

const IVault = defineInterface({
  name: "IVault",
  iid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a652",
  base: IUnknown,
  methods: [method("Open", [param.retval("secret", pointerTo(ISecret))])],
});

/** Replies that cannot be, and calls that end without one. */
export const srvFailures: readonly ConformanceTest[] = [
  conformance(
    "LIFE-08",
    "what a server's method threw is the cause of what its caller sees",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const thrown = new Error("out of paper");
      const worker = await stage.serve([IWorker], () => ({
        Work: () => {
          throw thrown;
        },
      }));

      const error = await worker.Work(1).catch((reason: unknown) => reason);

      assert.ok(error instanceof ComError);
      assert.deepEqual([error.hr, error.cause], [RPC_E_SERVERFAULT, thrown]);
    },
  ),

  conformance(
    "MAR-09",
    "a call that returns a pointer that cannot be marshaled fails as the marshaling does",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const vault = await stage.serve([IVault], ({ com }) => ({
        Open: () => com.implement([IUnknown], {}) as never,
      }));

      await assertFails(vault.Open(), REGDB_E_IIDNOTREG);
    },
  ),

  conformance(
    "LIFE-10",
    "a call that is open when its server's STA ends, and signaled later, ends once",
    { at: "marshaled", needs: ["implement", "proxy-call-factory"] },
    async (stage) => {
      const { com } = stage;
      const server = await com.openApartment("sta");
      const begun = gate();
      let handle: ServerCallObject | undefined;
      const object = stage.hold(
        server.implement([IWorker], {
          Work: () => 0,
          createCall: (_iface, call) => {
            handle = call;
            return { Begin_Work: () => begun.open(), Finish_Work: () => 1 };
          },
        }),
      );
      const worker = stage.hold(await com.unmarshal(await server.marshal(object), IWorker));
      const call = await stage.callOf(worker, AsyncIWorker);
      await call.Begin_Work(1);
      await begun.opened;

      await server.close();
      handle?.signal();

      await assertFails(call.Finish_Work(), RPC_E_DISCONNECTED);
    },
  ),
];
