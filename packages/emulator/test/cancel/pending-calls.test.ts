import { RPC_S_CALLPENDING, S_OK } from "@callfactory/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { OutgoingSyncCall } from "../../src/apartment/apartment.ts";
import { LinkedStack } from "../../src/cancel/linked-stack.ts";
import { PendingCalls } from "../../src/cancel/pending-calls.ts";

const CALLS = 100_000;

function callThat(isCancelable: boolean): OutgoingSyncCall {
  return { isCancelable, testCancel: () => RPC_S_CALLPENDING, cancel: () => S_OK };
}

function pending(calls: readonly OutgoingSyncCall[]): PendingCalls {
  const all = new PendingCalls(() => {});
  for (const call of calls) all.push(call);
  return all;
}

test("CAN-20 the innermost call that can be canceled is found below others", () => {
  const outer = callThat(true);
  const inner = callThat(true);
  const calls = pending([outer, inner, callThat(false)]);

  expect(calls.target).toBe(inner);

  calls.remove(inner);
  expect(calls.target).toBe(outer);
});

test("a thread is noteworthy while a call of it can be canceled", () => {
  const call = callThat(true);
  const calls = pending([callThat(false), call]);
  expect(calls.isNoteworthy).toBe(true);

  calls.remove(call);

  expect(calls.isNoteworthy).toBe(false);
});

test("CAN-20 100,000 calls end one after the other, each looked for first", () => {
  const below = Array.from({ length: CALLS }, () => callThat(false));
  const above = Array.from({ length: CALLS }, () => callThat(true));
  const calls = pending([...below, ...above]);

  for (const call of above.toReversed()) {
    expect(calls.target === call && calls.isNoteworthy).toBe(true);
    calls.remove(call);
  }
  for (const call of below) calls.remove(call);

  expect(calls.target).toBeNull();
});

test("a stack keeps its order whatever is removed", () => {
  const commands = fc.array(fc.oneof(fc.constant("push" as const), fc.nat(20)));
  fc.assert(
    fc.property(commands, (steps) => {
      const model: object[] = [];
      const stack = new LinkedStack<object>();
      for (const step of steps) {
        if (step === "push") {
          const value = {};
          model.push(value);
          stack.push(value);
        } else {
          const [removed] = model.splice(step, 1);
          stack.remove(removed ?? {});
        }
        expect(stack.top).toBe(model.at(-1) ?? null);
      }
    }),
  );
});
