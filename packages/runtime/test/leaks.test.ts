import { createEmulator, type LedgerMode } from "@callfactory/emulator";
import { describe, expect, test } from "vitest";
import {
  asyncOf,
  type Backend,
  type Com,
  ComError,
  E_FAIL,
  type Host,
  type InterfacePointer,
  ISynchronize,
  IUnknown,
  openCom,
} from "../src/index.ts";
import { CLSID_Desk, type Desk, desk as furnish, IDesk, IPlainDesk } from "./desk.ts";

const AsyncIDesk = asyncOf(IDesk);

type Implementation = ReturnType<typeof furnish>;

interface Office {
  readonly com: Com;
  readonly desk: InterfacePointer<Desk>;
}

/** A desk in another apartment, in an emulator that keeps places unless told otherwise. */
async function openOffice(
  create: (host: Host) => Implementation = () => furnish(),
  ledger: LedgerMode = "places",
): Promise<Office> {
  const com = await openCom({ backend: "emulator", emulator: { clock: "virtual", ledger } });
  com.registerClass({
    clsid: CLSID_Desk,
    threadingModel: "Apartment",
    interfaces: [IDesk, IPlainDesk] as const,
    create,
  });
  return { com, desk: await com.createInstance(CLSID_Desk, IDesk) };
}

/** What expectNoLeaks finds, line by line without the first; empty when it finds nothing. */
async function leaksOf(com: Com): Promise<string[]> {
  try {
    await com.expectNoLeaks();
    return [];
  } catch (error) {
    return (error as Error).message.split("\n").slice(1);
  }
}

/** The line of this file before the one that calls it. */
function lineBefore(): string {
  const frame = new Error("here").stack?.split("\n")[2] ?? "";
  const line = /leaks\.test\.ts:(\d+)/.exec(frame)?.[1];
  return `leaks.test.ts:${Number(line) - 1}:`;
}

describe("without a leak", () => {
  test("a test may go on to its end", async () => {
    const { com, desk } = await openOffice();
    using plain = await desk.queryInterface(IPlainDesk);
    await desk.Add(1, 2);
    await plain.Wait();

    desk.release();
    plain.release();

    expect(await leaksOf(com)).toEqual([]);
  });

  test("what is on its way is given the time to end", async () => {
    const { com, desk } = await openOffice();

    void desk.Add(1, 2);
    desk.release();

    expect(await leaksOf(com)).toEqual([]);
  });
});

describe("a pointer that nobody released is named with the place that", () => {
  test("created the object, before what it keeps alive", async () => {
    const { com } = await openOffice();
    await com.createInstance(CLSID_Desk, IDesk);
    const here = lineBefore();

    const leaks = await leaksOf(com);

    expect(leaks.filter((leak) => leak.includes(here))).toEqual([
      expect.stringMatching(/^ {2}pointer IDesk, in MTA, 1 reference, from \S+: release it, or/),
      expect.stringMatching(/^ {2}object IDesk, IPlainDesk, in STA 1, \d references, from /),
    ]);
    expect(leaks.map((leak) => leak.trim().split(" ")[0])).toEqual([
      ...["pointer", "pointer", "object", "object", "proxy", "proxy", "stub", "stub"],
    ]);
  });

  test.each<[string, (office: Office) => Promise<unknown>, RegExp]>([
    ["queried it", ({ desk }) => desk.queryInterface(IPlainDesk), /pointer IPlainDesk, in MTA/],
    ["added a reference", async ({ desk }) => desk.addRef(), /pointer IDesk, in MTA/],
    [
      "implemented it",
      async ({ com }) => com.implement([IDesk], furnish()),
      /pointer IDesk, in MTA/,
    ],
    ["unmarshaled it", unmarshal, /pointer IDesk, in MTA/],
    ["created a call object", ({ desk }) => desk.createCall(AsyncIDesk), /pointer AsyncIDesk, in/],
    ["asked a function for it", askContext, /pointer IUnknown, in MTA/],
    ["called for it", ({ desk }) => desk.Open({ lane: "worker" }), /pointer IUnknown, in MTA/],
  ])("%s", async (_, take, expected) => {
    const office = await openOffice(({ com }) =>
      furnish({ Open: () => com.implement([IUnknown], {}) }),
    );

    await take(office);
    office.desk.release();

    const [leak] = await leaksOf(office.com);
    expect(leak).toMatch(expected);
    expect(leak).toMatch(/ from \S*leaks\.test\.ts:\d+:\d+/);
  });

  test("kept it in a server", async () => {
    const { com, desk } = await openOffice(() => furnish({ Put: (thing) => void thing?.addRef() }));
    using thing = com.implement([IUnknown], {});
    await desk.Put(thing);

    thing.release();
    desk.release();

    const [leak] = await leaksOf(com);
    expect(leak).toMatch(/pointer IUnknown, in STA 1, 1 reference, from \S*leaks\.test\.ts/);
  });
});

