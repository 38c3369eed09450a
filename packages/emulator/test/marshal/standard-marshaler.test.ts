import {
  type BackendObject,
  CO_E_OBJNOTCONNECTED,
  E_NOINTERFACE,
  ISynchronize,
  ICallFactory,
  IUnknown,
  RPC_E_DISCONNECTED,
  RPC_E_WRONG_THREAD,
  S_OK,
} from "@callfactory/core";
import { decodeObjRef, encodeObjRef } from "@callfactory/wire";
import { describe, expect, test } from "vitest";
import { IOther, IProbe, openMachine, Probe, probe } from "./machine.ts";

/** An object in the STA and a proxy of it in the MTA; the STA's own reference is given up. */
async function proxied() {
  const machine = await openMachine();
  const server = new Probe();
  const own = machine.server.implement(server);
  const proxy = await machine.client.unmarshal(await machine.server.marshal(own), IProbe);
  own.release();
  return { ...machine, object: server, proxy };
}

const sameObject = async (a: BackendObject, b: BackendObject): Promise<boolean> =>
  (await a.identity()) === (await b.identity());

describe("MAR-06 in the object's own apartment", () => {
  test("unmarshaling gives the object itself", async () => {
    const { server } = await openMachine();
    const own = server.implement(new Probe());

    const again = await server.unmarshal(await server.marshal(own), IProbe);

    expect(again.lane).toBe("direct");
    expect(await sameObject(own, again)).toBe(true);
  });

  test("unmarshaling can ask for another interface", async () => {
    const { server } = await openMachine();
    const own = server.implement(new Probe());

    const other = await server.unmarshal(await server.marshal(own), IOther);

    expect(await other.invoke(probe("Ping"), [])).toEqual({ hr: S_OK, value: undefined });
  });

  test("a proxy that comes home is the object itself", async () => {
    const { server, client, proxy } = await proxied();

    const home = await server.unmarshal(await client.marshal(proxy), IProbe);

    expect(home.lane).toBe("direct");
  });
});

describe("MAR-07 in another apartment", () => {
  test("an object has one identity however often it arrives", async () => {
    const { server, client } = await openMachine();
    const own = server.implement(new Probe());

    const first = await client.unmarshal(await server.marshal(own), IProbe);
    const second = await client.unmarshal(await server.marshal(own), IProbe);

    expect(await sameObject(first, second)).toBe(true);
  });

  test("two objects are two identities", async () => {
    const { server, client } = await openMachine();
    const arrive = async () =>
      client.unmarshal(await server.marshal(server.implement(new Probe())), IProbe);

    expect(await sameObject(await arrive(), await arrive())).toBe(false);
  });

  test("MAR-05 unmarshaling for another interface queries for it", async () => {
    const { server, client } = await openMachine();
    const own = server.implement(new Probe());

    const other = await client.unmarshal(await server.marshal(own), IOther);

    expect(await other.invoke(probe("Ping"), [])).toEqual({ hr: S_OK, value: undefined });
  });

  test("MAR-05 unmarshaling for an interface that the object lacks gives nothing away", async () => {
    const { emulator, server, client } = await openMachine();
    const own = server.implement(new Probe());
    const packet = await server.marshal(own);

    await expect(client.unmarshal(packet, ISynchronize)).rejects.toMatchObject({
      hr: E_NOINTERFACE,
    });

    own.release();
    await emulator.fence();
    expect(emulator.openReferences()).toEqual({});
  });

  test("another interface belongs to the same identity", async () => {
    const { proxy } = await proxied();

    expect(await sameObject(proxy, await proxy.queryInterface(IOther))).toBe(true);
  });

  test("apartments have identities of their own", async () => {
    const { emulator, client, proxy } = await proxied();
    const third = await emulator.openApartment("sta");

    const there = await third.unmarshal(await client.marshal(proxy), IProbe);

    expect(await sameObject(proxy, there)).toBe(false);
  });
});

