import assert from "node:assert/strict";
import {
  AsyncIPipeByte,
  asyncOf,
  CO_E_RELEASED,
  ComError,
  defineInterface,
  INFINITE,
  type Interface,
  type InterfacePointer,
  IUnknown,
  LONG,
  method,
  param,
  pointerTo,
  RPC_E_CALL_CANCELED,
  RPC_S_CALLPENDING,
  S_OK,
  type ServerCallObject,
} from "callfactory";
import type { IPipeControl } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { adder, addingCall, AsyncIAdder, IAdder } from "./srv-adder.ts";
import { gate, passes } from "./sync-gate.ts";

/** Calls a visitor back later than its Begin_, where [in] pointers are no longer lent. */
const IVisited = defineInterface({
  name: "IVisited",
  iid: "5a0fd2c1-6f0e-4a1e-9e37-6f6f2a3c1b20",
  asyncIid: "5a0fd2c1-6f0e-4a1e-9e37-6f6f2a3c1b21",
  base: IUnknown,
  methods: [
    method("Visit", [param.in("visitor", pointerTo(IAdder)), param.retval("result", LONG)]),
  ],
});
const AsyncIVisited = asyncOf(IVisited);

type Visitor = InterfacePointer<typeof IAdder extends Interface<infer S> ? S : never>;

/** What servers' call objects see of their calls, and what keeps them alive. */
export const srvCallObject: readonly ConformanceTest[] = [
  conformance(
    "SRV-15",
    "calls at once are served by as many call objects",
    { at: "marshaled" },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(INFINITE);
      const pulls = [1, 2, 3, 4, 5].map((count) => pipe.Pull(count));
      const { created, begun, alive } = await countsOnceBegun(control, 5);
      await control.CompleteCalls();

      const results = await Promise.all(pulls);

      assert.deepEqual({ created, begun, alive }, { created: 5, begun: 5, alive: 5 });
      assert.deepEqual(
        results.map((bytes) => bytes.length),
        [1, 2, 3, 4, 5],
      );
    },
  ),

  conformance(
    "SRV-16",
    "what a call object is handed at creation signals for it, whoever holds it",
    { at: "both", needs: ["register-class"] },
    async (stage) => {
      const begun = gate<ServerCallObject>();
      const createCall = (object: ServerCallObject) =>
        addingCall(() => begun.open(Promise.resolve(object)));
      const pointer = await stage.serve([IAdder], () => adder({ createCall }));
      const call = await stage.callOf(pointer, AsyncIAdder);
      await call.Begin_Add(40, 2);
      const object = await begun.opened;
      const early = await call.wait(0);

      const hr = object.signal();

      assert.equal(early, false);
      assert.equal(hr, S_OK);
      assert.equal(await call.Finish_Add(), 42);
    },
  ),

  conformance(
    "SRV-17",
    "an interface pointer that Begin_ keeps without a reference is gone afterwards",
    { at: "both", needs: ["register-class", "implement"] },
    async (stage) => {
      const { call, kept } = await visit(stage, (visitor) => visitor);

      await assertFails(call.Finish_Visit(), CO_E_RELEASED);
      assert.ok(await kept);
    },
  ),

  conformance(
    "SRV-17",
    "an interface pointer that Begin_ takes a reference of outlives Begin_",
    { at: "both", needs: ["register-class", "implement"] },
    async (stage) => {
      const { call, kept } = await visit(stage, (visitor) => visitor.addRef());

      const result = await call.Finish_Visit();

      assert.equal(result, 42);
      (await kept).release();
    },
  ),

  conformance(
    "SRV-18",
    "a server that polls for cancellation stops and reports it from Finish_",
    { at: "marshaled", needs: ["register-class"] },
    async (stage) => {
      const seen: unknown[] = [];
      const pointer = await stage.serve([IAdder], (host) =>
        adder({
          createCall: (object) => {
            const poll = (): void => {
              seen.push(object.testCancel());
              if (seen.at(-1) === RPC_E_CALL_CANCELED) object.signal();
              else host.setTimer(100, poll);
            };
            return {
              Begin_Add: () => poll(),
              Finish_Add: () => {
                throw new ComError(RPC_E_CALL_CANCELED, "AsyncIAdder::Finish_Add");
              },
            };
          },
        }),
      );
      const call = await stage.callOf(pointer, AsyncIAdder);
      await call.Begin_Add(40, 2);
      assert.equal(await call.wait(150), false);

      await hrOf(call.cancel(INFINITE));

      assert.deepEqual(seen, [RPC_S_CALLPENDING, RPC_S_CALLPENDING, RPC_E_CALL_CANCELED]);
      await assertFails(call.Finish_Add(), RPC_E_CALL_CANCELED);
    },
  ),

  conformance(
    "SRV-18",
    "a server that nobody aggregates has no word of cancellation",
    { at: "same-apartment", needs: ["register-class"] },
    async (stage) => {
      const answers: unknown[] = [];
      const createCall = (object: ServerCallObject) =>
        addingCall(() => {
          answers.push(object.testCancel());
          object.signal();
        });
      const pointer = await stage.serve([IAdder], () => adder({ createCall }));

      const sum = await pointer.Add(40, 2);

      assert.equal(sum, 42);
      assert.deepEqual(answers, [RPC_S_CALLPENDING]);
    },
  ),

  conformance(
    "SRV-19",
    "a call that the server never signals stays open until the client cancels it",
    { at: "marshaled", needs: ["virtual-clock"] },
    async (stage) => {
      const { pipe, control } = await stage.slowPipe();
      await control.SetDelay(INFINITE);
      const call = await stage.callOf(pipe, AsyncIPipeByte);
      await call.Begin_Pull(4);

      const aMonthLater = await call.wait(2_592_000_000);
      await call.cancel(0);

      assert.equal(aMonthLater, false);
      await assertFails(call.Finish_Pull(), RPC_E_CALL_CANCELED);
    },
  ),

  conformance(
    "SRV-21",
    "an object outlives its last client while a call is outstanding",
    { at: "marshaled", needs: ["register-class", "virtual-clock"] },
    async (stage) => {
      const { clock } = stage.com;
      const log: string[] = [];
      const pointer = await stage.serve([IAdder], (host) =>
        adder({
          createCall: (object) => ({
            Begin_Add: () => void host.setTimer(1000, () => object.signal()),
            Finish_Add: () => log.push("Finish_Add"),
          }),
          finalRelease: () => void log.push("Release"),
        }),
      );
      const call = await pointer.createCall(AsyncIAdder);
      await call.Begin_Add(40, 2);

      call.release();
      pointer.release();

      await passes(clock, 500);
      assert.deepEqual(log, []);
      await passes(clock, 1000);
      assert.deepEqual(log, ["Finish_Add", "Release"]);
    },
  ),
];

