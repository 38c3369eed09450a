import { describe, expect, test } from "vitest";
import { TimerHeap } from "../../src/schedule/timer-heap.ts";

function drain(heap: TimerHeap): number[] {
  const due: number[] = [];
  for (let timer = heap.take(); timer !== undefined; timer = heap.take()) due.push(timer.dueMs);
  return due;
}

describe("a heap of timers", () => {
  test("gives timers by time and leaves the cancelled out", () => {
    const heap = new TimerHeap();
    const timers = [5, 3, 9, 1, 7].map((dueMs) => heap.add(dueMs, () => {}));

    for (const timer of timers.slice(0, 2)) heap.cancel(timer);

    expect(drain(heap)).toEqual([1, 7, 9]);
  });

  test("keeps its order when it clears out what was cancelled", () => {
    const heap = new TimerHeap();
    const timers = Array.from({ length: 1000 }, (_, i) => heap.add((i * 7919) % 1000, () => {}));
    const kept = timers.filter((_, i) => i % 10 === 0);

    for (const timer of timers) if (!kept.includes(timer)) heap.cancel(timer);

    expect(drain(heap)).toEqual(kept.map(({ dueMs }) => dueMs).sort((a, b) => a - b));
  });

  test("holds no more than it must of what was cancelled", () => {
    const heap = new TimerHeap();
    for (let i = 0; i < 10_000; i++) heap.cancel(heap.add(i, () => {}));

    expect(heap.size).toBeLessThan(200);
  });
});
