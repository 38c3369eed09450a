import assert from "node:assert/strict";
import { ICallFactory, IMoniker, type InterfacePointer, IUnknown } from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { AsyncIWorker, IWorker } from "./call-worker.ts";
import { IOther, IProbe, pair, settled } from "./mar-probe.ts";

const AT = { at: "marshaled", needs: ["implement", "virtual-clock"] } as const;
const PACKETS = { at: "marshaled", needs: ["implement", "virtual-clock", "packets"] } as const;
/** What passes between a proxy and its stub. */
export const marWire: readonly ConformanceTest[] = [
  conformance(
    "MAR-06",
    "unmarshaling at home returns the object's own pointer",
    AT,
    async (stage) => {
      const { server, object } = await pair(stage);

      const pointer = stage.hold(await server.unmarshal(await server.marshal(object), IProbe));

      assert.equal(await pointer.isSameObject(object), true);
      await assertFails(pointer.queryInterface(ICallFactory), 0x80004002 as never);
    },
  ),

  conformance(
    "MAR-07",
    "two packets of an object lead to one identity in an apartment",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const first = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));
      const other = stage.hold(await client.unmarshal(await server.marshal(object), IOther));

      assert.equal(await first.isSameObject(other), true);
    },
  ),

  conformance("MAR-07", "different objects are different identities", AT, async (stage) => {
    const { server, client, object } = await pair(stage);
    const twin = stage.hold(
      server.implement([IProbe], { Twice: () => 0, Take: () => {}, Give: () => null }),
    );
    const first = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));
    const second = stage.hold(await client.unmarshal(await server.marshal(twin), IProbe));

    assert.equal(await first.isSameObject(second), false);
  }),

  conformance(
    "MAR-13",
    "a standard OBJREF has its signature, flags, IID and five references",
    AT,
    async (stage) => {
      const { server, object } = await pair(stage);

      const packet = await server.marshal(object);

      const view = new DataView(packet.buffer, packet.byteOffset);
      assert.equal(view.getUint32(0, true), 0x574f454d);
      assert.equal(view.getUint32(4, true), 1);
      assert.equal(view.getUint32(8, true), Number.parseInt(IProbe.iid.slice(0, 8), 16));
      assert.equal(view.getUint32(28, true), 5);
      await server.releaseMarshalData(packet);
    },
  ),

  conformance(
    "MAR-14",
    "each request starts with an ORPCTHIS, each reply with an ORPCTHAT",
    PACKETS,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));
      const events = stage.record();

      await proxy.Twice(21);

      const [request, reply] = events.flatMap((event) =>
        event.kind === "packet" ? [[...event.bytes]] : [],
      );
      // Version 5.7, no flags, the causality id, no extensions; then the value.
      assert.deepEqual(request?.slice(0, 12), [5, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
      assert.deepEqual(request?.slice(28), [0, 0, 0, 0, 21, 0, 0, 0]);
      assert.deepEqual(reply, [0, 0, 0, 0, 0, 0, 0, 0, 42, 0, 0, 0, 0, 0, 0, 0]);
    },
  ),

  conformance(
    "MAR-15",
    "a proxy asks for other interfaces by RemQueryInterface, and gives all back by RemRelease",
    PACKETS,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));
      const events = stage.record();

      const other = await proxy.queryInterface(IOther);
      other.release();
      proxy.release();
      await settled(client);

      const requests = events.flatMap((event) =>
        event.kind === "packet" && event.direction === "request" ? [[event.iid, event.opnum]] : [],
      );
      assert.deepEqual(requests, [
        [IID_IRemUnknown, 3],
        [IID_IRemUnknown, 5],
      ]);
    },
  ),

  conformance(
    "MAR-15",
    "a proxy without references to spare asks for more by RemAddRef",
    PACKETS,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const third = await stage.com.openApartment("sta");
      const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));
      const events = stage.record();

      for (let i = 0; i < 4; i++) {
        const pointer = stage.hold(await third.unmarshal(await client.marshal(proxy), IProbe));
        assert.equal(await pointer.Twice(i), i * 2);
      }

      const added = events.filter(
        (event) =>
          event.kind === "packet" &&
          event.direction === "request" &&
          event.iid === IID_IRemUnknown &&
          event.opnum === 4,
      );
      assert.equal(added.length, 1);
    },
  ),

  conformance(
    "MAR-17",
    "a proxy among the [in] parameters is released when the call is over",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      let isGone = false;
      const sink = client.implement([IOther], {
        Ping: () => {},
        finalRelease: () => {
          isGone = true;
        },
      });
      const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));

      await proxy.Take(sink);
      sink.release();
      await settled(client);

      assert.equal(isGone, true);
    },
  ),

  conformance("MAR-17", "a server keeps a pointer by a reference of its own", AT, async (stage) => {
    const kept: InterfacePointer<unknown>[] = [];
    const { server, client, object } = await pair(stage, {
      Take: (pointer: InterfacePointer<unknown>) => {
        kept.push(pointer.addRef());
      },
    });
    let pings = 0;
    const sink = stage.hold(
      client.implement([IOther], {
        Ping: () => {
          pings++;
        },
      }),
    );
    const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));
    await proxy.Take(sink);
    await settled(client);

    const other = stage.hold(await (kept[0] as InterfacePointer<unknown>).queryInterface(IOther));
    await other.Ping();

    assert.equal(pings, 1);
    kept[0]?.release();
  }),

  conformance(
    "MAR-18",
    "the call object's synchronizer is signaled when the reply is there to be read",
    PACKETS,
    async (stage) => {
      const { server, client } = await pair(stage);
      const object = stage.hold(server.implement([IWorker], { Work: (value) => value + 1 }));
      const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IWorker));
      const call = await stage.callOf(proxy, AsyncIWorker);
      const events = stage.record();

      await call.Begin_Work(1);
      await call.wait();

      const order = events.flatMap((event) => {
        if (event.kind === "packet") return [event.direction];
        return event.kind === "begin" || event.kind === "signal" ? [event.kind] : [];
      });
      assert.deepEqual(order, ["request", "begin", "reply", "signal"]);
      assert.equal(await call.Finish_Work(), 2);
    },
  ),

  conformance(
    "REG-05",
    "COM's own interfaces are marshaled without any registration",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const unknown = stage.hold(await object.queryInterface(IUnknown));

      const proxy = stage.hold(await client.unmarshal(await server.marshal(unknown), IUnknown));

      assert.equal(await proxy.isSameObject(proxy), true);
      await assertFails(proxy.queryInterface(IMoniker), 0x80004002 as never);
    },
  ),
];

const IID_IRemUnknown = "00000131-0000-0000-c000-000000000046";
