import assert from "node:assert/strict";
import {
  CO_E_OBJNOTCONNECTED,
  type Com,
  E_INVALIDARG,
  EXTCONN_STRONG,
  IExternalConnection,
  type InterfacePointer,
  MSHLFLAGS_TABLESTRONG,
  MSHLFLAGS_TABLEWEAK,
  RPC_E_DISCONNECTED,
  S_OK,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { AsyncIWorker, gate, IForeman, IWorker } from "./call-worker.ts";
import { IProbe, pair, settled } from "./mar-probe.ts";

const AT = { at: "marshaled", needs: ["implement", "functions", "virtual-clock"] } as const;

/** A worker that ends when `proceed` opens, and its proxy. */
async function slowWorker(stage: Stage) {
  const [begun, proceed] = [gate(), gate()];
  const server = await stage.com.openApartment("mta");
  const client = await stage.com.openApartment("sta");
  const object = stage.hold(
    server.implement([IWorker, IForeman], {
      Work: async (value) => {
        begun.open();
        await proceed.opened;
        return value + 1;
      },
      Order: () => {},
    }),
  );
  const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IWorker));
  return { begun, proceed, server, client, object, proxy };
}

/** An object that notes its strong external connections. */
async function connected(stage: Stage) {
  const server = await stage.com.openApartment("sta");
  const log: string[] = [];
  let isGone = false;
  const object = stage.hold(
    server.implement([IProbe, IExternalConnection], {
      Twice: (value) => value * 2,
      Take: () => {},
      Give: () => null,
      AddConnection: (kind) => {
        assert.equal(kind, EXTCONN_STRONG);
        log.push("add");
        return 1;
      },
      ReleaseConnection: (_kind, _reserved, closes) => {
        log.push(closes ? "release, closes" : "release");
        return 0;
      },
      finalRelease: () => {
        isGone = true;
      },
    }),
  );
  return { server, client: stage.com, object, log, isGone: () => isGone };
}

function lock(com: Com, object: InterfacePointer<never>, isLock: boolean, closes = true) {
  return com.functions.CoLockObjectExternal(object, isLock, closes);
}

