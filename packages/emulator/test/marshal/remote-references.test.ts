import {
  E_NOINTERFACE,
  failed,
  type Guid,
  IUnknown,
  type Method,
  MSHCTX_INPROC,
  RPC_E_INVALID_OBJECT,
  S_OK,
} from "@callfactory/core";
import { decodeObjRef } from "@callfactory/wire";
import { describe, expect, test } from "vitest";
import { MtaApartment } from "../../src/apartment/mta.ts";
import { StaApartment } from "../../src/apartment/sta.ts";
import { InterfaceProxy } from "../../src/marshal/interface-proxy.ts";
import type { Marshaler } from "../../src/marshal/marshaler.ts";
import { ProcessOxidResolver } from "../../src/marshal/oxid-resolver.ts";
import {
  IRemUnknown2,
  type MInterfacePointer,
  type RemQiResult,
} from "../../src/marshal/rem-unknown-interface.ts";
import { ComObject } from "../../src/object/com-object.ts";
import { MemoryChannel } from "../../src/orpc/memory-channel.ts";
import { ProcessServices } from "../../src/process-services.ts";
import { Blanket } from "../../src/security/blanket.ts";
import { ProcessSecurity } from "../../src/security/process-security.ts";
import { marshalerIn } from "./marshaler-in.ts";
import { IOther, IProbe } from "./machine.ts";

const NOBODY = "99999999-2222-4333-8444-555555555551" as Guid;
const ok = () => ({ hr: S_OK, value: undefined });

/** An exported object, and a client that speaks to its exporter's IRemUnknown by hand. */
function exported() {
  const services = new ProcessServices({ clock: "virtual" });
  for (const iface of [IProbe, IOther]) services.interfaces.register(iface);
  const resolver = new ProcessOxidResolver();
  const apartment = new StaApartment("STA 1", services.running);
  const { exporter, marshal } = bound(marshalerIn(services, apartment, resolver));
  const object = new ComObject({ apartment, ledger: services.ledger, kind: "object" });
  const pointer = object.expose(IProbe, ok);
  object.expose(IOther, ok);
  const objref = decodeObjRef(marshal(pointer, IProbe.iid) as Uint8Array);
  if (objref.kind !== "standard") throw new Error(`a ${objref.kind} OBJREF`);
  object.release();

  const client = new MtaApartment(services.running);
  const marshaler = marshalerIn(services, client, resolver);
  const { emit } = services;
  const channel = new MemoryChannel({
    scheduler: services.scheduler,
    endpoint: exporter,
    keepsOrder: true,
    emit,
    isTraced: () => false,
  });
  const connection = { services, apartment: client, channel, marshaler, context: MSHCTX_INPROC };
  const remUnknown = new InterfaceProxy(IRemUnknown2, exporter.ipidRemUnknown, 0, connection);
  const through = (proxy: InterfaceProxy) => (name: string, args: readonly unknown[]) =>
    proxy.call(IRemUnknown2.members.get(name) as Method, args, client.thread.direct);
  /** The same as somebody else. */
  const asEve = through(
    new InterfaceProxy(
      IRemUnknown2,
      exporter.ipidRemUnknown,
      0,
      connection,
      new Blanket(new ProcessSecurity({ name: "eve" })),
    ),
  );
  return { object, std: objref.std, call: through(remUnknown), asEve };
}

function bound(marshaler: Marshaler) {
  return {
    exporter: marshaler.exporter,
    marshal: marshaler.marshal.bind(marshaler),
  };
}

const privateRefs = (ipid: Guid, count: number) => [{ ipid, cPublicRefs: 0, cPrivateRefs: count }];

const refs = (ipid: Guid, count: number) => [{ ipid, cPublicRefs: count, cPrivateRefs: 0 }];

describe("MAR-15 RemRelease", () => {
  test("of all references lets the object go", async () => {
    const { object, std, call } = exported();

    await call("RemRelease", [1, refs(std.ipid, std.publicRefs)]);

    expect(object.isAlive).toBe(false);
  });

  test("of some references keeps it", async () => {
    const { object, std, call } = exported();

    await call("RemRelease", [1, refs(std.ipid, std.publicRefs - 1)]);

    expect(object.isAlive).toBe(true);
  });

  test("of more references than there are lets it go once", async () => {
    const { object, std, call } = exported();

    await call("RemRelease", [1, refs(std.ipid, 1000)]);
    await call("RemRelease", [1, refs(std.ipid, 1000)]);

    expect(object.isAlive).toBe(false);
  });

  test("of an unknown IPID does nothing", async () => {
    const { object, call } = exported();

    expect(await call("RemRelease", [1, refs(NOBODY, 5)])).toMatchObject({ hr: S_OK });
    expect(object.isAlive).toBe(true);
  });
});

