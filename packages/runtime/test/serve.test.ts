import { describe, expect, expectTypeOf, test } from "vitest";
import {
  E_NOTIMPL,
  type Implementation,
  type IncomingCall,
  type InterfacePointer,
  IUnknown,
  type NoMethods,
  RPC_E_SERVER_CANTMARSHAL_DATA,
  RPC_E_SERVERFAULT,
  RPC_E_WRONG_THREAD,
  S_OK,
  Success,
} from "../src/index.ts";
import { CLSID_Desk, type Desk, desk as deskOf, errorOf, IDesk, openRoom, pass } from "./desk.ts";

/** A room whose desk has `methods`, whatever they return. */
function returning(methods: object) {
  return openRoom(() => ({ ...deskOf(), ...methods }));
}

function thrower(): never {
  throw new Error("out of order");
}

describe("LIFE-08 a server that returns something wrong", () => {
  test.each([
    ["a string for a LONG", { Add: () => "3" }, /IDesk::Add: 'sum' must be a LONG.*got "3"/],
    ["too large a number", { Add: () => 2 ** 40 }, /IDesk::Add: 'sum' must be a LONG/],
    ["nothing for a LONG", { Add: () => undefined }, /IDesk::Add: 'sum' .*got undefined/],
    ["the same, later", { Add: async () => "3" }, /IDesk::Add: 'sum' .*got "3"/],
    ["a Success of it", { Add: () => new Success(S_OK, "3") }, /IDesk::Add: 'sum' .*got "3"/],
  ])("fails with RPC_E_SERVERFAULT: %s", async (_what, methods, message) => {
    const { desk } = await returning(methods);

    const error = await errorOf(desk.Add(1, 2));

    expect(error.hr).toBe(RPC_E_SERVERFAULT);
    expect(String(error.cause)).toMatch(message);
  });

  test("names the out that is missing among several", async () => {
    const { desk } = await returning({ Split: () => ({ high: 1 }) });

    expect(String((await errorOf(desk.Split(1))).cause)).toMatch(/IDesk::Split: 'low'/);
  });

  test("names an array of the wrong kind", async () => {
    const { desk } = await returning({ Read: () => [1, 2] });

    expect(String((await errorOf(desk.Read(2))).cause)).toMatch(/'bytes' .*a Uint8Array/);
  });

  test("fails for more elements than size_is has room for", async () => {
    const { desk } = await returning({ Read: () => new Uint8Array(9) });

    expect((await errorOf(desk.Read(2))).hr).toBe(RPC_E_SERVER_CANTMARSHAL_DATA);
  });

  test("names something that is no pointer", async () => {
    const { desk } = await returning({ Open: () => ({}) });

    expect(String((await errorOf(desk.Open())).cause)).toMatch(/'drawer' .*an interface pointer/);
  });

  test.each([
    ["at once", (pointer: object) => pointer],
    ["later", (pointer: object) => Promise.resolve(pointer)],
  ])("fails for a pointer of another apartment, given %s", async (_when, give) => {
    const room = await openRoom(() => deskOf({ Open: () => give(mine) as never }));
    const mine: object = room.com.implement([IUnknown], {});

    const error = await errorOf(room.desk.Open());

    expect(error.hr).toBe(RPC_E_WRONG_THREAD);
    expect(await room.leave()).toEqual({});
  });
});