function askContext({ com }: Office): Promise<unknown> {
  return com.functions.CoGetObjectContext(IUnknown.iid);
}

async function unmarshal({ com, desk }: Office): Promise<unknown> {
  return com.unmarshal(await com.marshal(desk), IDesk);
}

describe("what is left over besides pointers", () => {
  test("is a call that its server does not answer, with the place of its call object", async () => {
    const { com, desk } = await openOffice(() => furnish({ Add: () => new Promise(() => {}) }));
    using call = await desk.createCall(AsyncIDesk);
    await call.Begin_Add(1, 2);

    call.release();
    desk.release();

    const [leak] = await leaksOf(com);
    expect(leak).toMatch(
      /^ {2}call IDesk::Add, in STA 1, 1 reference, from \S*leaks\.test\.ts.*: let/,
    );
  });

  test("is a cycle through an outer object, by the pointer that closes it", async () => {
    const { com, desk } = await openOffice();
    const kept: { self?: InterfacePointer } = {};
    const call = await desk.createCall(AsyncIDesk, {
      synchronize: { Signal: () => void kept.self },
    });
    kept.self = await call.queryInterface(ISynchronize);
    const here = lineBefore();

    call.release();
    desk.release();

    const leaks = await leaksOf(com);
    expect(leaks[0]).toContain("pointer ISynchronize, in MTA, 1 reference, from ");
    expect(leaks[0]).toContain(here);
    expect(leaks.filter((leak) => leak.includes("call object"))).toHaveLength(2);
    kept.self?.release();
    expect(await leaksOf(com)).toEqual([]);
  });
});

describe("the ledger by default", () => {
  test("names what is left over, and says how to find the place", async () => {
    const { com } = await openOffice(undefined, "count");

    const leaks = await leaksOf(com);

    expect(leaks[0]).toMatch(/^ {2}pointer IDesk, in MTA, 1 reference: release it/);
    expect(leaks.at(-1)).toMatch(/ledger: "places"/);
  });

  test("is open to whoever looks at the emulator", async () => {
    const emulator = createEmulator({ clock: "virtual", ledger: "places" });
    const com = await openCom({ backend: emulator });
    using thing = com.implement([IUnknown], {});

    const reference = emulator.listReferences().find(({ kind }) => kind === "pointer");

    expect(thing.interface).toBe(IUnknown);
    expect(reference).toMatchObject({ name: "IUnknown", apartment: "MTA", references: 1 });
    expect(reference?.stack).toContain("leaks.test.ts");
    expect(reference?.places[0]).toContain("leaks.test.ts");
  });
});

test("a backend that counts nothing cannot be asked", async () => {
  const com = await openCom({ backend: uncounted() });

  await expect(com.expectNoLeaks()).rejects.toThrow(TypeError);
});

function uncounted(): Backend {
  const emulator = createEmulator();
  const refuse = (): never => {
    throw new ComError(E_FAIL, "uncounted");
  };
  return {
    name: "emulator",
    features: new Set(),
    clock: emulator.clock,
    openApartment: (kind) => emulator.openApartment(kind),
    registerClass: refuse,
    trace: refuse,
    close: () => emulator.close(),
  };
}
