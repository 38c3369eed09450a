import assert from "node:assert/strict";
import type { TraceEvent } from "callfactory";
import { AsyncICalculator } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { adder, addingCall, AsyncIAdder, IAdder } from "./srv-adder.ts";

type Packet = Extract<TraceEvent, { readonly kind: "packet" }>;

/** Where ORPCTHIS has the causality id, which is another for every top-level call (APT-15). */
const CID = { from: 12, to: 28 } as const;

/** The packets that pass while `run` runs, as they would compare across calls. */
async function capture(stage: Stage, run: () => Promise<unknown>) {
  const packets: Packet[] = [];
  const stop = stage.com.trace((event) => {
    if (event.kind === "packet") packets.push(event);
  });
  await run();
  stop();
  return packets.map(({ direction, iid, ipid, opnum, bytes }) => ({
    direction,
    iid,
    ipid,
    opnum,
    bytes: direction === "request" ? bytes.slice().fill(0, CID.from, CID.to) : bytes,
  }));
}

/** One adder that offers call objects or not, as told before each call. */
async function switchableAdder(stage: Stage) {
  const server = { isAsynchronous: false };
  const served: string[] = [];
  const pointer = await stage.serve([IAdder], () =>
    adder({
      add: (a, b) => {
        served.push("method");
        return a + b;
      },
      createCall: (call) =>
        server.isAsynchronous
          ? addingCall(() => {
              served.push("call object");
              call.signal();
            })
          : null,
    }),
  );
  const call = await stage.callOf(pointer, AsyncIAdder);
  const client = {
    synchronous: () => pointer.Add(40, 2, { lane: "worker" }),
    asynchronous: async () => {
      await call.Begin_Add(40, 2);
      return call.Finish_Add();
    },
  };
  return { server, served, client };
}

/** The bytes of a GUID as they travel: three little-endian numbers, then eight bytes. */
function wireBytes(guid: string): string {
  const [a = "", b = "", c = "", ...rest] = guid.split("-");
  const reversed = [a, b, c].map((part) => (part.match(/../g) ?? []).reverse().join(""));
  return [...reversed, ...rest].join("");
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What the four pairings of synchronous and asynchronous client and server send. */
export const convWire: readonly ConformanceTest[] = [
  conformance(
    "CONV-03",
    "all four pairings of client and server exchange the same packets but for the causality id",
    { at: "marshaled", needs: ["register-class", "packets"] },
    async (stage) => {
      const { server, served, client } = await switchableAdder(stage);
      const pairings: Awaited<ReturnType<typeof capture>>[] = [];

      for (const isAsynchronous of [false, true]) {
        server.isAsynchronous = isAsynchronous;
        pairings.push(await capture(stage, client.synchronous));
        pairings.push(await capture(stage, client.asynchronous));
      }

      assert.deepEqual(served, ["method", "method", "call object", "call object"]);
      const [first, ...others] = pairings;
      assert.deepEqual(
        first?.map(({ direction, iid, opnum }) => ({ direction, iid, opnum })),
        [
          { direction: "request", iid: IAdder.iid, opnum: 3 },
          { direction: "reply", iid: IAdder.iid, opnum: 3 },
        ],
      );
      for (const other of others) assert.deepEqual(other, first);
    },
  ),

  conformance(
    "CONV-03",
    "the causality id is all that two calls differ in",
    { at: "marshaled", needs: ["register-class", "packets"] },
    async (stage) => {
      const { client } = await switchableAdder(stage);
      const events = stage.record();

      await client.synchronous();
      await client.asynchronous();

      const [one, other] = events
        .filter((event) => event.kind === "packet" && event.direction === "request")
        .map((event) => (event as Packet).bytes);
      assert.ok(one !== undefined && other !== undefined);
      const differing = [...one.keys()].filter((offset) => one[offset] !== other[offset]);
      assert.ok(differing.length > 0);
      assert.ok(differing.every((offset) => offset >= CID.from && offset < CID.to));
    },
  ),

  conformance(
    "CONV-03",
    "results, success codes and failures travel alike from both kinds of server",
    { at: "marshaled", needs: ["packets"] },
    async (stage) => {
      const talk = async (calculator: Awaited<ReturnType<Stage["calculator"]>>) => {
        await calculator.Bracket("in and out", { lane: "worker" });
        await calculator.IsEven(3, { lane: "call-object" });
        await hrOf(calculator.Divide(1, 0, { lane: "call-object" }));
        await calculator.Midpoint({ x: 0, y: 1 }, null, { lane: "worker" });
      };
      const fromCallObject = await stage.calculator();
      const fromMethod = await stage.plainCalculator();

      const packets = [
        await capture(stage, () => talk(fromCallObject)),
        await capture(stage, () => talk(fromMethod)),
      ].map((captured) => captured.map(({ ipid: _, ...packet }) => packet));

      assert.equal(packets[0]?.length, 8);
      assert.deepEqual(packets[0], packets[1]);
    },
  ),

  conformance(
    "CONV-03",
    "no asynchronous IID crosses the wire",
    { at: "marshaled", needs: ["packets"] },
    async (stage) => {
      const events = stage.record();
      const calculator = await stage.calculator();
      const call = await stage.callOf(calculator, AsyncICalculator);

      await call.Begin_Add(40, 2);
      await call.Finish_Add();

      const packets = events.filter((event) => event.kind === "packet");
      assert.ok(packets.length > 0);
      for (const { iid, bytes } of packets) {
        assert.notEqual(iid, AsyncICalculator.iid);
        assert.equal(hex(bytes).includes(wireBytes(AsyncICalculator.iid)), false);
      }
    },
  ),
];
