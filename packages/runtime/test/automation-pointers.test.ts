import { describe, expect, test } from "vitest";
import {
  type Com,
  type Currency,
  type Decimal,
  defineInterface,
  IDispatch,
  type InterfacePointer,
  IUnknown,
  LONG,
  method,
  type OleDate,
  param,
  Variant,
  variant,
  VT_DISPATCH,
  VT_UNKNOWN,
} from "../src/index.ts";
import { IStore, openStore } from "./store.ts";

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

  test("MAR-17 is lent to the server, which keeps it with addRef()", async () => {
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

test("without a proxy a VARIANT gets its VARTYPE too, and its pointers are lent and given", async () => {
  const { com, store, leave } = await openStore({});
  const received: number[] = [];
  const direct = com.implement([IStore], {
    Change: (value: Variant) => value,
    Echo(value: Variant) {
      received.push(value.vt);
      return value;
    },
    Sort: () => null,
    Add: (sum: Currency, _rate: Decimal, next: OleDate) => ({ sum, next }),
    Objects: () => null,
  });

  const echo = await direct.Echo(store);

  expect(received).toEqual([VT_UNKNOWN]);
  const back = echo.value as InterfacePointer<unknown>;
  expect(await back.isSameObject(store)).toBe(true);
  back.release();
  direct.release();
  expect(await leave()).toEqual({});
});

test("a SAFEARRAY of interface pointers gives a reference for each", async () => {
  const { store, leave } = await openStore({
    Objects: ({ com }) => [com.implement([IUnknown], {}), null],
  });

  const objects = await store.Objects();

  if (!Array.isArray(objects)) throw new Error("an array expected");
  expect(objects.map((object) => object?.interface ?? null)).toEqual([IUnknown, null]);
  for (const object of objects) object?.release();
  expect(await leave()).toEqual({});
});
