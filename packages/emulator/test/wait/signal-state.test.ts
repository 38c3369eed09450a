import { INFINITE, RPC_S_CALLPENDING, S_OK } from "@callfactory/core";
import { describe, expect, test } from "vitest";
import { Scheduler } from "../../src/schedule/scheduler.ts";
import { SignalState, takeSignal, waitForSignals } from "../../src/wait/signal-state.ts";

function newClock(): Scheduler {
  return new Scheduler({ clock: "virtual" });
}

function newState(autoReset = false, clock = newClock()): SignalState {
  return new SignalState(clock, { autoReset });
}

describe("a line of waits", () => {
  test("is released from its front, one for each signal of an auto-reset state", () => {
    const state = newState(true);
    const released: number[] = [];
    for (let i = 0; i < 3; i++) state.wait(INFINITE, () => released.push(i));

    state.signal();
    expect(released).toEqual([0]);
    state.signal();
    state.signal();

    expect(released).toEqual([0, 1, 2]);
    expect(state.isSignaled).toBe(false);
  });

  test("is released as a whole by a manual-reset state, also when the first resets it", () => {
    const state = newState();
    const released: number[] = [];
    for (let i = 0; i < 3; i++) {
      state.wait(INFINITE, () => {
        state.reset();
        released.push(i);
      });
    }

    state.signal();

    expect(released).toEqual([0, 1, 2]);
    expect(state.isSignaled).toBe(false);
  });

  test("leaves a wait that begins while it is released for the next signal", () => {
    const state = newState(true);
    const released: string[] = [];
    state.wait(INFINITE, () => {
      released.push("first");
      state.wait(INFINITE, () => released.push("second"));
    });

    state.signal();
    expect(released).toEqual(["first"]);
    state.signal();

    expect(released).toEqual(["first", "second"]);
  });

  test("skips waits whose time is over", async () => {
    const clock = newClock();
    const state = newState(true, clock);
    const results: [string, number][] = [];
    state.wait(10, (hr) => results.push(["short", hr]));
    state.wait(INFINITE, (hr) => results.push(["long", hr]));
    await new Promise<void>((resolve) => clock.setTimer(20, resolve));

    state.signal();

    expect(results).toEqual([
      ["short", RPC_S_CALLPENDING],
      ["long", S_OK],
    ]);
  });

  // Searching the line from its front for each signal would take minutes.
  test.each([true, false])("holds 100,000 waits (auto-reset: %s)", (autoReset) => {
    const state = newState(autoReset);
    const count = 100_000;
    let released = 0;
    for (let i = 0; i < count; i++) state.wait(INFINITE, () => released++);

    for (let i = 0; i < (autoReset ? count : 1); i++) state.signal();

    expect(released).toBe(count);
  });

  test("holds 100,000 waits that end by their time, newest first", async () => {
    const clock = newClock();
    const state = newState(true, clock);
    const count = 100_000;
    let ended = 0;
    for (let i = 0; i < count; i++) state.wait(count - i, () => ended++);

    await new Promise<void>((resolve) => clock.setTimer(count + 1, resolve));

    expect(ended).toBe(count);
    state.signal();
    expect(state.isSignaled).toBe(true);
  });
});

describe("a wait for several states", () => {
  test("ends with the one that is signaled, and leaves the lines of the others", () => {
    const [first, second] = [newState(true), newState(true)];
    const indices: (number | null)[] = [];
    waitForSignals([first, second], { clock: newClock(), timeoutMs: INFINITE }, (index) =>
      indices.push(index),
    );

    second.signal();
    first.signal();

    expect(indices).toEqual([1]);
    expect([first.isSignaled, second.isSignaled]).toEqual([true, false]);
  });

  test("for all ends when all are signaled at one time", () => {
    const states = [newState(true), newState(true)] as const;
    const indices: (number | null)[] = [];
    const options = { clock: newClock(), timeoutMs: INFINITE, all: true };
    waitForSignals(states, options, (index) => indices.push(index));

    states[0].signal();
    states[0].reset();
    states[1].signal();
    expect(indices).toEqual([]);
    states[0].signal();

    expect(indices).toEqual([0]);
    expect(states.map((state) => state.isSignaled)).toEqual([false, false]);
  });

  test("ends once when two of its handles lead to one state", () => {
    const state = newState(true);
    const indices: (number | null)[] = [];
    waitForSignals([state, state], { clock: newClock(), timeoutMs: INFINITE }, (index) =>
      indices.push(index),
    );

    state.signal();
    state.signal();

    expect([indices, state.isSignaled]).toEqual([[0], true]);
  });

  test("is given up without taking a signal", () => {
    const state = newState(true);
    let isDone = false;
    const giveUp = waitForSignals([state], { clock: newClock(), timeoutMs: INFINITE }, () => {
      isDone = true;
    });

    giveUp();
    state.signal();

    expect([isDone, state.isSignaled]).toEqual([false, true]);
    expect(takeSignal([state], false)).toBe(0);
    expect(takeSignal([state], false)).toBe(null);
  });
});
