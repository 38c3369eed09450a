import assert from "node:assert/strict";
import {
  CLSID_StdMarshal,
  E_FAIL,
  E_NOINTERFACE,
  ComError,
  ICallFactory,
  IMarshal,
  type InterfacePointer,
  IStdMarshalInfo,
  MSHCTX_INPROC,
  MSHLFLAGS_NORMAL,
  type NoMethods,
  REGDB_E_CLASSNOTREG,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { byValue, CLSID_ByValue, CLSID_Nobody, registerUnmarshaler } from "./mar-by-value.ts";
import { IProbe, pair } from "./mar-probe.ts";

const AT = { at: "marshaled", needs: ["implement", "functions", "virtual-clock"] } as const;

/** Objects that marshal themselves, or are never marshaled. */
export const marCustom: readonly ConformanceTest[] = [
  conformance(
    "MAR-01",
    "an object that marshals itself is asked for its class, then for its data",
    AT,
    async (stage) => {
      const log: string[] = [];
      const object = stage.hold(byValue(stage.com, 7, log));

      const packet = await stage.com.marshal(object, { context: MSHCTX_INPROC });

      assert.deepEqual(log, ["GetUnmarshalClass 3", "GetMarshalSizeMax", "MarshalInterface"]);
      assert.deepEqual([...packet.subarray(44)], [1, 0, 0, 0, 7]);
      assert.deepEqual([...packet.subarray(4, 8)], [4, 0, 0, 0]);
    },
  ),

  conformance(
    "MAR-01",
    "the unmarshaler is created in the apartment that unmarshals",
    AT,
    async (stage) => {
      const log: string[] = [];
      registerUnmarshaler(stage, log);
      const server = await stage.com.openApartment("sta");
      const packet = await server.marshal(stage.hold(byValue(server, 7, [])));

      const copy = stage.hold(await stage.com.unmarshal(packet, IProbe));

      assert.deepEqual(log, ["created in mta", "UnmarshalInterface"]);
      assert.equal(await copy.Twice(3), 21);
    },
  ),

  conformance(
    "MAR-01",
    "an object that marshals itself is passed as a parameter in its own way",
    AT,
    async (stage) => {
      const log: string[] = [];
      registerUnmarshaler(stage, log);
      const seen: number[] = [];
      const { server, client, object } = await pair(stage, {
        Take: async (pointer: InterfacePointer<unknown>) => {
          const probe = await pointer.queryInterface(IProbe);
          seen.push(await probe.Twice(2));
          probe.release();
        },
      });
      const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));

      await proxy.Take(stage.hold(byValue(client, 9, [])));
      await proxy.Take(stage.hold(byValue(client, 4, [])), { lane: "worker" });

      assert.deepEqual(seen, [18, 8]);
      assert.deepEqual(log, [
        "created in sta",
        "UnmarshalInterface",
        "created in sta",
        "UnmarshalInterface",
      ]);
    },
  ),

  conformance("MAR-01", "a result may marshal itself as well", AT, async (stage) => {
    registerUnmarshaler(stage, []);
    const server = await stage.com.openApartment("sta");
    const object = stage.hold(
      server.implement([IProbe], {
        Twice: () => 0,
        Take: () => {},
        Give: () => byValue(server, 5, []),
      }),
    );
    const proxy = stage.hold(await stage.com.unmarshal(await server.marshal(object), IProbe));

    const given = await proxy.Give();

    const probe = await stage.query(stage.hold(given as NonNullable<typeof given>), IProbe);
    assert.equal(await probe.Twice(2), 10);
  }),

  conformance(
    "MAR-01",
    "a failure of MarshalInterface is the call's failure",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const proxy = stage.hold(await client.unmarshal(await server.marshal(object), IProbe));
      const broken = stage.hold(
        client.implement([IProbe, IMarshal], {
          Twice: () => 0,
          Take: () => {},
          Give: () => null,
          GetUnmarshalClass: () => CLSID_ByValue,
          GetMarshalSizeMax: () => 1,
          MarshalInterface: () => {
            throw new ComError(E_FAIL, "IMarshal");
          },
          UnmarshalInterface: () => null,
          ReleaseMarshalData: () => {},
          DisconnectObject: () => {},
        }),
      );

      await assertFails(proxy.Take(broken), E_FAIL);
      await assertFails(proxy.Take(broken, { lane: "worker" }), E_FAIL);
      assert.equal(await proxy.Twice(21), 42);
    },
  ),

  conformance(
    "MAR-01",
    "a packet of an unknown unmarshaler is not unmarshaled",
    AT,
    async (stage) => {
      const packet = await stage.com.marshal(stage.hold(byValue(stage.com, 7, [], CLSID_Nobody)));

      await assertFails(stage.com.unmarshal(packet, IProbe), REGDB_E_CLASSNOTREG);
    },
  ),

  conformance("MAR-02", "the unmarshaler gives back what its packet holds", AT, async (stage) => {
    const log: string[] = [];
    registerUnmarshaler(stage, log);
    const packet = await stage.com.marshal(stage.hold(byValue(stage.com, 7, [])));

    await stage.com.releaseMarshalData(packet);

    assert.deepEqual(log, ["created in mta", "ReleaseMarshalData 7"]);
  }),

  conformance(
    "MAR-01",
    "an object leaves a destination to the standard marshaler",
    AT,
    async (stage) => {
      const server = await stage.com.openApartment("sta");
      const std = (self: InterfacePointer<NoMethods> | null, context: number) =>
        server.functions.CoGetStandardMarshal(IProbe.iid, self, context, MSHLFLAGS_NORMAL);
      const object = stage.hold(
        server.implement([IProbe, IMarshal], {
          Twice: (value: number) => value * 2,
          Take: () => {},
          Give: () => null,
          GetUnmarshalClass: () => CLSID_StdMarshal,
          GetMarshalSizeMax: () => 100,
          MarshalInterface: async (stream, riid, self, context, _reserved, flags) => {
            const marshaler = await std(self, context);
            await marshaler?.MarshalInterface(stream, riid, self, context, null, flags);
            marshaler?.release();
          },
          UnmarshalInterface: () => null,
          ReleaseMarshalData: () => {},
          DisconnectObject: () => {},
        }),
      );

      const proxy = stage.hold(await stage.com.unmarshal(await server.marshal(object), IProbe));

      assert.equal(await proxy.Twice(21), 42);
    },
  ),

  conformance(
    "MAR-11",
    "what a custom unmarshaler makes has call objects only if it offers them",
    AT,
    async (stage) => {
      registerUnmarshaler(stage, []);
      const server = await stage.com.openApartment("sta");
      const packet = await server.marshal(stage.hold(byValue(server, 7, [])));

      const copy = stage.hold(await stage.com.unmarshal(packet, IProbe));

      await assertFails(copy.queryInterface(ICallFactory), E_NOINTERFACE);
    },
  ),

  conformance(
    "MAR-12",
    "an object names the class of its handler in its packet",
    AT,
    async (stage) => {
      const server = await stage.com.openApartment("sta");
      const object = stage.hold(
        server.implement([IProbe, IStdMarshalInfo], {
          Twice: (value: number) => value * 2,
          Take: () => {},
          Give: () => null,
          GetClassForHandler: () => CLSID_ByValue,
        }),
      );

      const packet = await server.marshal(object);

      assert.deepEqual([...packet.subarray(4, 8)], [2, 0, 0, 0]);
      // The CLSID follows the STDOBJREF.
      const clsid = [0x0e, 0x4d, 0x0a, 0x5f, 0x43, 0x6a, 0x8e, 0x4c];
      assert.deepEqual([...packet.subarray(64, 72)], clsid);
      const proxy = stage.hold(await stage.com.unmarshal(packet, IProbe));
      assert.equal(await proxy.Twice(21), 42);
    },
  ),

  conformance(
    "LIFE-02",
    "CoDisconnectObject leaves an object that marshals itself to its IMarshal",
    AT,
    async (stage) => {
      const log: string[] = [];
      const object = stage.hold(byValue(stage.com, 7, log));

      await stage.com.functions.CoDisconnectObject(object, 0);

      assert.deepEqual(log, ["DisconnectObject"]);
    },
  ),
];
