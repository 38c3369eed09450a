import { describe, expect, test } from "vitest";
import {
  asyncOf,
  ICancelMethodCalls,
  IPipeByte,
  RPC_E_CALL_CANCELED,
  RPC_S_CALLPENDING,
  S_FALSE,
  Success,
} from "../src/index.ts";
import { desk as deskOf, errorOf, IDesk, openRoom } from "./desk.ts";
import { openCallObjectRoom, openHeldRoom } from "./held-desk.ts";

const twin = asyncOf(IDesk);

describe("a call object", () => {
  test("begins, waits and finishes", async () => {
    const { desk, letGo } = await openHeldRoom();
    const call = await desk.createCall(twin);
    await call.Begin_Add(1, 2);
    expect(await call.wait(0)).toBe(false);

    await letGo();

    expect([await call.wait(0), await call.Finish_Add()]).toEqual([true, 3]);
  });

  test("SYNC-02 waits no longer than it is told", async () => {
    const { desk, emulator } = await openHeldRoom();
    const call = await desk.createCall(twin);
    await call.Begin_Add(1, 2);

    expect(await call.wait(25)).toBe(false);
    expect(emulator.clock.now()).toBe(25);
  });

  test.each([[-1], [Number.NaN], ["5"], [null]])("refuses to wait for %o", async (timeoutMs) => {
    const { desk } = await openRoom();
    const call = await desk.createCall(twin);

    await expect(call.wait(timeoutMs as number)).rejects.toThrow(TypeError);
  });

  test.each([[-1], [1.5], [2 ** 32], ["5"]])("refuses to cancel within %o s", async (seconds) => {
    const { desk } = await openRoom();
    const call = await desk.createCall(twin);

    await expect(call.cancel(seconds as number)).rejects.toThrow(TypeError);
  });

  test("checks the arguments of Begin_", async () => {
    const { desk } = await openRoom();
    const call = await desk.createCall(twin);

    await expect(call.Begin_Add(1, 2 ** 40)).rejects.toThrow(/AsyncIDesk::Begin_Add: 'b'/);
  });

  test("a failing check leaves it idle", async () => {
    const { desk } = await openRoom();
    const call = await desk.createCall(twin);
    await errorOf(call.Begin_Add(1, 2 ** 40));

    await call.Begin_Add(1, 2);

    expect(await call.Finish_Add()).toBe(3);
  });

  test("tells success codes in Finish_", async () => {
    const { desk } = await openRoom(() => deskOf({ Add: () => new Success(S_FALSE, 1) }));
    const call = await desk.createCall(twin);
    await call.Begin_Add(1, 2);
    const finish = call.Finish_Add();

    await finish;

    expect([finish.hr, finish.lane]).toEqual([S_FALSE, "call-object"]);
  });

  test("CAN-11 tells whether it was canceled", async () => {
    const { desk } = await openHeldRoom();
    const call = await desk.createCall(twin);
    await call.Begin_Add(1, 2);
    expect(await call.testCancel()).toBe(RPC_S_CALLPENDING);

    await call.cancel();

    expect(await call.testCancel()).toBe(RPC_E_CALL_CANCELED);
  });

  test("CALL-15 gives its other interfaces", async () => {
    const { desk, leave } = await openHeldRoom();
    const call = await desk.createCall(twin);
    await call.Begin_Add(1, 2);
    const cancel = await call.queryInterface(ICancelMethodCalls);

    await cancel.Cancel(0);

    expect((await errorOf(call.Finish_Add())).hr).toBe(RPC_E_CALL_CANCELED);
    cancel.release();
    call.release();
    expect(await leave()).toBeDefined();
  });

  test("runs hooks in place of its own ISynchronize", async () => {
    const { desk } = await openRoom();
    const log: string[] = [];
    const call = await desk.createCall(twin, {
      synchronize: { Reset: () => void log.push("Reset"), Signal: () => void log.push("Signal") },
    });

    await call.Begin_Add(1, 2);
    await call.Finish_Add();

    expect(log).toEqual(["Reset", "Signal"]);
  });

  test("of another interface is refused by the object", async () => {
    const { desk } = await openRoom();

    await expect(desk.createCall(asyncOf(IPipeByte))).rejects.toThrow(/E_NOINTERFACE/);
  });
});

describe("cancel of Finish_", () => {
  test("releases its caller at once", async () => {
    const { desk, emulator } = await openHeldRoom();
    const call = await desk.createCall(twin);
    await call.Begin_Add(1, 2);
    const finish = call.Finish_Add();
    await emulator.fence();

    finish.cancel("enough");

    expect(await errorOf(finish)).toMatchObject({ hr: RPC_E_CALL_CANCELED, cause: "enough" });
  });

  test("leaves the call object free for the next call", async () => {
    const { desk, emulator, letGo } = await openHeldRoom();
    const call = await desk.createCall(twin);
    await call.Begin_Add(1, 2);
    const finish = call.Finish_Add();
    await emulator.fence();
    finish.cancel();
    await errorOf(finish);
    await letGo();

    await call.Begin_Add(3, 4);
    await letGo();

    expect(await call.Finish_Add()).toBe(7);
  });

  test("after the call object was released does no harm", async () => {
    const { desk, emulator, letGo, leave } = await openHeldRoom();
    const call = await desk.createCall(twin);
    await call.Begin_Add(1, 2);
    const finish = call.Finish_Add();
    await emulator.fence();
    call.release();

    finish.cancel();

    expect((await errorOf(finish)).hr).toBe(RPC_E_CALL_CANCELED);
    await letGo();
    expect(await leave()).toEqual({});
  });

  test.each([
    ["marshaled", openHeldRoom],
    ["same apartment", openCallObjectRoom],
  ] as const)("FIN-12 releases a pointer that comes all the same (%s)", async (_place, open) => {
    const { desk, letGo, given, leave } = await open();
    const call = await desk.createCall(twin);
    await call.Begin_Open();
    const finish = call.Finish_Open();

    finish.cancel();
    await errorOf(finish);
    await letGo();

    expect(given()).toBe(0);
    call.release();
    expect(await leave()).toEqual({});
  });
});
