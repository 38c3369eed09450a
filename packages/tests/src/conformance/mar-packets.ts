import assert from "node:assert/strict";
import {
  CLSID_StdEvent,
  CO_E_OBJNOTCONNECTED,
  E_INVALIDARG,
  E_NOINTERFACE,
  IStdMarshalInfo,
  ISynchronize,
  MSHLFLAGS_NOPING,
  MSHLFLAGS_TABLESTRONG,
  MSHLFLAGS_TABLEWEAK,
  REGDB_E_IIDNOTREG,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { IOther, IProbe, pair, settled } from "./mar-probe.ts";

const NEEDS = ["implement", "virtual-clock"] as const;
const AT = { at: "marshaled", needs: NEEDS } as const;

/** Packets: what they hold, and how long they are good. */
export const marPackets: readonly ConformanceTest[] = [
  conformance(
    "MAR-02",
    "a NORMAL packet is good for one unmarshal in another apartment",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const packet = await server.marshal(object);
      stage.hold(await client.unmarshal(packet, IProbe));

      const second = client.unmarshal(packet, IProbe);

      await assertFails(second, CO_E_OBJNOTCONNECTED);
    },
  ),

  conformance(
    "MAR-02",
    "a NORMAL packet is good for one unmarshal in its own apartment",
    AT,
    async (stage) => {
      const { server, object } = await pair(stage);
      const packet = await server.marshal(object);
      stage.hold(await server.unmarshal(packet, IProbe));

      await assertFails(server.unmarshal(packet, IProbe), CO_E_OBJNOTCONNECTED);
    },
  ),

  conformance(
    "MAR-02",
    "a NORMAL packet keeps its object alive until releaseMarshalData",
    AT,
    async (stage) => {
      const { server, client, object, isGone } = await pair(stage);
      const packet = await server.marshal(object);
      object.release();
      await settled(client);
      assert.equal(isGone(), false);

      await server.releaseMarshalData(packet);

      assert.equal(isGone(), true);
      await assertFails(client.unmarshal(packet, IProbe), CO_E_OBJNOTCONNECTED);
      await assertFails(server.releaseMarshalData(packet), CO_E_OBJNOTCONNECTED);
    },
  ),

  conformance("MAR-02", "a packet of a proxy is given back too", AT, async (stage) => {
    const { server, client, object, isGone } = await pair(stage);
    const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));
    const packet = await client.marshal(proxy);
    object.release();
    proxy.release();
    await settled(client);
    assert.equal(isGone(), false);

    await client.releaseMarshalData(packet);

    await settled(client);
    assert.equal(isGone(), true);
  }),

  conformance(
    "MAR-03",
    "a TABLESTRONG packet is good for many unmarshals, and keeps the object alive",
    AT,
    async (stage) => {
      const { server, client, object, isGone } = await pair(stage);
      const other = await stage.com.openApartment("sta");
      const packet = await server.marshal(object, { flags: MSHLFLAGS_TABLESTRONG });
      object.release();

      for (const com of [client, other, server, client]) {
        const pointer = await com.unmarshal(packet, IProbe);
        assert.equal(await pointer.Twice(4), 8);
        pointer.release();
        await settled(client);
      }

      assert.equal(isGone(), false);
      await server.releaseMarshalData(packet);
      assert.equal(isGone(), true);
      await assertFails(client.unmarshal(packet, IProbe), CO_E_OBJNOTCONNECTED);
    },
  ),

  conformance(
    "MAR-03",
    "a TABLEWEAK packet is good for many unmarshals, and does not keep the object alive after them",
    AT,
    async (stage) => {
      const { server, client, object, isGone } = await pair(stage);
      const packet = await server.marshal(object, { flags: MSHLFLAGS_TABLEWEAK });
      object.release();
      const first = stage.hold(await client.unmarshal(packet, IProbe));
      const second = stage.hold(await client.unmarshal(packet, IProbe));
      first.release();
      await settled(client);
      assert.equal(isGone(), false);

      second.release();

      await settled(client);
      assert.equal(isGone(), true);
      await assertFails(client.unmarshal(packet, IProbe), CO_E_OBJNOTCONNECTED);
    },
  ),

  conformance(
    "MAR-03",
    "a proxy is marshaled for a table, strongly and weakly, like its object",
    AT,
    async (stage) => {
      const { server, client, object, isGone } = await pair(stage);
      const third = await stage.com.openApartment("sta");
      const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));
      object.release();
      const strong = await client.marshal(proxy, { flags: MSHLFLAGS_TABLESTRONG });
      const weak = await client.marshal(proxy, { flags: MSHLFLAGS_TABLEWEAK });
      proxy.release();

      for (const packet of [strong, weak, strong]) {
        const pointer = await third.unmarshal(packet, IProbe);
        assert.equal(await pointer.Twice(4), 8);
        pointer.release();
        await settled(client);
      }
      assert.equal(isGone(), false);
      await client.releaseMarshalData(strong);

      await settled(client);
      assert.equal(isGone(), true);
      await assertFails(third.unmarshal(weak, IProbe), CO_E_OBJNOTCONNECTED);
    },
  ),

  conformance(
    "MAR-20",
    "an object that was marshaled TABLEWEAK alone stays until its packet is released",
    AT,
    async (stage) => {
      const { server, client, object, isGone } = await pair(stage);
      const packet = await server.marshal(object, { flags: MSHLFLAGS_TABLEWEAK });
      object.release();
      await settled(client);
      assert.equal(isGone(), false);

      await server.releaseMarshalData(packet);

      assert.equal(isGone(), true);
    },
  ),

  conformance(
    "MAR-04",
    "NOPING marks the packets of an object that was first marshaled with it",
    AT,
    async (stage) => {
      const { server, object } = await pair(stage);
      const first = await server.marshal(object, { flags: MSHLFLAGS_NOPING });
      const second = await server.marshal(object);

      const flags = [first, second].map(sorfFlags);

      assert.deepEqual(flags, [SORF_NOPING, SORF_NOPING]);
      for (const packet of [first, second]) await server.releaseMarshalData(packet);
    },
  ),

  conformance(
    "MAR-04",
    "NOPING means nothing for an object that was marshaled before",
    AT,
    async (stage) => {
      const { server, object } = await pair(stage);
      const first = await server.marshal(object);
      const second = await server.marshal(object, { flags: MSHLFLAGS_NOPING });

      const flags = [first, second].map(sorfFlags);

      assert.deepEqual(flags, [0, 0]);
      for (const packet of [first, second]) await server.releaseMarshalData(packet);
    },
  ),

  conformance("MAR-05", "unmarshaling asks for what interface it likes", AT, async (stage) => {
    const { server, client, object } = await pair(stage);

    const other = stage.hold(await client.unmarshal(await server.marshal(object), IOther));

    await other.Ping();
    assert.equal(await other.isSameObject(await stage.query(other, IProbe)), true);
  }),

  conformance(
    "MAR-09",
    "an interface without proxy and stub is not marshaled",
    AT,
    async (stage) => {
      const event = stage.hold(await stage.com.createInstance(CLSID_StdEvent, ISynchronize));

      await assertFails(stage.com.marshal(event), REGDB_E_IIDNOTREG);
    },
  ),

  conformance("MAR-09", "a [local] interface is not marshaled", AT, async (stage) => {
    const info = stage.hold(
      stage.com.implement([IStdMarshalInfo], { GetClassForHandler: () => CLSID_StdEvent }),
    );

    await assertFails(stage.com.marshal(info), E_NOINTERFACE);
  }),

  conformance("MAR-01", "flags that exclude each other are refused", AT, async (stage) => {
    const { server, object } = await pair(stage);

    const both = server.marshal(object, { flags: MSHLFLAGS_TABLESTRONG | MSHLFLAGS_TABLEWEAK });

    await assertFails(both, E_INVALIDARG);
    await assertFails(server.marshal(object, { context: 5 }), E_INVALIDARG);
  }),
];

const SORF_NOPING = 0x1000;

/** The flags of the STDOBJREF in an OBJREF. */
function sorfFlags(packet: Uint8Array): number {
  return new DataView(packet.buffer, packet.byteOffset).getUint32(24, true);
}
