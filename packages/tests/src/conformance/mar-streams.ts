import assert from "node:assert/strict";
import {
  CO_E_OBJNOTCONNECTED,
  E_INVALIDARG,
  E_NOINTERFACE,
  IID_NULL,
  type InterfacePointer,
  IPipeByte,
  IStream,
  MSHCTX_INPROC,
  MSHLFLAGS_NORMAL,
  RPC_E_INVALID_OBJREF,
  STG_E_READFAULT,
  STREAM_SEEK_END,
  STREAM_SEEK_SET,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { IProbe, pair, settled } from "./mar-probe.ts";

const AT = { at: "marshaled", needs: ["implement", "functions", "virtual-clock"] } as const;

/** A stream with `bytes` in it, at its start. */
async function streamOf(stage: Stage, bytes: Uint8Array = new Uint8Array(0)) {
  const created = await stage.com.functions.CreateStreamOnHGlobal();
  assert.ok(created);
  const stream = stage.hold(created);
  if (bytes.length > 0) await stream.Write(bytes, bytes.length);
  await stream.Seek(0n, STREAM_SEEK_SET);
  return stream;
}

/** Marshaling through streams, as COM's own functions do it. */
export const marStreams: readonly ConformanceTest[] = [
  conformance(
    "MAR-01",
    "CoMarshalInterface writes a packet that com.unmarshal reads",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const stream = await streamOf(stage);

      await server.functions.CoMarshalInterface(
        stream,
        IProbe.iid,
        object,
        MSHCTX_INPROC,
        MSHLFLAGS_NORMAL,
      );

      await stream.Seek(0n, STREAM_SEEK_SET);
      const proxy = stage.hold(await client.unmarshal(await stream.Read(4096), IProbe));
      assert.equal(await proxy.Twice(21), 42);
    },
  ),

  conformance(
    "MAR-05",
    "CoUnmarshalInterface reads the packet where the stream stands, and no more",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const packet = await server.marshal(object);
      const stream = await streamOf(stage, Uint8Array.of(7, 7, 7, ...packet, 9));
      await stream.Seek(3n, STREAM_SEEK_SET);

      const pointer = await client.functions.CoUnmarshalInterface(stream, IProbe.iid);

      const probe = await stage.query(stage.hold(pointer as NonNullable<typeof pointer>), IProbe);
      assert.equal(await probe.Twice(21), 42);
      assert.deepEqual(await stream.Read(10), Uint8Array.of(9));
    },
  ),

  conformance("MAR-05", "IID_NULL asks for the packet's own interface", AT, async (stage) => {
    const { server, client, object } = await pair(stage);
    const stream = await streamOf(stage, await server.marshal(object));

    const pointer = await client.functions.CoUnmarshalInterface(stream, IID_NULL);

    assert.equal(stage.hold(pointer as NonNullable<typeof pointer>).interface.iid, IProbe.iid);
  }),

  conformance(
    "MAR-05",
    "a stream of an object that is gone fails with CO_E_OBJNOTCONNECTED",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const packet = await server.marshal(object);
      await server.functions.CoDisconnectObject(object, 0);

      const unmarshaling = client.functions.CoUnmarshalInterface(
        await streamOf(stage, packet),
        IProbe.iid,
      );

      await assertFails(unmarshaling, CO_E_OBJNOTCONNECTED);
    },
  ),

  conformance(
    "MAR-05",
    "an interface that the object lacks fails with E_NOINTERFACE",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const stream = await streamOf(stage, await server.marshal(object));

      await assertFails(
        client.functions.CoUnmarshalInterface(stream, IPipeByte.iid),
        E_NOINTERFACE,
      );
    },
  ),

  conformance("MAR-05", "a stream without a whole packet fails", AT, async (stage) => {
    const { server, client, object } = await pair(stage);
    const packet = await server.marshal(object);
    const short = await streamOf(stage, packet.subarray(0, packet.length - 1));
    const other = await streamOf(stage, withFlags(packet, 16));

    await assertFails(client.functions.CoUnmarshalInterface(short, IProbe.iid), STG_E_READFAULT);
    await assertFails(
      client.functions.CoUnmarshalInterface(other, IProbe.iid),
      RPC_E_INVALID_OBJREF,
    );
    await assertFails(client.functions.CoUnmarshalInterface(null, IProbe.iid), E_INVALIDARG);
    await server.releaseMarshalData(packet);
  }),

  conformance(
    "MAR-02",
    "CoReleaseMarshalData gives back what the packet in a stream holds",
    AT,
    async (stage) => {
      const { server, object, isGone } = await pair(stage);
      const stream = await streamOf(stage, await server.marshal(object));
      object.release();

      await server.functions.CoReleaseMarshalData(stream);

      assert.equal(isGone(), true);
      await assertFails(server.functions.CoReleaseMarshalData(stream), STG_E_READFAULT);
    },
  ),

  conformance("MAR-01", "no packet is longer than CoGetMarshalSizeMax says", AT, async (stage) => {
    const { server, object } = await pair(stage);
    const packet = await server.marshal(object);

    const most = await server.functions.CoGetMarshalSizeMax(
      IProbe.iid,
      object,
      MSHCTX_INPROC,
      MSHLFLAGS_NORMAL,
    );

    assert.ok(packet.length <= most, `${packet.length} bytes, at most ${most}`);
    await server.releaseMarshalData(packet);
  }),

  conformance("MAR-08", "a pointer passes to another apartment in a stream", AT, async (stage) => {
    const { server, client, object } = await pair(stage);

    const stream = await server.functions.CoMarshalInterThreadInterfaceInStream(IProbe.iid, object);
    const pointer = await client.functions.CoGetInterfaceAndReleaseStream(stream, IProbe.iid);

    const probe = await stage.query(stage.hold(pointer as NonNullable<typeof pointer>), IProbe);
    assert.equal(await probe.Twice(21), 42);
  }),

  conformance("MAR-08", "NULL passes in a stream too", AT, async (stage) => {
    const { server, client } = await pair(stage);

    const stream = await server.functions.CoMarshalInterThreadInterfaceInStream(IProbe.iid, null);

    assert.ok(stream);
    assert.equal(await client.functions.CoGetInterfaceAndReleaseStream(stream, IProbe.iid), null);
  }),

  conformance(
    "MAR-08",
    "CoGetInterfaceAndReleaseStream releases the stream also when it fails",
    AT,
    async (stage) => {
      const { client } = await pair(stage);
      const stream = await stage.com.functions.CreateStreamOnHGlobal();
      assert.ok(stream);
      await stream.Write(Uint8Array.of(1), 1);
      await stream.Seek(0n, STREAM_SEEK_SET);

      const getting = client.functions.CoGetInterfaceAndReleaseStream(stream, IProbe.iid);

      await assertFails(getting, STG_E_READFAULT);
      // It is not ours any more; what is left over would show when the test ends.
      assert.notEqual(await hrOf(stream.Read(1)), 0);
    },
  ),

  conformance(
    "MAR-01",
    "a stream over memory is read, written, cloned and told about",
    AT,
    async (stage) => {
      const stream = await streamOf(stage, Uint8Array.of(1, 2, 3, 4));

      const clone = await stage.query(
        stage.hold((await stream.Clone()) as NonNullable<Awaited<ReturnType<typeof stream.Clone>>>),
        IStream,
      );
      await stream.Seek(-1n, STREAM_SEEK_END);
      await stream.Write(Uint8Array.of(8, 9), 2);

      assert.deepEqual(await clone.Read(10), Uint8Array.of(1, 2, 3, 8, 9));
      assert.equal((await stream.Stat(0)).cbSize, 5n);
      await stream.SetSize(2n);
      assert.equal(await clone.Seek(0n, STREAM_SEEK_END), 2n);
    },
  ),

  conformance("MAR-17", "a stream is a parameter like any other object", AT, async (stage) => {
    const taken: Uint8Array[] = [];
    const { server, client, object } = await pair(stage, {
      Take: async (pointer: InterfacePointer<unknown>) => {
        const stream = await pointer.queryInterface(IStream);
        taken.push(await stream.Read(10));
        stream.release();
      },
    });
    const probe = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));

    await probe.Take(await streamOf(stage, Uint8Array.of(5, 6)));

    assert.deepEqual(taken, [Uint8Array.of(5, 6)]);
    await settled(client);
  }),
];

/** An OBJREF with other flags, of no kind that there is. */
function withFlags(packet: Uint8Array, flags: number): Uint8Array {
  const copy = packet.slice();
  copy[4] = flags;
  return copy;
}
