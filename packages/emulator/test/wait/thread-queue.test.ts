import { QS_ALLPOSTMESSAGE, QS_POSTMESSAGE, WM_DDE_FIRST, WM_USER } from "@callfactory/core";
import { expect, test } from "vitest";
import { Scheduler } from "../../src/schedule/scheduler.ts";
import { ThreadQueue } from "../../src/wait/thread-queue.ts";

function newQueue(): ThreadQueue {
  return new ThreadQueue(new Scheduler({ clock: "virtual" }));
}

test("messages come out in the order in which they were posted, by range", () => {
  const queue = newQueue();
  for (const message of [WM_USER + 1, WM_USER, WM_USER + 2]) queue.post(message, 1n, -1n);

  const ranged = queue.peek(WM_USER, WM_USER, false);
  const first = queue.peek(0, 0, true);
  const rest = [queue.peek(0, 0, true)?.message, queue.peek(0, 0, true)?.message];

  expect(ranged).toEqual({ message: WM_USER, wParam: 1n, lParam: -1n, time: 0 });
  expect([first?.message, ...rest]).toEqual([WM_USER + 1, WM_USER, WM_USER + 2]);
  expect(queue.peek(0, 0, true)).toBe(null);
});

test("GetQueueStatus tells only of what it is asked for", () => {
  const queue = newQueue();
  queue.post(WM_USER, 0n, 0n);

  expect(queue.status(0x0001)).toBe(0);
  queue.post(WM_USER, 0n, 0n);
  const bits = QS_POSTMESSAGE | QS_ALLPOSTMESSAGE;

  expect(queue.status(bits)).toBe(((bits << 16) | bits) >>> 0);
  expect(queue.status(bits)).toBe((bits << 16) >>> 0);
});

test("a message that PeekMessage has gone past is no longer new", () => {
  const queue = newQueue();
  queue.post(WM_USER, 0n, 0n);

  queue.peek(WM_DDE_FIRST, WM_DDE_FIRST, false);

  expect(queue.status(QS_ALLPOSTMESSAGE)).toBe((QS_ALLPOSTMESSAGE << 16) >>> 0);
});

test("a loop dispatches its messages from among those that it has left before", () => {
  const queue = newQueue();
  queue.post(WM_USER, 0n, 0n);
  queue.post(WM_DDE_FIRST, 0n, 0n);
  queue.enterLoop("special");
  queue.post(WM_USER + 1, 0n, 0n);
  queue.post(WM_DDE_FIRST + 1, 0n, 0n);

  const left = [queue.peek(0, 0, true), queue.peek(0, 0, true), queue.peek(0, 0, true)];

  expect(left.map((each) => each?.message)).toEqual([WM_USER, WM_USER + 1, undefined]);
});

test("the innermost of several loops dispatches, and an outer one goes on after it", () => {
  const queue = newQueue();
  const leaveOuter = queue.enterLoop("special");
  const leaveInner = queue.enterLoop("all");
  queue.post(WM_USER, 0n, 0n);
  expect(queue.peek(0, 0, false)).toBe(null);

  leaveInner();
  leaveInner();
  queue.post(WM_USER, 0n, 0n);
  queue.post(WM_DDE_FIRST, 0n, 0n);
  const left = queue.peek(0, 0, true);
  leaveOuter();
  queue.post(WM_DDE_FIRST, 0n, 0n);

  expect([left?.message, queue.peek(0, 0, true)?.message]).toEqual([WM_USER, WM_DDE_FIRST]);
});

test("the range of DDE ends where it ends", () => {
  const queue = newQueue();
  for (const message of [WM_DDE_FIRST - 1, WM_DDE_FIRST + 8, WM_DDE_FIRST + 9]) {
    queue.post(message, 0n, 0n);
  }

  queue.enterLoop("special")();

  expect([queue.peek(0, 0, true)?.message, queue.peek(0, 0, true)?.message]).toEqual([
    WM_DDE_FIRST - 1,
    WM_DDE_FIRST + 9,
  ]);
});
