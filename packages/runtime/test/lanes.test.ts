import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  asyncOf,
  ComError,
  E_FAIL,
  E_NOINTERFACE,
  IUnknown,
  RPC_E_SERVERFAULT,
  S_FALSE,
  S_OK,
  Success,
} from "../src/index.ts";
import { desk as deskOf, errorOf, IDesk, IPlainDesk, openRoom } from "./desk.ts";

describe("the lane", () => {
  test("is a call object where the interface has an async form", async () => {
    const { desk } = await openRoom();
    const call = desk.Add(1, 2);

    await call;

    expect(call.lane).toBe("call-object");
  });

  test("is a worker where it has none", async () => {
    const { desk } = await openRoom();
    const plain = await desk.queryInterface(IPlainDesk);
    const call = plain.Wait();

    await call;

    expect(call.lane).toBe("worker");
  });

  test("is direct in the object's own apartment", async () => {
    const { desk } = await openRoom(() => deskOf(), "Both");
    const call = desk.Add(1, 2);

    await call;

    expect(call.lane).toBe("direct");
  });

  test("is the worker's if the caller says so", async () => {
    const { desk, events } = await openRoom();
    const call = desk.Add(1, 2, { lane: "worker" });

    await call;

    expect(call.lane).toBe("worker");
    expect(events.map(({ kind }) => kind)).not.toContain("begin");
  });

  test("is known only when the call has been started", async () => {
    const { desk } = await openRoom();

    const call = desk.Add(1, 2);

    expect(call.lane).toBeUndefined();
    await call;
  });

  test("DISC-04 cannot be a call object where there is none", async () => {
    const { desk } = await openRoom(() => deskOf(), "Both");

    const error = await errorOf(desk.Add(1, 2, { lane: "call-object" }));

    expect(error.hr).toBe(E_NOINTERFACE);
  });

  test("cannot be a call object without an async form", async () => {
    const { desk } = await openRoom();
    const plain = await desk.queryInterface(IPlainDesk);

    const error = await errorOf(plain.Wait({ lane: "call-object" }));

    expect([error.hr, error.message]).toEqual([
      E_NOINTERFACE,
      "[E_NOINTERFACE] IPlainDesk::Wait: the interface has no async form; leave out the option lane",
    ]);
  });

  test("CALL-03 falls back when the factory refuses, and does not ask again", async () => {
    let asked = 0;
    const createCall = (): null => {
      asked++;
      return null;
    };
    const { desk } = await openRoom(() => ({ ...deskOf(), createCall }), "Both");

    await desk.Add(1, 2);
    await desk.Add(3, 4);

    expect(asked).toBe(1);
  });
});

describe("results", () => {
  test("a call tells its HRESULT when it has ended", async () => {
    const { desk } = await openRoom();
    const call = desk.Add(1, 2);
    expect(call.hr).toBeUndefined();

    await call;

    expect(call.hr).toBe(S_OK);
  });

  test.each(["call-object", "worker"] as const)(
    "a success code other than S_OK stays visible (%s)",
    async (lane) => {
      const { desk } = await openRoom(() => deskOf({ Add: () => new Success(S_FALSE, 5) }));
      const call = desk.Add(1, 2, { lane });

      expect(await call).toBe(5);
      expect(call.hr).toBe(S_FALSE);
    },
  );

  test("a failure is a ComError of the method", async () => {
    const { desk } = await openRoom(() =>
      deskOf({
        Add: () => {
          throw new ComError(E_FAIL, "anywhere");
        },
      }),
    );

    const error = await errorOf(desk.Add(1, 2));

    expect([error.hr, error.where]).toEqual([E_FAIL, "IDesk::Add"]);
  });

  test("several outs are an object", async () => {
    const { desk } = await openRoom();

    expect(await desk.Split(0x50007)).toEqual({ high: 5, low: 7 });
  });

  test("then gives plain promises", async () => {
    const { desk } = await openRoom();

    const doubled = desk.Add(1, 2).then((sum) => sum * 2);

    expect(doubled.constructor).toBe(Promise);
    expect(await doubled).toBe(6);
  });

  test("a failure code is no Success", () => {
    expect(() => new Success(RPC_E_SERVERFAULT, 5)).toThrow(RangeError);
  });
});

describe("pointers and call objects", () => {
  test("are inspected without a word to the server", async () => {
    const { desk, events } = await openRoom();
    const call = await desk.createCall(asyncOf(IDesk));

    expect([inspect(desk), inspect(call)]).toEqual([
      "IDesk { worker }",
      "AsyncIDesk { call object }",
    ]);
    expect(events).toEqual([]);
  });

  test("show that they were released", async () => {
    const { desk } = await openRoom();
    desk.release();

    expect(inspect(desk)).toBe("IDesk { released }");
  });

  test("are no thenables, so that await takes them as they are", async () => {
    const { desk } = await openRoom();

    expect(desk).not.toHaveProperty("then");
  });

  test("are released by using", async () => {
    const { desk, leave } = await openRoom();
    const [call, other] = [await desk.createCall(asyncOf(IDesk)), desk.addRef()];

    call[Symbol.dispose]();
    other[Symbol.dispose]();

    await expect(other.Nothing()).rejects.toThrow(/CO_E_RELEASED/);
    expect(await leave()).toEqual({});
  });

  test("are released by await using", async () => {
    const { desk, leave } = await openRoom();
    const [call, other] = [await desk.createCall(asyncOf(IDesk)), desk.addRef()];

    await expect(call[Symbol.asyncDispose]()).resolves.toBeUndefined();
    await expect(other[Symbol.asyncDispose]()).resolves.toBeUndefined();

    await expect(call.wait(0)).rejects.toThrow(/CO_E_RELEASED/);
    expect(await leave()).toEqual({});
  });

  test("of one object are the same object", async () => {
    const { desk, com } = await openRoom();
    const [unknown, drawer] = [await desk.queryInterface(IUnknown), com.implement([IUnknown], {})];

    expect([await desk.isSameObject(unknown), await desk.isSameObject(drawer)]).toEqual([
      true,
      false,
    ]);
  });
});