describe("MAR-15 RemAddRef", () => {
  test("adds references that RemRelease then takes", async () => {
    const { object, std, call } = exported();
    await call("RemAddRef", [1, refs(std.ipid, 2)]);

    await call("RemRelease", [1, refs(std.ipid, std.publicRefs)]);
    expect(object.isAlive).toBe(true);
    await call("RemRelease", [1, refs(std.ipid, 2)]);

    expect(object.isAlive).toBe(false);
  });

  test("answers for each IPID", async () => {
    const { std, call } = exported();

    const { value } = await call("RemAddRef", [2, [...refs(std.ipid, 1), ...refs(NOBODY, 1)]]);

    expect(value).toEqual(Uint32Array.of(S_OK, RPC_E_INVALID_OBJECT));
  });
});

describe("MAR-15 RemQueryInterface", () => {
  test("gives an IPID with the references asked for", async () => {
    const { std, call } = exported();

    const { value } = await call("RemQueryInterface", [std.ipid, 7, 1, [IOther.iid]]);

    const [result] = value as [RemQiResult];
    expect(result).toMatchObject({ hResult: S_OK, std: { cPublicRefs: 7, oid: std.oid } });
    expect(result.std.ipid).not.toBe(std.ipid);
  });

  test("keeps the object alive until every IPID is released", async () => {
    const { object, std, call } = exported();
    const { value } = await call("RemQueryInterface", [std.ipid, 1, 1, [IOther.iid]]);
    const [other] = value as [RemQiResult];

    await call("RemRelease", [1, refs(std.ipid, std.publicRefs)]);
    expect(object.isAlive).toBe(true);
    await call("RemRelease", [1, refs(other.std.ipid, 1)]);

    expect(object.isAlive).toBe(false);
  });

  test("answers for each IID", async () => {
    const { std, call } = exported();

    const iids = [IOther.iid, NOBODY, IUnknown.iid];
    const { value } = await call("RemQueryInterface", [std.ipid, 1, iids.length, iids]);

    const results = (value as RemQiResult[]).map(({ hResult }) => hResult);
    expect(results.map((hr) => failed(hr as typeof S_OK))).toEqual([false, true, false]);
  });

  test("of an unknown IPID is RPC_E_INVALID_OBJECT", async () => {
    const { call } = exported();

    expect(await call("RemQueryInterface", [NOBODY, 1, 1, [IOther.iid]])).toMatchObject({
      hr: RPC_E_INVALID_OBJECT,
    });
  });
});

describe("MAR-15 private references", () => {
  test("keep the object alive beside public ones", async () => {
    const { object, std, call } = exported();
    await call("RemAddRef", [1, privateRefs(std.ipid, 2)]);

    await call("RemRelease", [1, refs(std.ipid, 1000)]);
    expect(object.isAlive).toBe(true);
    await call("RemRelease", [1, privateRefs(std.ipid, 2)]);

    expect(object.isAlive).toBe(false);
  });

  test("are not another client's to release", async () => {
    const { object, std, call, asEve } = exported();
    await call("RemAddRef", [1, privateRefs(std.ipid, 2)]);
    await call("RemRelease", [1, refs(std.ipid, std.publicRefs)]);

    await asEve("RemRelease", [1, privateRefs(std.ipid, 2)]);
    expect(object.isAlive).toBe(true);
    await call("RemRelease", [1, privateRefs(std.ipid, 2)]);

    expect(object.isAlive).toBe(false);
  });
});

describe("MAR-15 RemQueryInterface2", () => {
  test("answers with a packet for each IID that the object has", async () => {
    const { object, std, call } = exported();

    const { value } = await call("RemQueryInterface2", [std.ipid, 2, [IOther.iid, NOBODY]]);

    const { phr, ppMIF } = value as {
      readonly phr: Uint32Array;
      readonly ppMIF: readonly (MInterfacePointer | null)[];
    };
    expect([...phr]).toEqual([S_OK, E_NOINTERFACE]);
    expect(ppMIF[1]).toBeNull();
    const objref = decodeObjRef((ppMIF[0] as MInterfacePointer).abData);
    expect(objref).toMatchObject({ kind: "standard", iid: IOther.iid, std: { oid: std.oid } });
    await call("RemRelease", [1, refs(std.ipid, std.publicRefs)]);
    expect(object.isAlive).toBe(true);
  });

  test("of an unknown IPID is RPC_E_INVALID_OBJECT", async () => {
    const { call } = exported();

    expect(await call("RemQueryInterface2", [NOBODY, 1, [IOther.iid]])).toMatchObject({
      hr: RPC_E_INVALID_OBJECT,
    });
  });
});
