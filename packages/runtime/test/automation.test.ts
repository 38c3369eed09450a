import { createEmulator } from "@callfactory/emulator";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  BSTR,
  type Com,
  currency,
  CURRENCY,
  DATE,
  decimal,
  DECIMAL,
  defineInterface,
  IDispatch,
  type Implementation,
  type InterfacePointer,
  IUnknown,
  LONG,
  method,
  MISSING,
  type MethodsOf,
  OleDate,
  openCom,
  param,
  pointerTo,
  SAFEARRAY,
  SafeArray,
  safeArray,
  type TraceEvent,
  VARIANT,
  Variant,
  variant,
  type VariantInput,
  VT_ARRAY,
  VT_BOOL,
  VT_BSTR,
  VT_BYREF,
  VT_DISPATCH,
  VT_I2,
  VT_I4,
  VT_R8,
  VT_UNKNOWN,
  VT_VARIANT,
} from "../src/index.ts";

const METHODS = [
  method("Change", [param.inout("value", VARIANT)]),
  method("Echo", [param.in("value", VARIANT), param.retval("echo", VARIANT)]),
  method("Sort", [param.in("names", SAFEARRAY(BSTR)), param.retval("sorted", SAFEARRAY(BSTR))]),
  method("Add", [
    param.in("price", CURRENCY),
    param.in("rate", DECIMAL),
    param.in("day", DATE),
    param.out("sum", CURRENCY),
    param.out("next", DATE),
  ]),
  method("Objects", [param.retval("objects", SAFEARRAY(pointerTo(IUnknown)))]),
] as const;

const IStore = defineInterface({
  name: "IStore",
  iid: "cccccccc-2222-4333-8444-555555555551",
  asyncIid: "cccccccc-2222-4333-8444-555555555552",
  base: IUnknown,
  methods: METHODS,
});
type Store = MethodsOf<typeof METHODS>;

const CLSID_Store = "cccccccc-2222-4333-8444-555555555550";

/** COM on virtual time with a store in another apartment, so that all calls are marshaled. */
async function openStore(methods: Partial<Implementation<Store>>) {
  const emulator = createEmulator({ clock: "virtual" });
  const com = await openCom({ backend: emulator });
  const store: Implementation<Store> = {
    Change: (value) => value,
    Echo: (value) => value,
    Sort: (names) => names,
    Add: (price, _rate, day) => ({ sum: price, next: day }),
    Objects: () => [],
    ...methods,
  };
  com.registerClass({
    clsid: CLSID_Store,
    threadingModel: "Apartment",
    interfaces: [IStore],
    create: () => store,
  });
  const packets: TraceEvent[] = [];
  com.trace((event) => {
    if (event.kind === "packet") packets.push(event);
  });
  const pointer = await com.createInstance(CLSID_Store, IStore);
  /** Lets references travel back; what is alive then, once the store is released. */
  const leave = async (): Promise<object> => {
    pointer.release();
    await emulator.fence();
    return emulator.openReferences();
  };
  return { com, store: pointer, packets, leave, fence: () => emulator.fence() };
}

describe("a VARIANT through a proxy", () => {
  test.each<[string, VariantInput, Variant]>([
    ["a number", 5, new Variant(VT_I4, 5)],
    ["a fraction", 2.5, new Variant(VT_R8, 2.5)],
    ["nothing", undefined, new Variant(0, undefined)],
    ["what was left out", MISSING, MISSING],
    [
      "an array",
      ["a", true],
      new Variant(VT_ARRAY | VT_VARIANT, [new Variant(VT_BSTR, "a"), new Variant(VT_BOOL, true)]),
    ],
    [
      "shorts by reference",
      variant(VT_BYREF | VT_ARRAY | VT_I2, Int16Array.of(1, 2)),
      new Variant(VT_BYREF | VT_ARRAY | VT_I2, Int16Array.of(1, 2)),
    ],
  ])("reaches the server with its VARTYPE, and comes back: %s", async (_what, value, expected) => {
    const received: Variant[] = [];
    const { store, packets } = await openStore({
      Echo(given) {
        received.push(given);
        return given;
      },
    });

    const echo = await store.Echo(value);

    expect([received, echo]).toEqual([[expected], expected]);
    expect(packets.length).toBeGreaterThan(0);
  });

  test("is changed by the server in place, into what it likes", async () => {
    const { store, leave } = await openStore({
      Change: (value) => (value.is(VT_I4) ? `was ${value.value}` : null),
    });

    expect(await store.Change(7)).toEqual(new Variant(VT_BSTR, "was 7"));
    expect(await store.Change("a")).toEqual(new Variant(1, null));
    expect(await leave()).toEqual({});
  });

  test("refuses a Date before anything is sent", async () => {
    const { store, packets } = await openStore({});
    const before = packets.length;

    await expect(store.Echo(new Date(0) as never)).rejects.toThrow(
      "IStore::Echo: 'value': a DATE has no time zone",
    );
    expect(packets.length).toBe(before);
  });

  test("takes no object of a server for an interface pointer", async () => {
    const { store } = await openStore({ Echo: () => ({}) as never });

    await expect(store.Echo(1)).rejects.toThrow("no VARIANT holds a Object");
  });
});

