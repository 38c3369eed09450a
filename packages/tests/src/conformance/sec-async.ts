import assert from "node:assert/strict";
import {
  coAuthIdentity,
  guid,
  type Host,
  ICancelMethodCalls,
  type IncomingCall,
  IServerSecurity,
  RPC_E_CALL_CANCELED,
  RPC_E_CALL_COMPLETE,
  RPC_S_CALLPENDING,
  type ServerCallObject,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { AsyncIWorker, IWorker, type Worker } from "./call-worker.ts";
import { type AnyPointer, clientsName, contextOf, SECURE, setBlanket } from "./sec-witness.ts";
import { gate, passes } from "./sync-gate.ts";

const IN_TIME = { ...SECURE, needs: [...SECURE.needs, "virtual-clock"] } as const;

type ServerSecurity = Awaited<ReturnType<typeof securityOf>>;

function securityOf({ com }: IncomingCall) {
  return contextOf(com, IServerSecurity);
}

/** What a call object does in Begin_Work; it must see to it that the call is signaled. */
type Begin = (call: IncomingCall, object: ServerCallObject, host: Host) => Promise<void> | void;

/** A worker of call objects, in an STA or in the MTA, whose client calls in alice's name. */
async function callObjectWorker(
  stage: Stage,
  begin: Begin,
  apartment: "sta" | "mta" = "sta",
): Promise<Worker> {
  const client = await stage.com.openApartment(apartment === "sta" ? "mta" : "sta");
  const clsid = guid("c0ffee05-0000-4000-8000-000000000001");
  stage.com.registerClass({
    clsid,
    threadingModel: apartment === "sta" ? "Apartment" : "Free",
    interfaces: [IWorker],
    create: (host) => ({
      Work: () => assert.fail("served by call objects alone"),
      createCall: (_iface, object) => ({
        Begin_Work: (_value: number, call: IncomingCall) => begin(call, object, host),
        Finish_Work: () => 42,
      }),
    }),
  });
  const worker = stage.hold(await client.createInstance(clsid, IWorker));
  await setBlanket(client, worker, { authInfo: coAuthIdentity("alice") });
  return worker;
}

/** The call context in calls that are served asynchronously. */
export const secAsync: readonly ConformanceTest[] = [
  conformance(
    "SEC-04",
    "a server impersonates its client in Begin_, but not after Signal",
    SECURE,
    async (stage) => {
      const seen: unknown[] = [];
      const worker = await callObjectWorker(stage, async (call, object) => {
        const security = await securityOf(call);
        seen.push(await clientsName(call.com));
        object.signal();
        seen.push(await hrOf(security.ImpersonateClient()));
        security.release();
      });

      assert.equal(await worker.Work(1), 42);

      assert.deepEqual(seen, ["alice", RPC_E_CALL_COMPLETE]);
    },
  ),

  conformance(
    "SEC-05",
    "who signals while impersonating keeps the client's token until RevertToSelf",
    SECURE,
    async (stage) => {
      const names: string[] = [];
      const worker = await callObjectWorker(stage, async (call, object) => {
        const { functions } = call.com;
        await functions.CoImpersonateClient();
        object.signal();
        names.push(await functions.GetUserNameW());
        await functions.CoRevertToSelf();
        names.push(await functions.GetUserNameW());
      });
      const own = await stage.com.functions.GetUserNameW();

      await worker.Work(1);

      assert.deepEqual(names, ["alice", own]);
    },
  ),

  conformance(
    "SEC-05",
    "who signals while impersonating loses the client's token when Begin_ returns",
    IN_TIME,
    async (stage) => {
      const names: string[] = [];
      const asked = gate();
      const worker = await callObjectWorker(stage, async (call, object, host) => {
        await call.com.functions.CoImpersonateClient();
        object.signal();
        host.setTimer(1, () => {
          asked.open(host.com.functions.GetUserNameW().then((name) => void names.push(name)));
        });
      });
      const own = await stage.com.functions.GetUserNameW();

      await worker.Work(1);

      await asked.opened;
      assert.deepEqual(names, [own]);
    },
  ),

  conformance(
    "SEC-06",
    "COM reverts when a Begin_ that has not signaled returns",
    IN_TIME,
    async (stage) => {
      const names: string[] = [];
      const worker = await callObjectWorker(stage, async (call, object, host) => {
        await call.com.functions.CoImpersonateClient();
        const askThenSignal = async (): Promise<void> => {
          names.push(await host.com.functions.GetUserNameW());
          host.setTimer(1, () => object.signal());
        };
        host.setTimer(1, () => void askThenSignal());
      });
      const own = await stage.com.functions.GetUserNameW();

      await worker.Work(1);

      assert.deepEqual(names, [own]);
    },
  ),

  conformance(
    "SEC-08",
    "the context of Begin_ serves to impersonate until Signal, and not after it",
    IN_TIME,
    async (stage) => {
      const seen: unknown[] = [];
      const done = gate();
      const work = async (security: ServerSecurity, object: ServerCallObject, host: Host) => {
        await security.ImpersonateClient();
        seen.push(await host.com.functions.GetUserNameW());
        await security.RevertToSelf();
        host.setTimer(1, () => {
          object.signal();
          done.open(
            hrOf(security.ImpersonateClient()).then((hr) => {
              seen.push(hr);
              security.release();
            }),
          );
        });
      };
      const worker = await callObjectWorker(stage, async (call, object, host) => {
        const security = await securityOf(call);
        host.setTimer(1, () => void work(security, object, host));
      });

      await worker.Work(1);

      await done.opened;
      assert.deepEqual(seen, ["alice", RPC_E_CALL_COMPLETE]);
    },
  ),

  conformance(
    "SEC-08",
    "a worker thread of the MTA impersonates with the context that Begin_ gave it",
    IN_TIME,
    async (stage) => {
      const names: string[] = [];
      const pool = await stage.com.openApartment("mta");
      const { functions } = pool;
      const kept = gate<ServerSecurity>();
      const finished = gate();
      const worker = await callObjectWorker(
        stage,
        async (call, object) => {
          kept.open(await securityOf(call));
          void finished.opened.then(() => object.signal());
        },
        "mta",
      );
      const own = await functions.GetUserNameW();

      const working = worker.Work(1);
      const security = stage.hold(await kept.opened);
      await functions.CoSwitchCallContext(security);
      await functions.CoImpersonateClient();
      names.push(await functions.GetUserNameW(), await stage.com.functions.GetUserNameW());
      await functions.CoRevertToSelf();
      names.push(await functions.GetUserNameW());
      stage.hold((await functions.CoSwitchCallContext(null)) as AnyPointer);
      finished.open();

      assert.equal(await working, 42);
      assert.deepEqual(names, ["alice", own, own]);
    },
  ),

  conformance(
    "SEC-07",
    "after Begin_ the thread serves no call, though the call goes on",
    IN_TIME,
    async (stage) => {
      const seen: unknown[] = [];
      const worker = await callObjectWorker(stage, (call, object, host) => {
        const { functions } = call.com;
        host.setTimer(1, () => {
          void hrOf(functions.CoGetCallContext(IServerSecurity.iid)).then((hr) => {
            seen.push(hr);
            host.setTimer(1, () => object.signal());
          });
        });
      });

      await worker.Work(1);

      assert.deepEqual(seen, [RPC_E_CALL_COMPLETE]);
    },
  ),

  conformance(
    "CAN-22",
    "the call context tells Begin_, and who keeps it, of the client's cancel",
    IN_TIME,
    async (stage) => {
      const seen: unknown[] = [];
      const canceled = gate();
      const done = gate();
      const worker = await callObjectWorker(stage, async (call, object, host) => {
        const context = await contextOf(call.com, ICancelMethodCalls);
        seen.push(await hrOf(call.com.functions.CoTestCancel()));
        void canceled.opened.then(async () => {
          seen.push(await hrOf(context.TestCancel()));
          host.setTimer(1, () => {
            object.signal();
            done.open(
              hrOf(context.TestCancel()).then((hr) => {
                seen.push(hr);
                context.release();
              }),
            );
          });
        });
      });
      const call = await stage.callOf(worker, AsyncIWorker);
      await call.Begin_Work(1);
      await passes(stage.com.clock, 1);

      await call.cancel(0);
      await passes(stage.com.clock, 1);
      canceled.open();

      await assertFails(call.Finish_Work(), RPC_E_CALL_CANCELED);
      await done.opened;
      assert.deepEqual(seen, [RPC_S_CALLPENDING, RPC_E_CALL_CANCELED, RPC_E_CALL_COMPLETE]);
    },
  ),
];
