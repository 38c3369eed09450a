import { describe, expect, test } from "vitest";
import { RPC_E_CALL_CANCELED } from "../src/index.ts";
import { errorOf, IPlainDesk, openRoom, pass } from "./desk.ts";
import { openCallObjectRoom, openHeldRoom } from "./held-desk.ts";

/** A signal that knows who listens to it. */
class WatchedController extends AbortController {
  readonly #listening = new Set<unknown>();

  constructor() {
    super();
    const { signal } = this;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (type: string, listener: EventListenerOrEventListenerObject) => {
      this.#listening.add(listener);
      add(type, listener);
    };
    signal.removeEventListener = (type: string, listener: EventListenerOrEventListenerObject) => {
      this.#listening.delete(listener);
      remove(type, listener);
    };
  }

  get listeners(): number {
    return this.#listening.size;
  }
}

describe("a signal that has aborted already", () => {
  test("fails the call with its reason as the cause", async () => {
    const { desk } = await openRoom();
    const reason = new Error("too late");

    const error = await errorOf(desk.Add(1, 2, { signal: AbortSignal.abort(reason) }));

    expect([error.hr, error.cause]).toEqual([RPC_E_CALL_CANCELED, reason]);
  });

  test("lets nothing be sent", async () => {
    const { desk, emulator, events } = await openRoom();

    await errorOf(desk.Add(1, 2, { signal: AbortSignal.abort() }));
    await emulator.fence();

    expect(events).toEqual([]);
  });
});

describe("a signal that aborts during the call", () => {
  test("CAN-05 rejects at once, whatever the server does", async () => {
    const { desk, emulator } = await openHeldRoom();
    const controller = new AbortController();
    const call = desk.Add(1, 2, { signal: controller.signal });
    await emulator.fence();
    const startMs = emulator.clock.now();

    controller.abort("enough");

    expect(await errorOf(call)).toMatchObject({ hr: RPC_E_CALL_CANCELED, cause: "enough" });
    expect(emulator.clock.now()).toBe(startMs);
  });

  test("CAN-03 has the COM call canceled and finished behind the caller's back", async () => {
    const { desk, emulator, events } = await openHeldRoom();
    const controller = new AbortController();
    const call = desk.Add(1, 2, { signal: controller.signal });
    await emulator.fence();

    controller.abort();
    await errorOf(call);
    await emulator.fence();

    const kinds = events.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind !== "packet" && kind !== "enter")).toEqual([
      "begin",
      "cancel",
      "signal",
      "finish",
    ]);
  });

  test("CAN-12 drops the late reply, and nothing leaks", async () => {
    const { desk, emulator, letGo, leave } = await openHeldRoom();
    const controller = new AbortController();
    const call = desk.Add(1, 2, { signal: controller.signal });
    await emulator.fence();
    controller.abort();
    await errorOf(call);

    await letGo();

    expect(call.hr).toBe(RPC_E_CALL_CANCELED);
    expect(await leave()).toEqual({});
  });

  test("FIN-12 releases a pointer in the late reply", async () => {
    const { desk, emulator, letGo, given, leave } = await openHeldRoom();
    const controller = new AbortController();
    const call = desk.Open({ signal: controller.signal });
    await emulator.fence();
    controller.abort();
    await errorOf(call);

    await letGo();

    expect(given()).toBe(0);
    expect(await leave()).toEqual({});
  });

  test("CAN-13 releases it too where nothing can be canceled", async () => {
    const { desk, emulator, letGo, given, leave } = await openCallObjectRoom();
    const controller = new AbortController();
    const call = desk.Open({ signal: controller.signal, lane: "call-object" });
    await emulator.fence();

    controller.abort();
    await errorOf(call);
    await letGo();

    expect(given()).toBe(0);
    expect(await leave()).toEqual({});
  });

  test("does the same in the worker lane", async () => {
    const { desk, emulator, letGo, given, leave } = await openHeldRoom();
    const controller = new AbortController();
    const call = desk.Open({ signal: controller.signal, lane: "worker" });
    await emulator.fence();

    controller.abort();

    expect((await errorOf(call)).hr).toBe(RPC_E_CALL_CANCELED);
    await letGo();
    expect(given()).toBe(0);
    expect(await leave()).toEqual({});
  });

  test("stops the timer of timeoutMs at once", async () => {
    const { com, desk, emulator, leave } = await openHeldRoom();
    const plain = await desk.queryInterface(IPlainDesk);
    const controller = new AbortController();
    const call = plain.Wait({ signal: controller.signal, timeoutMs: 50_000 });
    await emulator.fence();

    controller.abort("first");
    const error = await errorOf(call);

    expect(error.cause).toBe("first");
    await pass(com, 1);
    expect(emulator.clock.now()).toBeLessThan(50_000);
    plain.release();
    expect(await leave()).toBeDefined();
  });
});

