import { createEmulator } from "@callfactory/emulator";
import { describe, expect, test } from "vitest";
import {
  asyncOf,
  createConnectionPoints,
  type HResult,
  openCom,
  type ServerClass,
  Success,
} from "../src/index.ts";
import { CLSID_Desk, desk, IDesk, openRoom } from "./desk.ts";

/** Something of plain JavaScript, in place of what the types ask for. */
const untyped = (value: unknown): never => value as never;

describe("a misspelled option is refused by its name", () => {
  test("of a call", async () => {
    const room = await openRoom();

    const call = room.desk.Add(1, 2, untyped({ timeoutMS: 5 }));

    await expect(call).rejects.toThrow(
      new TypeError("IDesk::Add: unknown option 'timeoutMS'; known are signal, timeoutMs, lane"),
    );
    expect(await room.leave()).toEqual({});
  });

  test("of a call that is given a signal for its options", async () => {
    const room = await openRoom();

    const call = room.desk.Add(1, 2, untyped(new AbortController().signal));

    await expect(call).rejects.toThrow(TypeError);
    expect(await room.leave()).toEqual({});
  });

  test("of createCall, createInstance, implement, marshal, openProcess", async () => {
    const room = await openRoom();
    const { com } = room;
    const typo = untyped({ tpyo: 1 });

    await expect(room.desk.createCall(asyncOf(IDesk), typo)).rejects.toThrow(/'tpyo'/);
    await expect(com.createInstance(CLSID_Desk, IDesk, typo)).rejects.toThrow(/'tpyo'/);
    expect(() => com.implement([IDesk], desk(), typo)).toThrow(/'tpyo'/);
    await expect(com.marshal(room.desk, typo)).rejects.toThrow(/'tpyo'/);
    await expect(com.openProcess("mta", typo)).rejects.toThrow(/'tpyo'/);
    expect(await room.leave()).toEqual({});
  });

  test("of openCom, an emulator and connection points", async () => {
    const { com } = await openRoom();

    await expect(openCom(untyped({ bakend: "emulator" }))).rejects.toThrow(/'bakend'.*backend/);
    expect(() => createEmulator(untyped({ clok: "virtual" }))).toThrow(/'clok'.*clock/);
    expect(() => createConnectionPoints(com, [IDesk], untyped({ max: 1 }))).toThrow(/'max'/);
  });
});

describe("an option of the wrong kind is refused", () => {
  test.each([[null], [5], [{ Reset: 5 }], [{ Signal: "now" }]])(
    "synchronize: %o",
    async (synchronize) => {
      const room = await openRoom();
      const creating = room.desk.createCall(asyncOf(IDesk), untyped({ synchronize }));

      await expect(creating).rejects.toThrow(/synchronize.*must be/);

      expect(await room.leave()).toEqual({});
    },
  );

  test.each([
    [{ clock: "virtul" }],
    [{ seed: Number.NaN }],
    [{ seed: "7" }],
    [{ ledger: "place" }],
    [{ identity: "alice" }],
    [{ identity: null }],
  ])("of an emulator: %o", (options) => {
    expect(() => createEmulator(untyped(options))).toThrow(/^emulator: option .* must be/);
  });

  test("ACT-01 a threading model that a registry does not know", async () => {
    const { com } = await openRoom();
    const serverClass = { clsid: CLSID_Desk, interfaces: [IDesk], create: () => desk() };
    const misspelled = { ...serverClass, threadingModel: "apartment" };

    expect(() => com.registerClass(untyped(misspelled) as ServerClass<[]>)).toThrow(
      "registerClass: 'threadingModel' must be one of Apartment, Free, Both, Neutral",
    );
  });

  test("flags of marshal, what traces, what implements, what creates", async () => {
    const room = await openRoom();
    const { com } = room;

    await expect(com.marshal(room.desk, { flags: untyped("1") })).rejects.toThrow(/'flags'/);
    expect(() => com.trace(untyped(null))).toThrow("trace: expected a function");
    expect(() => com.implement([IDesk], untyped(5))).toThrow(/an implementation must be an object/);
    expect(() => com.registerClass(untyped({ clsid: CLSID_Desk, interfaces: [] }))).toThrow(
      "registerClass: 'create' must be a function",
    );
    expect(await room.leave()).toEqual({});
  });

  test.each([[-1], [0x80004005]])("Success with the failure code %d", (hr) => {
    expect(() => new Success(hr as HResult, undefined)).toThrow(RangeError);
  });

  test.each([[1.5], [Number.NaN]])("Success with %d, which is no HRESULT", (hr) => {
    expect(() => new Success(hr as HResult, undefined)).toThrow(TypeError);
  });
});