/** A begun Visit whose Begin_ keeps the visitor as `keep` has it, and uses it in Finish_. */
async function visit(stage: Stage, keep: (visitor: Visitor) => Visitor) {
  const kept = gate<Visitor>();
  const pointer = await stage.serve([IVisited], (host) => ({
    Visit: () => 0,
    createCall: (_iface, object) => {
      let visitor: Visitor | null = null;
      return {
        Begin_Visit: (lent: Visitor) => {
          visitor = keep(lent);
          kept.open(Promise.resolve(visitor));
          host.setTimer(1, () => object.signal());
        },
        Finish_Visit: () => visitor?.Add(40, 2),
      };
    },
  }));
  const visitor = stage.hold(stage.com.implement([IAdder], adder({})));
  const call = await stage.callOf(pointer, AsyncIVisited);
  await call.Begin_Visit(visitor);
  return { call, kept: kept.opened };
}

/** The counters of a pipe, when `begun` calls have reached it. */
async function countsOnceBegun(
  control: InterfacePointer<typeof IPipeControl extends Interface<infer S> ? S : never>,
  begun: number,
) {
  let counts = await control.GetCounts();
  // Each question queues behind the requests sent before it.
  for (let asked = 0; counts.begun < begun && asked < 100; asked++) {
    counts = await control.GetCounts();
  }
  return counts;
}
