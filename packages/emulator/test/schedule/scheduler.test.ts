import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Scheduler, type SchedulerOptions } from "../../src/schedule/scheduler.ts";

/** Posts `count` tasks without a strand; the order in which they run. */
async function orderOf(options: SchedulerOptions, count: number): Promise<number[]> {
  const scheduler = new Scheduler(options);
  const order: number[] = [];
  for (let i = 0; i < count; i++) scheduler.post(null, () => order.push(i));
  await scheduler.fence();
  return order;
}

const inOrder = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe("without a seed", () => {
  test("tasks run in the order of their posting", async () => {
    expect(await orderOf({}, 3000)).toEqual(inOrder(3000));
  });

  test("a task that a task posts runs after those posted before", async () => {
    const scheduler = new Scheduler();
    const order: string[] = [];

    scheduler.post(null, () => {
      order.push("first");
      scheduler.post(null, () => order.push("third"));
    });
    scheduler.post(null, () => order.push("second"));
    await scheduler.fence();

    expect(order).toEqual(["first", "second", "third"]);
  });
});

describe("with a seed", () => {
  test("the same seed gives the same order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 0, max: 40 }), async (seed, count) => {
        expect(await orderOf({ seed }, count)).toEqual(await orderOf({ seed }, count));
      }),
    );
  });

  test("different seeds give different orders", async () => {
    const seeds = inOrder(20);
    const orders = await Promise.all(seeds.map((seed) => orderOf({ seed }, 10)));

    expect(new Set(orders.map(String)).size).toBe(seeds.length);
  });

  test("every order of three tasks occurs under some seed", async () => {
    const orders = await Promise.all(inOrder(100).map((seed) => orderOf({ seed }, 3)));

    expect(new Set(orders.map(String)).size).toBe(6);
  });

  test("every task runs once", async () => {
    const order = await orderOf({ seed: 5 }, 500);

    expect(order.sort((a, b) => a - b)).toEqual(inOrder(500));
  });

  test("a strand keeps its order under every seed", async () => {
    const anyPosts = fc.array(fc.option(fc.nat(3), { nil: null }), { maxLength: 60 });

    await fc.assert(
      fc.asyncProperty(fc.integer(), anyPosts, async (seed, posts) => {
        const scheduler = new Scheduler({ seed });
        const strands = inOrder(4).map(() => ({ ran: [] as number[] }));
        for (const [i, at] of posts.entries()) {
          const strand = at === null ? null : (strands[at] ?? null);
          scheduler.post(strand, () => strand?.ran.push(i));
        }
        await scheduler.fence();

        const posted = (at: number) => [...posts.keys()].filter((i) => posts[i] === at);
        expect(strands.map(({ ran }) => ran)).toEqual(strands.map((_, at) => posted(at)));
      }),
    );
  });

  test("a strand keeps its order when its tasks post to it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const scheduler = new Scheduler({ seed });
        const strand = {};
        const ran: number[] = [];
        const post = (i: number): void => {
          scheduler.post(strand, () => {
            ran.push(i);
            if (i < 8) post(i + 4);
          });
          scheduler.post(null, () => {});
        };
        for (const i of inOrder(4)) post(i);
        await scheduler.fence();

        expect(ran).toEqual(inOrder(12));
      }),
    );
  });
});

describe("promises", () => {
  test("what a task settles is seen before the next task", async () => {
    const scheduler = new Scheduler();
    const order: string[] = [];

    scheduler.post(null, () => void Promise.resolve().then(() => order.push("settled")));
    scheduler.post(null, () => order.push("next task"));
    await scheduler.fence();

    expect(order).toEqual(["settled", "next task"]);
  });

  test("a task does not run inside post", async () => {
    const scheduler = new Scheduler();
    let hasRun = false;

    scheduler.post(null, () => {
      hasRun = true;
    });

    expect(hasRun).toBe(false);
    await scheduler.fence();
    expect(hasRun).toBe(true);
  });
});

describe("fence", () => {
  test("waits for tasks that tasks post", async () => {
    const scheduler = new Scheduler();
    let depth = 0;
    const dig = (): void => {
      if (++depth < 100) scheduler.post(null, dig);
    };

    scheduler.post(null, dig);
    await scheduler.fence();

    expect(depth).toBe(100);
  });

  test("waits for a chain of promises that ends in a task", async () => {
    const scheduler = new Scheduler();
    let hasRun = false;
    const later = async (): Promise<void> => {
      for (let i = 0; i < 50; i++) await Promise.resolve();
      scheduler.post(null, () => {
        hasRun = true;
      });
    };

    void later();
    await scheduler.fence();

    expect(hasRun).toBe(true);
  });

  test("does not wait for timers", async () => {
    const scheduler = new Scheduler({ clock: "virtual" });
    let hasFired = false;
    scheduler.setTimer(1, () => {
      hasFired = true;
    });

    await scheduler.fence();

    expect([hasFired, scheduler.now()]).toEqual([false, 0]);
  });

  test("resolves at once when there is nothing to do", async () => {
    await expect(new Scheduler({ clock: "virtual" }).fence()).resolves.toBeUndefined();
  });
});
