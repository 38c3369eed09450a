import { expect, test } from "vitest";
import {
  type Com,
  type Host,
  type ImplementationOf,
  type InterfacePointer,
  IUnknown,
  openCom,
} from "../src/index.ts";
import { CLSID_Desk, type Desk, desk as deskOf, IDesk } from "./desk.ts";

const CLSID_Agency = "bbbbbbbb-2222-4333-8444-555555555559";

/**
 * The MTA of two threads, one of which made a desk there and called it; it has ended, and the MTA
 * lives on.
 */
async function survivor(
  desk: (host: Host) => Partial<ImplementationOf<readonly [typeof IDesk]>>,
): Promise<{ readonly com: Com; readonly desk: InterfacePointer<Desk> }> {
  const com = await openCom({ backend: "emulator", emulator: { clock: "virtual" } });
  com.registerClass({
    clsid: CLSID_Desk,
    threadingModel: "Apartment",
    interfaces: [IDesk] as const,
    create: () => deskOf(),
  });
  com.registerClass({
    clsid: CLSID_Agency,
    threadingModel: "Free",
    interfaces: [IDesk] as const,
    create: (host) => deskOf(desk(host)),
  });
  const other = await com.openApartment("mta");
  const made = await other.createInstance(CLSID_Agency, IDesk);
  const kept = await com.unmarshal(await other.marshal(made), IDesk);
  const thing = await other.createInstance(CLSID_Desk, IUnknown);
  await made.Put(thing);
  thing.release();
  made.release();
  await other.close();
  return { com, desk: kept };
}

async function addAt(pointer: InterfacePointer<unknown> | null | undefined): Promise<number> {
  const desk = await pointer?.queryInterface(IDesk);
  const sum = await desk?.Add(2, 3);
  desk?.release();
  return sum ?? 0;
}

test("APT-06 an object of the MTA works on when the thread that made it has ended", async () => {
  const { com, desk } = await survivor((host) => ({
    Add: async () => {
      const hired = await host.com.createInstance(CLSID_Desk, IDesk);
      const sum = await addAt(hired);
      hired.release();
      return sum;
    },
  }));

  expect(await desk.Add(0, 0)).toBe(5);

  desk.release();
  await com.expectNoLeaks();
  await com.close();
});

test.each([
  ["at once", () => undefined],
  ["after it has waited", () => Promise.resolve()],
])("APT-04 what an object was lent by a thread that has ended is good: %s", async (_when, wait) => {
  let thing: InterfacePointer<unknown> | undefined;
  const { com, desk } = await survivor(() => ({
    Put: (lent) => {
      thing = lent?.addRef();
    },
    Add: async () => {
      await wait();
      return addAt(thing);
    },
  }));

  expect(await desk.Add(0, 0)).toBe(5);

  thing?.release();
  desk.release();
  await com.expectNoLeaks();
  await com.close();
});

test("APT-04 what an object got in a call by a thread that has ended is good", async () => {
  let hired: InterfacePointer<unknown> | undefined;
  const { com, desk } = await survivor(() => ({
    Put: async (_thing, call) => {
      hired = await call.com.createInstance(CLSID_Desk, IUnknown);
    },
    Add: () => addAt(hired),
  }));

  expect(await desk.Add(0, 0)).toBe(5);

  hired?.release();
  desk.release();
  await com.expectNoLeaks();
  await com.close();
});
