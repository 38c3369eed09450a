import { describe, expect, expectTypeOf, test } from "vitest";
import {
  currency,
  decimal,
  type Implementation,
  MISSING,
  OleDate,
  SafeArray,
  safeArray,
  Variant,
  variant,
  type VariantInput,
  VT_ARRAY,
  VT_BOOL,
  VT_BSTR,
  VT_BYREF,
  VT_I2,
  VT_I4,
  VT_R8,
  VT_VARIANT,
} from "../src/index.ts";
import { openStore, type Store } from "./store.ts";

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
