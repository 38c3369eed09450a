import assert from "node:assert/strict";
import {
  advise,
  CONNECT_E_ADVISELIMIT,
  CONNECT_E_CANNOTCONNECT,
  CONNECT_E_NOCONNECTION,
  E_NOINTERFACE,
  E_POINTER,
  IConnectionPointContainer,
  type InterfacePointer,
  IUnknown,
  type NoMethods,
  S_FALSE,
  S_OK,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { IWorker } from "./call-worker.ts";
import { IBellEvents, IOtherEvents, listen, listener, pointOf, serveBell } from "./evt-bell.ts";

const needs = ["register-class", "implement"] as const;

/** A sink as Advise takes it. */
async function sinkOf(stage: Stage): Promise<InterfacePointer<NoMethods>> {
  return stage.query(listener(stage, { Rang: () => {} }), IUnknown);
}

/** Finding connection points, connecting, disconnecting, enumerating. */
export const evt: readonly ConformanceTest[] = [
  conformance(
    "EVT-01",
    "FindConnectionPoint gives the point of an outgoing interface",
    { at: "both", needs },
    async (stage) => {
      const { bell } = await serveBell(stage);

      const point = await pointOf(stage, bell);

      assert.equal(await point.GetConnectionInterface(), IBellEvents.iid);
    },
  ),

  conformance(
    "EVT-01",
    "FindConnectionPoint fails with CONNECT_E_NOCONNECTION for other interfaces",
    { at: "both", needs },
    async (stage) => {
      const { bell } = await serveBell(stage);
      const container = await stage.query(bell, IConnectionPointContainer);

      const finding = container.FindConnectionPoint(IOtherEvents.iid);

      await assertFails(finding, CONNECT_E_NOCONNECTION);
    },
  ),

  conformance(
    "EVT-01",
    "an object without a container is not connectable",
    { at: "both", needs },
    async (stage) => {
      const worker = await stage.serve([IWorker], () => ({ Work: () => 0 }));

      const advising = advise(stage.com, worker, IBellEvents, { Rang: () => {} });

      await assertFails(advising, E_NOINTERFACE);
    },
  ),

  conformance(
    "EVT-02",
    "a connection point is an object of its own and knows its container",
    { at: "both", needs },
    async (stage) => {
      const { bell } = await serveBell(stage);
      const point = await pointOf(stage, bell);

      const container = await point.GetConnectionPointContainer();

      stage.hold(container as NonNullable<typeof container>);
      assert.equal(await container?.isSameObject(bell), true);
      assert.equal(await point.isSameObject(bell), false);
      await assertFails(point.queryInterface(IConnectionPointContainer), E_NOINTERFACE);
    },
  ),

  conformance(
    "EVT-02",
    "whoever holds a connection point holds its object",
    { at: "both", needs },
    async (stage) => {
      const { bell, isAlive } = await serveBell(stage);
      const container = await bell.queryInterface(IConnectionPointContainer);
      const point = await container.FindConnectionPoint(IBellEvents.iid);
      container.release();

      bell.release();

      await point?.GetConnectionInterface();
      assert.equal(isAlive(), true);
      const again = await point?.GetConnectionPointContainer();
      point?.release();
      again?.release();
    },
  ),

  conformance(
    "EVT-03",
    "Advise gives each connection a cookie of its own, never zero",
    { at: "both", needs },
    async (stage) => {
      const { bell } = await serveBell(stage);
      const point = await pointOf(stage, bell);
      const sink = await sinkOf(stage);

      const cookies = [await point.Advise(sink), await point.Advise(sink)];

      await point.Unadvise(cookies[0] as number);
      cookies.push(await point.Advise(sink));
      assert.equal(new Set(cookies).size, 3);
      assert.ok(!cookies.includes(0));
    },
  ),

  conformance(
    "EVT-03",
    "Advise fails with CONNECT_E_ADVISELIMIT when there are sinks enough",
    { at: "both", needs },
    async (stage) => {
      const { bell } = await serveBell(stage, { maxConnections: 1 });
      const point = await pointOf(stage, bell);
      const sink = await sinkOf(stage);
      const cookie = await point.Advise(sink);

      await assertFails(point.Advise(sink), CONNECT_E_ADVISELIMIT);

      await point.Unadvise(cookie);
      assert.notEqual(await point.Advise(sink), 0);
    },
  ),

  conformance(
    "EVT-04",
    "Advise refuses a sink that lacks the outgoing interface",
    { at: "both", needs },
    async (stage) => {
      const { bell } = await serveBell(stage);
      const point = await pointOf(stage, bell);
      const deaf = stage.hold(stage.com.implement([IOtherEvents], {}));

      await assertFails(point.Advise(deaf), CONNECT_E_CANNOTCONNECT);
      await assertFails(point.Advise(null), E_POINTER);
    },
  ),

  conformance(
    "EVT-04",
    "the source holds the sink from Advise to Unadvise",
    { at: "both", needs },
    async (stage) => {
      const { bell } = await serveBell(stage);
      let isAlive = true;
      const finalRelease = (): void => {
        isAlive = false;
      };

      const connection = await listen(stage, bell, { Rang: () => {}, finalRelease });

      await bell.Ring(0, 1);
      assert.equal(isAlive, true);
      await connection.unadvise();
      // What a server releases arrives before its next reply.
      await bell.Ring(0, 1);
      assert.equal(isAlive, false);
    },
  ),

  conformance(
    "EVT-05",
    "a sink gets no event after Unadvise",
    { at: "both", needs },
    async (stage) => {
      const { bell } = await serveBell(stage);
      const heard: number[] = [];
      const connection = await listen(stage, bell, { Rang: (times) => void heard.push(times) });
      await bell.Ring(0, 1);

      await connection.unadvise();

      await bell.Ring(0, 2);
      assert.deepEqual(heard, [1]);
    },
  ),

  conformance(
    "EVT-05",
    "Unadvise refuses a cookie of no connection with CONNECT_E_NOCONNECTION",
    { at: "both", needs },
    async (stage) => {
      const { bell } = await serveBell(stage);
      const point = await pointOf(stage, bell);
      const cookie = await point.Advise(await sinkOf(stage));
      await point.Unadvise(cookie);

      await assertFails(point.Unadvise(cookie), CONNECT_E_NOCONNECTION);
      await assertFails(point.Unadvise(0), CONNECT_E_NOCONNECTION);
    },
  ),

  conformance(
    "EVT-09",
    "EnumConnections gives sinks with their cookies, and S_FALSE at the end",
    { at: "both", needs },
    async (stage) => {
      const { bell } = await serveBell(stage);
      const point = await pointOf(stage, bell);
      const sink = await sinkOf(stage);
      const cookies = [await point.Advise(sink), await point.Advise(sink)];
      const connections = await point.EnumConnections();
      stage.hold(connections as NonNullable<typeof connections>);

      const first = connections?.Next(1);
      const rest = connections?.Next(2);

      const given = [...((await first) ?? []), ...((await rest) ?? [])];
      assert.deepEqual([first?.hr, rest?.hr], [S_OK, S_FALSE]);
      assert.deepEqual(
        given.map(({ dwCookie }) => dwCookie),
        cookies,
      );
      for (const { pUnk } of given)
        assert.equal(await stage.hold(pUnk ?? sink).isSameObject(sink), true);
    },
  ),

  conformance(
    "EVT-09",
    "EnumConnectionPoints gives every point; Skip, Reset and Clone move on their own",
    { at: "both", needs },
    async (stage) => {
      const { bell } = await serveBell(stage);
      const container = await stage.query(bell, IConnectionPointContainer);
      const points = await container.EnumConnectionPoints();
      if (points === null) throw new Error("no enumerator");
      stage.hold(points);

      const skip = points.Skip(1);
      await skip;
      const clone = await points.Clone();
      await points.Reset();

      const beyond = clone?.Next(1);
      const found = await points.Next(1);
      stage.hold(clone ?? points);
      for (const point of found) {
        assert.equal(await point?.GetConnectionInterface(), IBellEvents.iid);
        point?.release();
      }
      assert.deepEqual([skip.hr, found.length, await beyond, beyond?.hr], [S_OK, 1, [], S_FALSE]);
    },
  ),
];