describe("listeners", () => {
  test("are gone when the call has ended", async () => {
    const { desk } = await openRoom();
    const controller = new WatchedController();

    await desk.Add(1, 2, { signal: controller.signal });

    expect(controller.listeners).toBe(0);
  });

  test("are gone when the call has failed", async () => {
    const { desk } = await openRoom();
    const controller = new WatchedController();
    desk.release();

    await errorOf(desk.Add(1, 2, { signal: controller.signal }));

    expect(controller.listeners).toBe(0);
  });

  test.each(["call-object", "worker"] as const)(
    "are gone when the signal has aborted (%s)",
    async (lane) => {
      const { desk, emulator } = await openHeldRoom();
      const controller = new WatchedController();
      const call = desk.Add(1, 2, { signal: controller.signal, lane });
      await emulator.fence();

      controller.abort();
      await errorOf(call);
      await emulator.fence();

      expect(controller.listeners).toBe(0);
    },
  );

  test("one signal can serve many calls", async () => {
    const { desk } = await openHeldRoom();
    const controller = new WatchedController();
    const calls = [1, 2, 3].map((n) => desk.Add(n, n, { signal: controller.signal }));

    controller.abort();
    const errors = await Promise.all(calls.map(errorOf));

    expect(errors.map(({ hr }) => hr)).toEqual(Array(3).fill(RPC_E_CALL_CANCELED));
    expect(controller.listeners).toBe(0);
  });
});

describe("timeoutMs", () => {
  test("cancels the call after that time of the backend's clock", async () => {
    const { desk, emulator } = await openHeldRoom();

    const error = await errorOf(desk.Add(1, 2, { timeoutMs: 250 }));

    expect(error.hr).toBe(RPC_E_CALL_CANCELED);
    expect((error.cause as DOMException).name).toBe("TimeoutError");
    expect(emulator.clock.now()).toBe(250);
  });

  test("does nothing to a call that is faster", async () => {
    const { desk, emulator, leave } = await openRoom();

    expect(await desk.Add(1, 2, { timeoutMs: 250 })).toBe(3);
    expect(emulator.clock.now()).toBe(0);
    expect(await leave()).toEqual({});
  });

  test("has no limit when infinite", async () => {
    const { desk } = await openRoom();

    expect(await desk.Add(1, 2, { timeoutMs: Number.POSITIVE_INFINITY })).toBe(3);
  });
});

describe("cancel of a call", () => {
  test("rejects with the reason as the cause", async () => {
    const { desk } = await openHeldRoom();
    const call = desk.Add(1, 2);

    call.cancel("changed my mind");

    expect(await errorOf(call)).toMatchObject({
      hr: RPC_E_CALL_CANCELED,
      cause: "changed my mind",
    });
  });

  test("has no cause without a reason", async () => {
    const { desk } = await openHeldRoom();
    const call = desk.Add(1, 2);

    call.cancel();

    expect(await errorOf(call)).not.toHaveProperty("cause");
  });

  test("does nothing once the call has ended", async () => {
    const { desk } = await openRoom();
    const call = desk.Add(1, 2);
    await call;

    call.cancel();

    expect([await call, call.hr]).toEqual([3, 0]);
  });

  test.each([0, 1, 2, 3, 5, 8, 13])("leaves nothing behind after %d microtasks", async (lead) => {
    const { desk, letGo, leave } = await openHeldRoom();
    const call = desk.Open();
    for (let i = 0; i < lead; i++) await Promise.resolve();

    call.cancel();
    await errorOf(call);
    await letGo();

    expect(await leave()).toEqual({});
  });
});