/** Connections from outside: made, counted, locked, cut. */
export const lifeConnections: readonly ConformanceTest[] = [
  conformance(
    "LIFE-02",
    "a disconnected object's proxies return RPC_E_DISCONNECTED",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));

      await server.functions.CoDisconnectObject(object, 0);

      await assertFails(proxy.Twice(1), RPC_E_DISCONNECTED);
      await assertFails(proxy.Twice(1, { lane: "worker" }), RPC_E_DISCONNECTED);
      assert.equal(await object.Twice(2), 4);
    },
  ),

  conformance(
    "LIFE-02",
    "a packet from before the disconnection leads nowhere, one from after it does",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const before = await server.marshal(object, { flags: MSHLFLAGS_TABLESTRONG });

      await server.functions.CoDisconnectObject(object, 0);

      await assertFails(client.unmarshal(before, IProbe), CO_E_OBJNOTCONNECTED);
      const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));
      assert.equal(await proxy.Twice(2), 4);
    },
  ),

  conformance(
    "LIFE-02",
    "NULL is not disconnected; a proxy has nobody to disconnect, and nothing to lock",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));

      await assertFails(client.functions.CoDisconnectObject(null, 0), E_INVALIDARG);
      await client.functions.CoDisconnectObject(proxy, 0);
      await assertFails(lock(client, proxy as never, true), E_INVALIDARG);

      assert.equal(await proxy.Twice(2), 4);
    },
  ),

  conformance(
    "LIFE-03",
    "a call in progress completes after the disconnection",
    AT,
    async (stage) => {
      const { begun, proceed, server, object, proxy } = await slowWorker(stage);
      const call = await stage.callOf(proxy, AsyncIWorker);
      await call.Begin_Work(1);
      await begun.opened;

      await server.functions.CoDisconnectObject(object, 0);
      proceed.open();

      assert.equal(await call.Finish_Work(), 2);
      await assertFails(proxy.Work(1), RPC_E_DISCONNECTED);
    },
  ),

  conformance(
    "LIFE-04",
    "an external lock keeps an object that nobody refers to",
    AT,
    async (stage) => {
      const { server, client, object, isGone } = await pair(stage);
      const packet = await server.marshal(object, { flags: MSHLFLAGS_TABLEWEAK });
      await lock(server, object as never, true);
      object.release();
      const proxy = await client.unmarshal(packet, IProbe);
      proxy.release();
      await settled(client);
      assert.equal(isGone(), false);

      const own = stage.hold(await server.unmarshal(packet, IProbe));
      await lock(server, own as never, false);
      own.release();

      assert.equal(isGone(), true);
    },
  ),

  conformance(
    "LIFE-04",
    "locks are counted, and one too many taken back changes nothing",
    AT,
    async (stage) => {
      const { server, object, isGone } = await pair(stage);
      const second = stage.hold(object.addRef());
      await lock(server, object as never, true);
      await lock(server, object as never, true);
      await lock(server, object as never, false);
      object.release();

      const reply = lock(server, second as never, false);
      await reply;
      const again = lock(server, second as never, false);
      await again;

      assert.deepEqual([reply.hr, again.hr], [S_OK, S_OK]);
      assert.equal(isGone(), false);
      second.release();
      assert.equal(isGone(), true);
    },
  ),

  conformance(
    "LIFE-04",
    "the last lock without fLastUnlockReleases leaves a TABLEWEAK packet good",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const packet = await server.marshal(object, { flags: MSHLFLAGS_TABLEWEAK });
      await lock(server, object as never, true);

      await lock(server, object as never, false, false);

      const proxy = stage.hold(await client.unmarshal(packet, IProbe));
      assert.equal(await proxy.Twice(2), 4);
    },
  ),

  conformance(
    "LIFE-04",
    "the last lock with fLastUnlockReleases closes a TABLEWEAK packet too",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const packet = await server.marshal(object, { flags: MSHLFLAGS_TABLEWEAK });
      await lock(server, object as never, true);

      await lock(server, object as never, false, true);

      await assertFails(client.unmarshal(packet, IProbe), CO_E_OBJNOTCONNECTED);
    },
  ),

  conformance(
    "LIFE-05",
    "an object is told of its first client and of its last",
    AT,
    async (stage) => {
      const { server, client, object, log } = await connected(stage);
      const first = await client.unmarshal(await server.marshal(object), IProbe);
      const second = await client.unmarshal(await server.marshal(object), IProbe);
      await first.Twice(1);
      assert.deepEqual(log, ["add"]);

      first.release();
      second.release();
      await settled(client);

      assert.deepEqual(log, ["add", "release, closes"]);
    },
  ),

  conformance(
    "LIFE-05",
    "a packet that its own apartment unmarshals does not close the object",
    AT,
    async (stage) => {
      const { server, object, log } = await connected(stage);
      const packet = await server.marshal(object);

      stage.hold(await server.unmarshal(packet, IProbe));

      assert.deepEqual(log, ["add", "release"]);
    },
  ),

  conformance(
    "LIFE-05",
    "a lock is a connection, a TABLEWEAK packet is none, a disconnection tells nothing",
    AT,
    async (stage) => {
      const { server, object, log } = await connected(stage);
      await server.marshal(object, { flags: MSHLFLAGS_TABLEWEAK });
      assert.deepEqual(log, []);
      await lock(server, object as never, true);
      await lock(server, object as never, false, false);
      await lock(server, object as never, true);

      await server.functions.CoDisconnectObject(object, 0);

      assert.deepEqual(log, ["add", "release", "add"]);
    },
  ),

  conformance(
    "MAR-20",
    "an object that counts connections stays as long as its TABLEWEAK packet",
    AT,
    async (stage) => {
      const { server, client, object, isGone } = await connected(stage);
      const packet = await server.marshal(object, { flags: MSHLFLAGS_TABLEWEAK });
      object.release();
      (await client.unmarshal(packet, IProbe)).release();
      await settled(client);
      assert.equal(isGone(), false);

      await server.releaseMarshalData(packet);

      assert.equal(isGone(), true);
    },
  ),

  conformance(
    "LIFE-10",
    "CoIsHandlerConnected tells whether a proxy still leads somewhere",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));
      assert.equal(await client.functions.CoIsHandlerConnected(proxy), true);
      object.release();

      await server.close();

      assert.equal(await client.functions.CoIsHandlerConnected(proxy), false);
    },
  ),
];
