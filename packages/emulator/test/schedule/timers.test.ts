import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Scheduler } from "../../src/schedule/scheduler.ts";

const virtual = (): Scheduler => new Scheduler({ clock: "virtual" });

/** Resolves when the timer fires, with the time. */
function after(scheduler: Scheduler, delayMs: number): Promise<number> {
  return new Promise((resolve) => {
    scheduler.setTimer(delayMs, () => resolve(scheduler.now()));
  });
}

test("a delay that is no number is refused", () => {
  expect(() => virtual().setTimer(Number.NaN, () => {})).toThrow(TypeError);
});

describe("virtual time", () => {
  test("never gets to a timer without an end", async () => {
    const scheduler = virtual();
    scheduler.setTimer(Number.POSITIVE_INFINITY, () => {});

    await after(scheduler, 5);
    await scheduler.fence();

    expect(scheduler.now()).toBe(5);
  });

  test("starts at 0", () => {
    expect(virtual().now()).toBe(0);
  });

  test("jumps to the next timer, however far away", async () => {
    expect(await after(virtual(), 86_400_000)).toBe(86_400_000);
  });

  test("stands still while anything can run", async () => {
    const scheduler = virtual();
    const times: number[] = [];
    let left = 50;
    const work = (): void => {
      times.push(scheduler.now());
      if (--left > 0) scheduler.post(null, work);
    };

    scheduler.post(null, work);
    await after(scheduler, 1);

    expect(new Set(times)).toEqual(new Set([0]));
    expect(left).toBe(0);
  });

  test("stands still while a promise goes on", async () => {
    const scheduler = virtual();
    const fired = after(scheduler, 1);

    for (let i = 0; i < 100; i++) await Promise.resolve();

    expect(scheduler.now()).toBe(0);
    expect(await fired).toBe(1);
  });

  test("never runs backwards", async () => {
    const anyDelays = fc.array(fc.integer({ min: -5, max: 1000 }), { maxLength: 20 });

    await fc.assert(
      fc.asyncProperty(anyDelays, async (delays) => {
        const scheduler = virtual();
        const fired = await Promise.all(delays.map((delayMs) => after(scheduler, delayMs)));

        expect(fired).toEqual(delays.map((delayMs) => Math.max(0, delayMs)));
      }),
      { numRuns: 30 },
    );
  });
});

describe("order", () => {
  test("timers fire by time, and by creation where the time is the same", async () => {
    const anyDelays = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 30 });

    await fc.assert(
      fc.asyncProperty(anyDelays, async (delays) => {
        const scheduler = virtual();
        const fired: number[] = [];
        for (const [i, delayMs] of delays.entries())
          scheduler.setTimer(delayMs, () => fired.push(i));
        await after(scheduler, 10);

        const due = (i: number) => delays[i] ?? 0;
        expect(fired).toEqual([...delays.keys()].sort((a, b) => due(a) - due(b) || a - b));
      }),
      { numRuns: 50 },
    );
  });

  test("a timer set by a timer counts from then", async () => {
    const scheduler = virtual();

    const second = after(scheduler, 10).then(() => after(scheduler, 5));

    expect(await second).toBe(15);
  });
});

describe("cancel", () => {
  test("a cancelled timer does not fire", async () => {
    const scheduler = virtual();
    let hasFired = false;
    const cancel = scheduler.setTimer(5, () => {
      hasFired = true;
    });

    cancel();
    await after(scheduler, 10);

    expect(hasFired).toBe(false);
  });

  test("time does not stop at a cancelled timer", async () => {
    const scheduler = virtual();
    scheduler.setTimer(5, () => {})();

    expect(await after(scheduler, 10)).toBe(10);
  });

  test("only the cancelled ones of many do not fire", async () => {
    const anyTimers = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean()), {
      maxLength: 30,
    });

    await fc.assert(
      fc.asyncProperty(anyTimers, async (timers) => {
        const scheduler = virtual();
        const fired = new Set<number>();
        const cancels = timers.map(([delayMs], i) =>
          scheduler.setTimer(delayMs, () => fired.add(i)),
        );
        for (const [i, [, isCancelled]] of timers.entries()) if (isCancelled) cancels[i]?.();
        await after(scheduler, 10);

        const kept = [...timers.keys()].filter((i) => !(timers[i]?.[1] ?? true));
        expect([...fired].sort((a, b) => a - b)).toEqual(kept);
      }),
      { numRuns: 50 },
    );
  });

  test("cancelling a timer that has fired does nothing", async () => {
    const scheduler = virtual();
    let times = 0;
    const cancel = scheduler.setTimer(1, () => times++);
    await after(scheduler, 2);

    cancel();
    await after(scheduler, 2);

    expect(times).toBe(1);
  });

  test("a timer can be cancelled by another of the same time", async () => {
    const scheduler = virtual();
    const fired: string[] = [];
    let cancel = (): void => {};
    scheduler.setTimer(5, () => {
      fired.push("first");
      cancel();
    });
    cancel = scheduler.setTimer(6, () => fired.push("second"));

    await after(scheduler, 10);

    expect(fired).toEqual(["first"]);
  });
});

describe("the real clock", () => {
  test("fires no timer early", async () => {
    const scheduler = new Scheduler();
    const start = scheduler.now();

    expect((await after(scheduler, 3)) - start).toBeGreaterThanOrEqual(2.9);
  });

  test("fires timers by time", async () => {
    const scheduler = new Scheduler({ clock: "real" });
    const fired: number[] = [];
    // Far apart: each delay counts from its own moment.
    const all = [60, 1, 30].map((delayMs) =>
      after(scheduler, delayMs).then(() => fired.push(delayMs)),
    );

    await Promise.all(all);

    expect(fired).toEqual([1, 30, 60]);
  });

  test("keeps nothing armed for a cancelled timer", async () => {
    const scheduler = new Scheduler();
    const hour = scheduler.setTimer(3_600_000, () => {});

    hour();

    expect(await after(scheduler, 1)).toBeGreaterThan(0);
  });
});
