import assert from "node:assert/strict";
import {
  CLSID_InProcFreeMarshaler,
  CO_E_NOT_SUPPORTED,
  CO_E_OBJNOTCONNECTED,
  type Com,
  E_NOINTERFACE,
  IAgileObject,
  ICallFactory,
  INoMarshal,
  MSHCTX_INPROC,
  MSHCTX_LOCAL,
  MSHLFLAGS_TABLESTRONG,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { IProbe, pair } from "./mar-probe.ts";

const AT = { at: "marshaled", needs: ["implement", "functions", "virtual-clock"] } as const;

/** Free-threaded objects, agile references, and objects that are never marshaled. */
export const marAgile: readonly ConformanceTest[] = [
  conformance(
    "MAR-10",
    "a free-threaded object passes itself within the process",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage, { isFreeThreaded: true });

      const packet = await server.marshal(object, { context: MSHCTX_INPROC });
      const pointer = stage.hold(await client.unmarshal(packet, IProbe));

      assert.equal(await pointer.isSameObject(object), true);
      await assertFails(pointer.queryInterface(ICallFactory), E_NOINTERFACE);
      (await pointer.queryInterface(IAgileObject)).release();
      assert.deepEqual([...packet.subarray(24, 28)], [0x1c, 0, 0, 0]);
      assert.equal(CLSID_InProcFreeMarshaler.slice(0, 8), "0000001c");
      await assertFails(client.unmarshal(packet, IProbe), CO_E_OBJNOTCONNECTED);
    },
  ),

  conformance(
    "MAR-10",
    "a free-threaded object's methods run in the apartment that calls",
    AT,
    async (stage) => {
      const apartments: string[] = [];
      const { server, client, object } = await pair(stage, {
        isFreeThreaded: true,
        Twice: (value: number, { com }: { com: Com }) => {
          apartments.push(com.apartment);
          return value * 2;
        },
      });
      const packet = await server.marshal(object, {
        context: MSHCTX_INPROC,
        flags: MSHLFLAGS_TABLESTRONG,
      });
      const pointer = stage.hold(await client.unmarshal(packet, IProbe));

      const call = pointer.Twice(1);
      await call;
      await object.Twice(1);

      assert.equal(call.lane, "direct");
      assert.deepEqual(apartments, ["mta", "sta"]);
      await server.releaseMarshalData(packet);
    },
  ),

  conformance(
    "MAR-10",
    "for other destinations a free-threaded object is marshaled as any other",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage, { isFreeThreaded: true });

      const proxy = stage.hold(
        await client.unmarshal(await server.marshal(object, { context: MSHCTX_LOCAL }), IProbe),
      );

      const factory = await proxy.queryInterface(ICallFactory);
      factory.release();
    },
  ),

  conformance(
    "MAR-10",
    "an agile reference gives every apartment a pointer of its own",
    AT,
    async (stage) => {
      const { server, object, isGone } = await pair(stage);
      const reference = await server.functions.RoGetAgileReference(0, IProbe.iid, object);
      const held = stage.hold(reference as NonNullable<typeof reference>);
      object.release();

      const pointer = await held.Resolve(IProbe.iid);

      assert.ok(pointer);
      pointer.release();
      assert.equal(isGone(), false);
      held.release();
      assert.equal(isGone(), true);
    },
  ),

  conformance(
    "MAR-10",
    "an object with INoMarshal has no agile reference and no packet",
    AT,
    async (stage) => {
      const object = stage.hold(
        stage.com.implement([IProbe, INoMarshal], {
          Twice: () => 0,
          Take: () => {},
          Give: () => null,
        }),
      );

      await assertFails(
        stage.com.functions.RoGetAgileReference(0, IProbe.iid, object),
        CO_E_NOT_SUPPORTED,
      );
      await assertFails(stage.com.marshal(object), CO_E_NOT_SUPPORTED);
    },
  ),
];
