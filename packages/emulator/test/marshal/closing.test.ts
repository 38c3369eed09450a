import { asyncOf, CO_E_NOTINITIALIZED, RPC_E_DISCONNECTED } from "@callfactory/core";
import { expect, test } from "vitest";
import { IProbe, openMachine, Probe, probe } from "./machine.ts";

/** An object that never answers Give, and a proxy of it in another apartment. */
async function silent() {
  const machine = await openMachine();
  const object = new Probe();
  object.until = new Promise(() => {});
  const own = machine.server.implement(object);
  const proxy = await machine.client.unmarshal(await machine.server.marshal(own), IProbe);
  own.release();
  return { ...machine, object, proxy };
}

test("LIFE-09 a call object's call ends with its own apartment", async () => {
  const { client, proxy } = await silent();
  const call = await proxy.createCall(asyncOf(IProbe));
  await call.begin(probe("Give"), []);
  const ended = call.finish(probe("Give"));

  await client.close();

  expect(await ended).toMatchObject({ hr: RPC_E_DISCONNECTED });
  await expect(call.begin(probe("Twice"), [1])).rejects.toMatchObject({ hr: CO_E_NOTINITIALIZED });
});

test("LIFE-09 a synchronous call ends with its own apartment", async () => {
  const { client, emulator, object, proxy } = await silent();
  const ended = proxy.invoke(probe("Give"), []);
  await emulator.fence();

  await client.close();

  expect(await ended).toMatchObject({ hr: RPC_E_DISCONNECTED });
  await expect(proxy.invoke(probe("Twice"), [1])).rejects.toMatchObject({
    hr: CO_E_NOTINITIALIZED,
  });
  expect(object.calls).toBe(1);
});

test("LIFE-09 a proxy of a closed apartment still gives its references back", async () => {
  const { client, emulator, object, proxy } = await silent();
  await client.close();

  proxy.release();
  await emulator.fence();

  expect(object.isReleased).toBe(true);
  expect(emulator.openReferences()).toEqual({});
});

test("LIFE-08 an object that throws when it goes does not block its apartment", async () => {
  const { emulator, server, client, object, proxy } = await silent();
  const stays = await client.unmarshal(await server.marshal(server.implement(new Probe())), IProbe);
  const errors: unknown[] = [];
  emulator.trace((event) => event.kind === "exception" && errors.push(event.error));
  object.finalRelease = () => {
    throw new Error("cannot go");
  };

  proxy.release();
  await emulator.fence();

  expect(await stays.invoke(probe("Twice"), [2])).toMatchObject({ value: 4 });
  expect(errors).toHaveLength(1);
});
