import { describe, expect, test } from "vitest";
import {
  type AsyncInterface,
  CO_E_RELEASED,
  defineInterface,
  E_NOINTERFACE,
  IPipeByte,
  type Interface,
  type InterfacePointer,
  IUnknown,
  openCom,
  REGDB_E_CLASSNOTREG,
  RPC_E_WRONG_THREAD,
} from "../src/index.ts";
import { CLSID_Desk, errorOf, IDesk, openRoom } from "./desk.ts";

const NOBODY = "cccccccc-2222-4333-8444-555555555551";
const IStranger = defineInterface({
  name: "IStranger",
  iid: "cccccccc-2222-4333-8444-555555555552",
  asyncIid: "cccccccc-2222-4333-8444-555555555553",
  base: IUnknown,
  methods: [],
});

/** A pointer as plain JavaScript sees it. */
const untyped = (pointer: object) =>
  pointer as Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>;

describe("createInstance", () => {
  test("ACT-02 of an unknown class fails with REGDB_E_CLASSNOTREG", async () => {
    const { com } = await openRoom();

    await expect(com.createInstance(NOBODY, IDesk)).rejects.toMatchObject({
      hr: REGDB_E_CLASSNOTREG,
    });
  });

  test("ACT-02 for an interface that the class lacks fails with E_NOINTERFACE", async () => {
    const { com, leave } = await openRoom();

    await expect(com.createInstance(CLSID_Desk, IStranger)).rejects.toMatchObject({
      hr: E_NOINTERFACE,
    });
    expect(await leave()).toEqual({});
  });

  test.each([
    ["no GUID", "desk"],
    ["nothing", undefined],
  ])("refuses %s", async (_what, clsid) => {
    const { com } = await openRoom();

    await expect(com.createInstance(clsid as string, IDesk)).rejects.toThrow(TypeError);
  });

  test.each([[undefined], [null], ["IDesk"], [{}]])(
    "refuses %o for an interface",
    async (iface) => {
      const { com } = await openRoom();

      await expect(com.createInstance(CLSID_Desk, iface as unknown as Interface)).rejects.toThrow(
        "createInstance: expected an interface description, made by defineInterface",
      );
    },
  );
});

describe("methods", () => {
  test("one that the interface lacks is not there", async () => {
    const { desk } = await openRoom();

    expect(() => untyped(desk)["Subtract"]?.(1)).not.toThrow();
    expect(() => (desk as unknown as { Subtract(): void }).Subtract()).toThrow(TypeError);
  });

  test("an argument of the wrong type is refused by its name", async () => {
    const { desk } = await openRoom();

    await expect(untyped(desk)["Add"]?.(1, "2")).rejects.toThrow(
      new TypeError(`IDesk::Add: 'b' must be a LONG (an integer), got "2"`),
    );
  });

  test("a number that does not fit is a RangeError", async () => {
    const { desk } = await openRoom();

    await expect(desk.Add(1, 2 ** 31)).rejects.toThrow(RangeError);
  });

  test.each([[[1]], [[1, 2, 3]], [[1, 2, {}, {}]], [[1, 2, [3]]], [[1, 2, new Uint8Array(1)]]])(
    "the wrong number of arguments is refused: %o",
    async (args) => {
      const { desk } = await openRoom();

      await expect(untyped(desk)["Add"]?.(...args)).rejects.toThrow(/IDesk::Add takes 2 argument/);
    },
  );

  test("a pointer too many is no options", async () => {
    const { desk } = await openRoom();

    await expect(untyped(desk)["Nothing"]?.(desk)).rejects.toThrow(/IDesk::Nothing takes 0/);
  });

  test.each([
    [{ signal: 5 }, /option 'signal' must be an AbortSignal/],
    [{ signal: {} }, /option 'signal' must be an AbortSignal/],
    [{ timeoutMs: -1 }, /option 'timeoutMs' must be a number/],
    [{ timeoutMs: "5" }, /option 'timeoutMs' must be a number/],
    [{ timeoutMs: Number.NaN }, /option 'timeoutMs' must be a number/],
    [{ lane: "fast" }, /option 'lane' must be "call-object" or "worker"/],
  ])("the options %o are refused", async (options, message) => {
    const { desk } = await openRoom();

    await expect(untyped(desk)["Add"]?.(1, 2, options)).rejects.toThrow(message);
  });

  test("nothing is sent for bad input", async () => {
    const { desk, events } = await openRoom();

    await errorOf(desk.Add(1, 2 ** 31));

    expect(events).toEqual([]);
  });
});