describe("a server that throws", () => {
  test("fails with RPC_E_SERVERFAULT and the exception as its cause", async () => {
    const thrown = new Error("out of order");
    const { desk } = await returning({
      Add: () => {
        throw thrown;
      },
    });

    expect(await errorOf(desk.Add(1, 2))).toMatchObject({ hr: RPC_E_SERVERFAULT, cause: thrown });
  });

  test("is reported in the trace", async () => {
    const thrown = new Error("out of order");
    const { desk, events } = await returning({ Add: () => Promise.reject(thrown) });

    await errorOf(desk.Add(1, 2));

    expect(events.find(({ kind }) => kind === "exception")).toMatchObject({
      method: "IDesk::Add",
      error: thrown,
    });
  });

  test.each([
    ["throws", () => thrower()],
    ["rejects", async () => thrower()],
  ])(
    "CALL-03 a createCall that %s leaves the method, and is reported",
    async (_how, createCall) => {
      const room = await openRoom(() => ({ ...deskOf(), createCall }));

      expect(await room.desk.Add(1, 2)).toBe(3);

      expect(room.events.filter(({ kind }) => kind === "exception")).toMatchObject([
        { method: "ICallFactory::CreateCall", error: new Error("out of order") },
      ]);
      expect(await room.leave()).toEqual({});
    },
  );

  test.each([
    ["throws", () => thrower()],
    ["rejects", async () => thrower()],
  ])("in a timer's callback that %s is reported, and blocks nobody", async (_how, callback) => {
    const room = await openRoom(({ setTimer }) =>
      deskOf({ Nothing: () => void setTimer(1, callback) }),
    );
    await room.desk.Nothing();
    await pass(room.com, 10);

    expect(await room.desk.Add(1, 2)).toBe(3);

    expect(room.events.filter(({ kind }) => kind === "exception")).toMatchObject([
      { method: "setTimer", error: new Error("out of order") },
    ]);
    expect(await room.leave()).toEqual({});
  });

  test("a timer without a callback is refused", async () => {
    const { com, desk } = await openRoom(({ setTimer }) =>
      deskOf({ Nothing: () => void setTimer(1, undefined as never) }),
    );

    expect((await errorOf(desk.Nothing())).message).toContain("'callback' must be a function");
    expect(() => com.clock.setTimer(1, undefined as never)).toThrow(TypeError);
  });

  test("a method that is missing is E_NOTIMPL", async () => {
    const { desk } = await returning({ Add: undefined });

    expect((await errorOf(desk.Add(1, 2))).hr).toBe(E_NOTIMPL);
  });

  test("while it creates the object fails the activation", async () => {
    const thrown = new Error("no desk today");
    const { com, desk } = await openRoom();
    const clsid = CLSID_Desk.replace("bbbb", "dddd");
    com.registerClass({
      clsid,
      interfaces: [IDesk] as const,
      create: () => {
        throw thrown;
      },
    });

    const error = await errorOf(com.createInstance(clsid, IDesk));

    expect(error).toMatchObject({ hr: RPC_E_SERVERFAULT, cause: thrown });
    expect(await desk.Add(1, 2)).toBe(3);
  });
});

describe("callbacks", () => {
  test("an implemented object is called back", async () => {
    const { com, desk, leave } = await openRoom(() =>
      deskOf({
        Put: async (thing) => {
          const callback = await thing?.queryInterface(IDesk);
          await callback?.Nothing();
          callback?.release();
        },
      }),
    );
    let calls = 0;
    const callback = com.implement([IDesk], deskOf({ Nothing: () => void calls++ }));

    await desk.Put(callback);

    expect(calls).toBe(1);
    callback.release();
    expect(await leave()).toEqual({});
  });

  test("MAR-17 an argument is lent for the call alone", async () => {
    const kept: InterfacePointer<NoMethods>[] = [];
    const { com, desk } = await openRoom(() =>
      deskOf({ Put: (thing) => void (thing !== null && kept.push(thing)) }),
    );
    await desk.Put(com.implement([IUnknown], {}));

    const late = kept.map((thing) => thing.queryInterface(IUnknown));

    await expect(Promise.all(late)).rejects.toThrow(/CO_E_RELEASED/);
  });

  test("an argument can be kept with addRef, and returned", async () => {
    type Thing = Awaited<ReturnType<Desk["Open"]>>;
    let kept: Thing = null;
    const { com, desk, leave } = await openRoom(() =>
      deskOf({
        Put: (thing) => {
          kept = thing?.addRef() ?? null;
        },
        Open: () => kept,
      }),
    );
    const mine = com.implement([IUnknown], {});
    await desk.Put(mine);

    const back = await desk.Open();

    expect(await back?.isSameObject(mine)).toBe(true);
    mine.release();
    back?.release();
    expect(await leave()).toEqual({});
  });

  test("the last reference is reported", async () => {
    const { com, emulator } = await openRoom();
    let isReleased = false;
    const finalRelease = (): void => {
      isReleased = true;
    };
    const [first, second] = [com.implement([IUnknown], { finalRelease })].flatMap((p) => [
      p,
      p.addRef(),
    ]);

    first?.release();
    await emulator.fence();
    expect(isReleased).toBe(false);
    second?.release();
    await emulator.fence();

    expect(isReleased).toBe(true);
  });
});

test("an implementation takes the arguments and the call, and may give a Success", () => {
  type Add = Implementation<Desk>["Add"];

  expectTypeOf<Parameters<Add>>().toEqualTypeOf<[a: number, b: number, call: IncomingCall]>();
  expectTypeOf<number | Success<number> | Promise<number>>().toExtend<ReturnType<Add>>();
  expectTypeOf<string>().not.toExtend<ReturnType<Add>>();
});