describe("an interface pointer in a VARIANT", () => {
  const IItem = defineInterface({
    name: "IItem",
    iid: "cccccccc-2222-4333-8444-555555555553",
    base: IDispatch,
    methods: [method("Number", [param.retval("number", LONG)])],
  });

  /** An object whose interface derives from IDispatch; only Number does anything. */
  function item(com: Com, number: number) {
    return com.implement([IItem], { Number: () => number } as never);
  }

  test("is a reference of the caller's own, with its VARTYPE", async () => {
    const { com, store, leave } = await openStore({});
    const given = item(com, 7);

    const echo = await store.Echo(given);

    if (!echo.is(VT_DISPATCH) || echo.value === null) throw new Error(`got ${echo.toString()}`);
    const back = await echo.value.queryInterface(IItem);
    expect(await back.isSameObject(given)).toBe(true);
    expect(await back.Number()).toBe(7);
    for (const pointer of [given, back, echo.value]) pointer.release();
    expect(await leave()).toEqual({});
  });

  test("is lent to the server, which keeps it with addRef()", async () => {
    let kept: InterfacePointer<unknown> | null = null;
    const { com, store, leave, fence } = await openStore({
      Change(value) {
        if (value.is(VT_UNKNOWN)) kept = value.value?.addRef() ?? null;
        return undefined;
      },
    });
    const given = com.implement([IUnknown], {});

    const changed = await store.Change(variant(VT_UNKNOWN, given));
    given.release();
    await fence();

    expect(changed).toEqual(new Variant(0, undefined));
    expect(await leave()).not.toEqual({});
    (kept as InterfacePointer<unknown> | null)?.release();
    await fence();
    expect(await leave()).toEqual({});
  });

  test("in arrays of VARIANTs is given away with them", async () => {
    const { com, store, leave } = await openStore({
      Echo(value) {
        // Each pointer that is given away is a reference of its own.
        const more = value.is(VT_DISPATCH) ? value.value?.addRef() : undefined;
        return [value, [more]];
      },
    });
    const given = item(com, 1);

    const echo = await store.Echo(given);

    const [first, second] = echo.value as [Variant, Variant];
    const [inner] = second.value as [Variant];
    const pointers = [first.value, inner.value] as InterfacePointer<unknown>[];
    expect(await pointers[0]?.isSameObject(pointers[1] as never)).toBe(true);
    for (const pointer of [given, ...pointers]) pointer.release();
    expect(await leave()).toEqual({});
  });
});

describe("a SAFEARRAY through a proxy", () => {
  test("is an array when that says it all, else a SafeArray", async () => {
    const bounds = [{ lowerBound: 1, elements: 2 }];
    const { store } = await openStore({
      Sort: (names) => (names instanceof SafeArray ? [...(names.at(1) as string)] : names),
    });

    expect(await store.Sort(["b", null, "a"])).toEqual(["b", null, "a"]);
    expect(await store.Sort(null)).toBeNull();
    expect(await store.Sort(safeArray(VT_BSTR, ["ab", "c"], { bounds }))).toEqual(["a", "b"]);
  });

  test("of interface pointers gives a reference for each", async () => {
    const { store, leave } = await openStore({
      Objects: ({ com }) => [com.implement([IUnknown], {}), null],
    });

    const objects = await store.Objects();

    if (!Array.isArray(objects)) throw new Error("an array expected");
    expect(objects.map((object) => object?.interface ?? null)).toEqual([IUnknown, null]);
    for (const object of objects) object?.release();
    expect(await leave()).toEqual({});
  });
});

test("CURRENCY, DECIMAL and DATE come as what they are", async () => {
  const { store } = await openStore({
    Add: (price, rate, day) => ({
      sum: currency(price.toNumber() * rate.toNumber()),
      next: new OleDate(day.days + 1),
    }),
  });

  expect(await store.Add(currency("12.50"), decimal("2.0"), new OleDate(1.5))).toEqual({
    sum: currency("25"),
    next: new OleDate(2.5),
  });
});

test("callers may pass plain values for a VARIANT, servers get a Variant", () => {
  type Echo = Implementation<Store>["Echo"];

  expectTypeOf<Parameters<Store["Echo"]>>().toEqualTypeOf<[value: VariantInput]>();
  expectTypeOf<ReturnType<Store["Echo"]>>().toEqualTypeOf<Variant>();
  expectTypeOf<Parameters<Echo>[0]>().toEqualTypeOf<Variant>();
  expectTypeOf<string>().toExtend<ReturnType<Echo>>();
  expectTypeOf<Parameters<Store["Sort"]>[0]>().toEqualTypeOf<
    (string | null)[] | SafeArray | null
  >();
});
