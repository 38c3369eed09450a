import { asyncOf, S_OK } from "@callfactory/core";
import { expect, test } from "vitest";
import { IProbe, openMachine, Probe, probe } from "../marshal/machine.ts";

const CALLS = 100_000;
/** Enough for a machine that is busy with other things; what is quadratic takes minutes. */
const TIMEOUT_MS = 60_000;

/** A probe in the MTA, or in an STA, and a proxy of it elsewhere. */
async function proxied(kind: "sta" | "mta") {
  const { emulator } = await openMachine();
  const server = await emulator.openApartment(kind);
  const client = await emulator.openApartment("sta");
  const object = new Probe();
  const own = server.implement(object);
  const proxy = await client.unmarshal(await server.marshal(own), IProbe);
  own.release();
  return { emulator, object, proxy };
}

test("APT-06 100,000 synchronous calls are in flight at once", {
  timeout: TIMEOUT_MS,
}, async () => {
  const { emulator, object, proxy } = await proxied("mta");
  let open = (): void => {};
  object.until = new Promise((resolve) => {
    open = resolve;
  });

  const calls = Array.from({ length: CALLS }, () => proxy.invoke(probe("Give"), []));
  await emulator.fence();
  expect(object.calls).toBe(CALLS);
  open();
  const replies = await Promise.all(calls);

  expect(replies.every(({ hr }) => hr === S_OK)).toBe(true);
  proxy.release();
  await emulator.fence();
  expect(emulator.openReferences()).toEqual({});
});

test("CALL-13 100,000 call objects have a call in flight at once", {
  timeout: TIMEOUT_MS,
}, async () => {
  const { emulator, object, proxy } = await proxied("sta");

  const calls = await Promise.all(
    Array.from({ length: CALLS }, () => proxy.createCall(asyncOf(IProbe))),
  );
  await Promise.all(calls.map((call, i) => call.begin(probe("Twice"), [i])));
  const replies = await Promise.all(calls.map((call) => call.finish(probe("Twice"))));

  expect(replies.every(({ value }, i) => value === 2 * i)).toBe(true);
  expect(object.calls).toBe(CALLS);
  for (const call of calls) call.release();
  proxy.release();
  await emulator.fence();
  expect(emulator.openReferences()).toEqual({});
});
