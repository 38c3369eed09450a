import assert from "node:assert/strict";
import {
  type Com,
  HRESULT_RPC_S_CALL_FAILED,
  HRESULT_RPC_S_SERVER_UNAVAILABLE,
  MSHLFLAGS_NOPING,
  type ProcessCom,
  type TraceEvent,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { AsyncIWorker, gate, IWorker } from "./call-worker.ts";
import { IProbe, pair, type ProbePointer, settled } from "./mar-probe.ts";

const AT = { at: "marshaled", needs: ["implement", "processes", "virtual-clock"] } as const;

const MINUTE_MS = 60_000;

/** Another process, which ends with the test at the latest. */
async function processOf(stage: Stage): Promise<ProcessCom> {
  const process = await stage.com.openProcess();
  stage.hold({ release: () => process.kill() });
  return process;
}

/** Lets `ms` of virtual time pass. */
function pass(com: Com, ms: number): Promise<void> {
  return new Promise((resolve) => {
    com.clock.setTimer(ms, resolve);
  });
}

/** A probe in a process of its own, as the test's process sees it. */
async function remoteProbe(stage: Stage): Promise<{ process: ProcessCom; proxy: ProbePointer }> {
  const process = await processOf(stage);
  const object = stage.hold(process.implement([IProbe], probe()));
  // The other process knows the interface; a registration here stands for the registry of both.
  stage.hold(stage.com.implement([IProbe], probe()));
  const proxy = stage.hold(await stage.com.unmarshal(await process.marshal(object), IProbe));
  return { process, proxy };
}

function probe() {
  return { Twice: (value: number) => value * 2, Take: () => {}, Give: () => null };
}

/** Processes of one machine, and what becomes of those who depend on one that ends. */
export const lifeProcess: readonly ConformanceTest[] = [
  conformance("MAR-13", "an OBJREF leads into another process", AT, async (stage) => {
    const { proxy } = await remoteProbe(stage);

    assert.equal(await proxy.Twice(21), 42);
    assert.equal(proxy.interface.iid, IProbe.iid);
  }),

  conformance(
    "LIFE-06",
    "a pending asynchronous call ends with its server's process",
    AT,
    async (stage) => {
      const process = await processOf(stage);
      const begun = gate();
      const object = stage.hold(
        process.implement([IWorker], {
          Work: () => {
            begun.open();
            return new Promise<number>(() => {});
          },
        }),
      );
      stage.hold(stage.com.implement([IWorker], { Work: (value) => value }));
      const proxy = stage.hold(await stage.com.unmarshal(await process.marshal(object), IWorker));
      const call = await stage.callOf(proxy, AsyncIWorker);
      await call.Begin_Work(1);
      await begun.opened;

      process.kill();

      assert.equal(await call.wait(), true);
      await assertFails(call.Finish_Work(), HRESULT_RPC_S_CALL_FAILED);
      await call.Begin_Work(2);
      await assertFails(call.Finish_Work(), HRESULT_RPC_S_SERVER_UNAVAILABLE);
    },
  ),

  conformance(
    "LIFE-06",
    "a pending synchronous call ends with its server's process",
    AT,
    async (stage) => {
      const { process, proxy } = await remoteProbe(stage);
      const pending = proxy.Twice(21, { lane: "worker" });

      process.kill();

      await assertFails(pending, HRESULT_RPC_S_CALL_FAILED);
      await assertFails(proxy.Twice(21), HRESULT_RPC_S_SERVER_UNAVAILABLE);
    },
  ),

  conformance(
    "LIFE-07",
    "a server's call object is finished though its client has died",
    AT,
    async (stage) => {
      const process = await processOf(stage);
      const [begun, proceed, finished] = [gate(), gate(), gate()];
      const server = await stage.com.openApartment("sta");
      const object = stage.hold(
        server.implement([IWorker], {
          Work: () => 0,
          createCall: (_iface, call) => ({
            Begin_Work: () => {
              begun.open();
              void proceed.opened.then(() => call.signal());
            },
            Finish_Work: () => {
              finished.open();
              return 1;
            },
          }),
        }),
      );
      const packet = await server.marshal(object);
      process.implement([IWorker], { Work: (value) => value }).release();
      const proxy = stage.hold(await process.unmarshal(packet, IWorker));
      const call = stage.hold(await proxy.createCall(AsyncIWorker));
      await call.Begin_Work(1);
      await begun.opened;

      process.kill();
      proceed.open();

      await finished.opened;
      // Its reference runs down, or would be left over when the test ends.
      await pass(stage.com, 10 * MINUTE_MS);
    },
  ),

  conformance(
    "MAR-16",
    "what a dead client held is given back after three missed pings",
    AT,
    async (stage) => {
      const { client: process, object, isGone, server } = await held(stage);
      await pass(server, 30 * MINUTE_MS);
      assert.equal(isGone(), false);

      process.kill();
      object.release();

      await pass(server, 3.9 * MINUTE_MS);
      assert.equal(isGone(), false);
      await pass(server, 4.2 * MINUTE_MS);
      assert.equal(isGone(), true);
    },
  ),

  conformance(
    "MAR-16",
    "a client pings every two minutes, and names what it holds once",
    AT,
    async (stage) => {
      const events: TraceEvent[] = stage.record();
      const { server, proxy } = await held(stage);

      await pass(server, 8.5 * MINUTE_MS);

      const pings = events.flatMap((event) =>
        event.kind === "packet" &&
        event.direction === "request" &&
        event.iid === IID_IObjectExporter
          ? [{ opnum: event.opnum, atMinute: Math.round(event.atMs / MINUTE_MS) }]
          : [],
      );
      assert.deepEqual(pings, [
        { opnum: COMPLEX_PING, atMinute: 2 },
        { opnum: SIMPLE_PING, atMinute: 4 },
        { opnum: SIMPLE_PING, atMinute: 6 },
        { opnum: SIMPLE_PING, atMinute: 8 },
      ]);
      proxy.release();
    },
  ),

  conformance(
    "MAR-16",
    "a packet that nobody unmarshals is given up like a client that does not ping",
    AT,
    async (stage) => {
      await processOf(stage);
      const { server, object, isGone } = await pair(stage);
      await server.marshal(object);
      object.release();

      await pass(server, 5.9 * MINUTE_MS);
      assert.equal(isGone(), false);
      await pass(server, 0.2 * MINUTE_MS);

      assert.equal(isGone(), true);
    },
  ),

  conformance(
    "MAR-16",
    "clients in other apartments of the process need no pings",
    AT,
    async (stage) => {
      await processOf(stage);
      const { server, client, object, isGone } = await pair(stage);
      const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));
      object.release();

      await pass(server, 30 * MINUTE_MS);

      assert.equal(isGone(), false);
      assert.equal(await proxy.Twice(21), 42);
    },
  ),

  conformance(
    "LIFE-07",
    "a client's process that ends in good order gives back what it held",
    AT,
    async (stage) => {
      const { client: process, proxy, object, isGone, server } = await held(stage);
      object.release();

      await process.close();
      proxy.release();

      await settled(server);
      assert.equal(isGone(), true);
    },
  ),

  conformance(
    "MAR-04",
    "an object marshaled with NOPING outlives its dead clients",
    AT,
    async (stage) => {
      const { client: process, object, isGone, server } = await held(stage, MSHLFLAGS_NOPING);
      process.kill();
      object.release();

      await pass(server, 30 * MINUTE_MS);

      assert.equal(isGone(), false);
      await server.close();
    },
  ),

  conformance(
    "MAR-15",
    "a proxy passed on to a third process leads to the first",
    AT,
    async (stage) => {
      const { proxy, process } = await remoteProbe(stage);
      const third = await processOf(stage);
      third.implement([IProbe], probe()).release();

      const packets = [await stage.com.marshal(proxy), await stage.com.marshal(proxy)];
      packets.push(await stage.com.marshal(proxy), await stage.com.marshal(proxy));

      for (const packet of packets) {
        const pointer = stage.hold(await third.unmarshal(packet, IProbe));
        assert.equal(await pointer.Twice(21), 42);
      }
      await settled(process);
    },
  ),
];

const IID_IObjectExporter = "99fcfec4-5260-101b-bbcb-00aa0021347a";
const SIMPLE_PING = 1;
const COMPLEX_PING = 2;

/** An object here, and a client in another process that holds it. */
async function held(stage: Stage, flags = 0) {
  const process = await processOf(stage);
  const { server, object, isGone } = await pair(stage);
  process.implement([IProbe], probe()).release();
  const packet = await server.marshal(object, { flags });
  const proxy = stage.hold(await process.unmarshal(packet, IProbe));
  return { client: process, proxy, server, object, isGone };
}