describe("createCall", () => {
  test("refuses a synchronous interface and says what to do", async () => {
    const { desk } = await openRoom();

    await expect(desk.createCall(IDesk as unknown as AsyncInterface)).rejects.toThrow(
      "createCall takes an async interface, got IDesk; derive one with asyncOf(IFoo)",
    );
  });

  test("refuses nothing at all", async () => {
    const { desk } = await openRoom();

    await expect(desk.createCall(undefined as unknown as AsyncInterface)).rejects.toThrow(
      TypeError,
    );
  });
});

describe("pointers", () => {
  test("a call after release fails with CO_E_RELEASED", async () => {
    const { desk } = await openRoom();
    desk.release();

    expect((await errorOf(desk.Add(1, 2))).hr).toBe(CO_E_RELEASED);
  });

  test("a queryInterface after release fails with CO_E_RELEASED", async () => {
    const { desk } = await openRoom();
    desk.release();

    expect((await errorOf(desk.queryInterface(IUnknown))).hr).toBe(CO_E_RELEASED);
  });

  test("a second release does nothing", async () => {
    const { desk, com, leave } = await openRoom();
    const other = await com.createInstance(CLSID_Desk, IDesk);
    desk.release();
    desk.release();

    expect(await other.Add(1, 2)).toBe(3);
    other.release();
    expect(await leave()).toEqual({});
  });

  test("E_NOINTERFACE for an interface that the object lacks", async () => {
    const { desk } = await openRoom();

    expect((await errorOf(desk.queryInterface(IStranger))).hr).toBe(E_NOINTERFACE);
  });

  test("APT-04 a pointer of another apartment cannot be passed", async () => {
    const { com, desk } = await openRoom();
    const other = await com.openApartment("sta");
    const foreign = await other.createInstance(CLSID_Desk, IDesk);

    const thing = foreign as unknown as InterfacePointer<Record<never, never>>;

    expect((await errorOf(desk.Put(thing))).hr).toBe(RPC_E_WRONG_THREAD);
  });

  test("a pointer of another backend cannot be passed", async () => {
    const { desk } = await openRoom();
    const stranger = await openRoom();

    const thing = stranger.desk as unknown as InterfacePointer<Record<never, never>>;

    await expect(desk.Put(thing)).rejects.toThrow();
  });

  test("something else is no pointer", async () => {
    const { desk } = await openRoom();

    await expect(untyped(desk)["Put"]?.({})).rejects.toThrow(
      /'thing' must be a IUnknown\* \(an interface pointer or null\)/,
    );
  });

  test.each([[new Uint8Array(0)], [Uint8Array.of(1, 2, 3)]])("%o is no OBJREF", async (bytes) => {
    const { com } = await openRoom();

    await expect(com.unmarshal(bytes, IDesk)).rejects.toThrow(/RPC_E_INVALID_OBJREF/);
  });

  test("unmarshal takes bytes alone", async () => {
    const com = await openCom({ backend: "emulator" });

    await expect(com.unmarshal("MEOW" as unknown as Uint8Array, IPipeByte)).rejects.toThrow(
      "unmarshal takes a Uint8Array",
    );
  });
});

describe("registerClass", () => {
  const stranger = { clsid: NOBODY, interfaces: [IStranger], create: () => ({}) } as const;

  test("refuses a CLSID that is taken", async () => {
    const { com } = await openRoom();
    com.registerClass(stranger);

    expect(() => com.registerClass(stranger)).toThrow(
      new TypeError(`class {${NOBODY}} is registered already`),
    );
  });

  test("makes room when it is taken back", async () => {
    const { com } = await openRoom();

    com.registerClass(stranger)();

    expect(() => com.registerClass(stranger)).not.toThrow();
  });

  test("taking back twice does not take back the next one", async () => {
    const { com } = await openRoom();
    const takeBack = com.registerClass(stranger);
    takeBack();
    com.registerClass(stranger);

    takeBack();

    await expect(com.createInstance(NOBODY, IStranger)).resolves.toBeDefined();
  });
});
