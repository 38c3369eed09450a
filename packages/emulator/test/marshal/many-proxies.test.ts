import { IUnknown } from "@callfactory/core";
import { expect, test } from "vitest";
import { IProbe, openMachine, Probe, probe } from "./machine.ts";

const COUNT = 100_000;
/** What one object, its stub and its proxy may take of memory, generously. */
const MOST_BYTES_EACH = 12_000;

test("MAR-07 a hundred thousand proxies live side by side", { timeout: 120_000 }, async () => {
  const { emulator, server, client } = await openMachine();
  const before = process.memoryUsage().heapUsed;
  const proxies = [];
  for (let i = 0; i < COUNT; i++) {
    const object = server.implement(new Probe());
    proxies.push(await client.unmarshal(await server.marshal(object), IProbe));
    object.release();
  }
  expect(emulator.openReferences()).toMatchObject({ object: COUNT, proxy: COUNT, stub: COUNT });
  expect((process.memoryUsage().heapUsed - before) / COUNT).toBeLessThan(MOST_BYTES_EACH);

  for (const i of [0, COUNT / 2, COUNT - 1]) {
    const proxy = proxies[i];
    expect(await proxy?.invoke(probe("Twice"), [i])).toMatchObject({ value: 2 * i });
    (await proxy?.queryInterface(IUnknown))?.release();
  }
  for (const proxy of proxies) proxy.release();

  await emulator.fence();
  expect(emulator.openReferences()).toEqual({});
});