describe("MAR-02 a NORMAL packet", () => {
  test("is good for one unmarshal in another apartment", async () => {
    const { server, client } = await openMachine();
    const packet = await server.marshal(server.implement(new Probe()));
    await client.unmarshal(packet, IProbe);

    await expect(client.unmarshal(packet, IProbe)).rejects.toMatchObject({
      hr: CO_E_OBJNOTCONNECTED,
    });
  });

  test("is good for one unmarshal in its own apartment", async () => {
    const { server } = await openMachine();
    const own = server.implement(new Probe());
    const packet = await server.marshal(own);
    await server.marshal(own);
    await server.unmarshal(packet, IProbe);
    await server.unmarshal(packet, IProbe);

    await expect(server.unmarshal(packet, IProbe)).rejects.toMatchObject({
      hr: CO_E_OBJNOTCONNECTED,
    });
  });

  test("of a proxy is good for one unmarshal", async () => {
    const { emulator, client, proxy } = await proxied();
    const third = await emulator.openApartment("sta");
    const packet = await client.marshal(proxy);
    await third.unmarshal(packet, IProbe);

    await expect(third.unmarshal(packet, IProbe)).rejects.toMatchObject({
      hr: CO_E_OBJNOTCONNECTED,
    });
  });

  test("keeps the object alive until it is unmarshaled", async () => {
    const { emulator, server, client } = await openMachine();
    const object = new Probe();
    const own = server.implement(object);
    const packet = await server.marshal(own);
    own.release();
    await emulator.fence();
    expect(object.isReleased).toBe(false);

    const proxy = await client.unmarshal(packet, IProbe);

    expect(await proxy.invoke(probe("Twice"), [21])).toEqual({ hr: S_OK, value: 42 });
  });

  test("of a proxy keeps the object alive after the proxy", async () => {
    const { emulator, client, object, proxy } = await proxied();
    const third = await emulator.openApartment("sta");
    const packet = await client.marshal(proxy);

    proxy.release();
    await emulator.fence();

    expect(object.isReleased).toBe(false);
    const there = await third.unmarshal(packet, IProbe);
    expect(await there.invoke(probe("Twice"), [4])).toEqual({ hr: S_OK, value: 8 });
  });

  test("of a proxy keeps the object alive though the proxy has none to spare", async () => {
    const { emulator, client, object, proxy } = await proxied();
    const third = await emulator.openApartment("sta");
    const packets = await Promise.all(Array.from({ length: 4 }, () => client.marshal(proxy)));
    const last = packets.pop() as Uint8Array;
    for (const packet of packets) (await third.unmarshal(packet, IProbe)).release();

    proxy.release();
    await emulator.fence();

    expect(object.isReleased).toBe(false);
    (await third.unmarshal(last, IProbe)).release();
    await emulator.fence();
    expect(emulator.openReferences()).toEqual({});
  });

  test("of a proxy can be made many times in a row", async () => {
    const { emulator, client, proxy } = await proxied();
    const third = await emulator.openApartment("sta");
    const packets = await Promise.all(Array.from({ length: 20 }, () => client.marshal(proxy)));
    proxy.release();
    await emulator.fence();

    const there = await Promise.all(packets.map((packet) => third.unmarshal(packet, IProbe)));
    const replies = await Promise.all(there.map((each) => each.invoke(probe("Twice"), [1])));

    expect(new Set(replies.map(({ value }) => value))).toEqual(new Set([2]));
  });
});

describe("lifetime", () => {
  test("releasing the proxy releases the object", async () => {
    const { emulator, object, proxy } = await proxied();

    proxy.release();
    await emulator.fence();

    expect(object.isReleased).toBe(true);
    expect(emulator.openReferences()).toEqual({});
  });

  test("an object with two clients lives until both are gone", async () => {
    const { emulator, client, object, proxy } = await proxied();
    const third = await emulator.openApartment("sta");
    const there = await third.unmarshal(await client.marshal(proxy), IProbe);

    proxy.release();
    await emulator.fence();
    expect(object.isReleased).toBe(false);
    there.release();
    await emulator.fence();

    expect(object.isReleased).toBe(true);
    expect(emulator.openReferences()).toEqual({});
  });

  test("LIFE-10 an object of a closed apartment is disconnected", async () => {
    const { server, proxy } = await proxied();

    await server.close();

    expect(await proxy.invoke(probe("Twice"), [1])).toMatchObject({ hr: RPC_E_DISCONNECTED });
  });

  test("MAR-05 a packet of a closed apartment leads nowhere", async () => {
    const { server, client } = await openMachine();
    const packet = await server.marshal(server.implement(new Probe()));

    await server.close();

    await expect(client.unmarshal(packet, IProbe)).rejects.toMatchObject({
      hr: CO_E_OBJNOTCONNECTED,
    });
  });
});

test("MAR-13 an extended OBJREF is unmarshaled as the standard one in it", async () => {
  const { server, client } = await openMachine();
  const object = server.implement(new Probe());
  const objref = decodeObjRef(await server.marshal(object));
  if (objref.kind !== "standard") throw new Error(`a ${objref.kind} OBJREF`);
  const element = { id: IProbe.iid, data: Uint8Array.of(1, 2, 3) };

  const proxy = await client.unmarshal(
    encodeObjRef({ ...objref, kind: "extended", element }),
    IProbe,
  );

  expect(await proxy.invoke(probe("Twice"), [21])).toMatchObject({ value: 42 });
});

test("a reply that gives away the last reference of a proxy carries it", async () => {
  const { emulator, server, client } = await openMachine();
  const giver = new Probe();
  const mine = client.implement(new Probe());
  const proxy = await client.unmarshal(await server.marshal(server.implement(giver)), IProbe);
  giver.given = await server.unmarshal(await client.marshal(mine), IUnknown);

  const { value } = await proxy.invoke(probe("Give"), []);

  expect(await sameObject(value as BackendObject, mine)).toBe(true);
  (value as BackendObject).release();
  await emulator.fence();
  expect(emulator.openReferences()).toEqual({ pointer: 3, object: 2, stub: 1, proxy: 1 });
});

describe("what cannot be marshaled", () => {
  test("APT-04 a pointer of another apartment", async () => {
    const { server, client } = await openMachine();
    const own = server.implement(new Probe());

    await expect(client.marshal(own)).rejects.toMatchObject({ hr: RPC_E_WRONG_THREAD });
  });

  test("the call factory of a proxy, which is COM's own", async () => {
    const { client, proxy } = await proxied();
    const factory = await proxy.queryInterface(ICallFactory);

    await expect(client.marshal(factory)).rejects.toMatchObject({ hr: E_NOINTERFACE });
  });
});
