import assert from "node:assert/strict";
import {
  CO_E_OBJNOTCONNECTED,
  guid,
  type IncomingCall,
  IStdMarshalInfo,
  IUnknown,
  MSHCTX_INPROC,
  MSHLFLAGS_TABLESTRONG,
  MSHLFLAGS_TABLEWEAK,
  RPC_E_DISCONNECTED,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { gate } from "./call-worker.ts";
import { IOther, IProbe, pair, settled } from "./mar-probe.ts";

const NEEDS = ["implement", "virtual-clock"] as const;
const AT = { at: "marshaled", needs: NEEDS } as const;

/** References where packets, proxies and ends meet; what is left over fails a test by itself. */
export const marReferences: readonly ConformanceTest[] = [
  conformance(
    "MAR-03",
    "a TABLESTRONG packet is unmarshaled twice at the same time",
    AT,
    async (stage) => {
      const { server, client, object, isGone } = await pair(stage);
      const packet = await server.marshal(object, { flags: MSHLFLAGS_TABLESTRONG });

      const proxies = await Promise.all([
        client.unmarshal(packet, IProbe),
        client.unmarshal(packet, IProbe),
      ]);

      for (const proxy of proxies) proxy.release();
      await server.releaseMarshalData(packet);
      object.release();
      await settled(client);
      assert.equal(isGone(), true);
    },
  ),

  conformance(
    "MAR-12",
    "an identity that comes twice at the same time keeps one handler",
    AT,
    async (stage) => {
      const clsid = guid("5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3b401");
      let alive = 0;
      stage.com.registerClass({
        clsid,
        threadingModel: "Both",
        interfaces: [IOther],
        create: () => {
          alive++;
          return { Ping: () => {}, finalRelease: () => void alive-- };
        },
      });
      const server = await stage.com.openApartment("sta");
      const object = stage.hold(
        server.implement([IProbe, IStdMarshalInfo], {
          Twice: (value) => value * 2,
          Take: () => {},
          Give: () => null,
          GetClassForHandler: () => clsid,
        }),
      );
      const packets = [await server.marshal(object), await server.marshal(object)];

      const proxies = await Promise.all(
        packets.map((packet) => stage.com.unmarshal(packet, IProbe)),
      );

      for (const proxy of proxies) await (await stage.query(stage.hold(proxy), IOther)).Ping();
      assert.equal(alive, 1);
    },
  ),

  conformance(
    "MAR-07",
    "an identity that came by two interfaces gives each its references back",
    AT,
    async (stage) => {
      const { server, client, object, isGone } = await pair(stage);
      const third = await stage.com.openApartment("sta");
      const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));
      const passedOn = await client.marshal(await stage.query(proxy, IUnknown));
      const direct = await server.marshal(await stage.query(object, IUnknown));

      const first = await third.unmarshal(passedOn, IUnknown);
      const second = await third.unmarshal(direct, IUnknown);

      assert.equal(await first.isSameObject(second), true);
      first.release();
      second.release();
      await settled(client);
      assert.equal(await proxy.Twice(21), 42);
      assert.equal(isGone(), false);
    },
  ),

  conformance(
    "MAR-06",
    "a proxy in another process leads home as often as it is passed back",
    { at: "marshaled", needs: [...NEEDS, "processes"] },
    async (stage) => {
      const { server, object } = await pair(stage);
      const process = await stage.com.openProcess();
      stage.hold({ release: () => process.kill() });
      const known = { Twice: () => 0, Take: () => {}, Give: () => null };
      process.implement([IProbe], known).release();
      const proxy = stage.hold(await process.unmarshal(await server.marshal(object), IProbe));

      for (let i = 0; i < 3; i++) {
        const home = stage.hold(await server.unmarshal(await process.marshal(proxy), IProbe));
        assert.equal(await home.isSameObject(object), true);
        await proxy.Take(proxy);
      }
      await settled(server);
    },
  ),

  conformance(
    "LIFE-02",
    "a call that waits for its apartment when its object is disconnected does not reach it",
    { at: "marshaled", needs: [...NEEDS, "functions"] },
    async (stage) => {
      const [begun, proceed] = [gate(), gate()];
      const { server, client, object, isGone } = await pair(stage);
      const busy = stage.hold(
        server.implement([IProbe], {
          Twice: async (value: number) => {
            begun.open();
            await proceed.opened;
            return value;
          },
          Take: () => {},
          Give: () => null,
        }),
      );
      const busyProxy = stage.hold(await client.unmarshal(await server.marshal(busy), IProbe));
      const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));
      const running = busyProxy.Twice(1, { lane: "worker" });
      await begun.opened;
      const waiting = assertFails(proxy.Twice(21, { lane: "worker" }), RPC_E_DISCONNECTED);
      await settled(client);

      await server.functions.CoDisconnectObject(object, 0);
      object.release();
      assert.equal(isGone(), true);
      proceed.open();

      assert.equal(await running, 1);
      await waiting;
    },
  ),

  conformance(
    "MAR-17",
    "a call that nobody reads keeps none of its pointers",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const passed = await pair(stage);
      const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));
      const pointer = await client.unmarshal(await passed.server.marshal(passed.object), IOther);
      await server.close();

      await assertFails(proxy.Take(pointer), RPC_E_DISCONNECTED);

      pointer.release();
      passed.object.release();
      await settled(client);
      assert.equal(passed.isGone(), true);
    },
  ),

  conformance(
    "LIFE-09",
    "what a server gives to an apartment that has ended goes",
    AT,
    async (stage) => {
      const [begun, proceed] = [gate(), gate()];
      const { server, object, isGone } = await pair(stage, {
        Give: async (call: IncomingCall) => {
          begun.open();
          await proceed.opened;
          return call.self(IProbe);
        },
      });
      const client = await stage.com.openApartment("sta");
      const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));
      const pending = assertFails(proxy.Give({ lane: "worker" }), RPC_E_DISCONNECTED);
      await begun.opened;

      await client.close();
      proceed.open();

      await pending;
      proxy.release();
      object.release();
      await settled(stage.com);
      assert.equal(isGone(), true);
    },
  ),

  conformance(
    "LIFE-09",
    "references that a server grants to an apartment that has ended go",
    AT,
    async (stage) => {
      const { server, object, isGone } = await pair(stage);
      const client = await stage.com.openApartment("sta");
      const packet = await server.marshal(object, { flags: MSHLFLAGS_TABLESTRONG });
      const asked = client.unmarshal(packet, IProbe).then(
        (proxy) => proxy.release(),
        () => {},
      );

      await client.close();

      await asked;
      await server.releaseMarshalData(packet);
      object.release();
      await settled(stage.com);
      assert.equal(isGone(), true);
    },
  ),

  conformance(
    "LIFE-10",
    "what a method gives after its apartment has ended is kept for nobody",
    AT,
    async (stage) => {
      const [begun, proceed] = [gate(), gate()];
      const { server, client, object, isGone } = await pair(stage, {
        Give: async (call: IncomingCall) => {
          const self = await call.self(IProbe);
          begun.open();
          await proceed.opened;
          return self;
        },
      });
      const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));
      const pending = assertFails(proxy.Give({ lane: "worker" }), RPC_E_DISCONNECTED);
      await begun.opened;

      await server.close();
      object.release();
      proceed.open();

      await pending;
      await settled(client);
      assert.equal(isGone(), true);
    },
  ),

  conformance(
    "MAR-03",
    "a TABLEWEAK packet of a free-threaded object does not outlive it",
    AT,
    async (stage) => {
      const { server, client, object, isGone } = await pair(stage, { isFreeThreaded: true });
      const flags = MSHLFLAGS_TABLEWEAK;
      const packet = await server.marshal(object, { context: MSHCTX_INPROC, flags });

      object.release();

      assert.equal(isGone(), true);
      await assertFails(client.unmarshal(packet, IProbe), CO_E_OBJNOTCONNECTED);
    },
  ),
];
