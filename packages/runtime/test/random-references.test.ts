import fc from "fast-check";
import { expect, test } from "vitest";
import { type Action, ReferenceMachine } from "./reference-machine.ts";

/** What is done, the greater the number the oftener. */
const WEIGHTS: Readonly<Record<Action, number>> = {
  implement: 2,
  marshal: 8,
  unmarshal: 8,
  addRef: 3,
  release: 6,
  query: 4,
  pass: 6,
  receive: 5,
  disconnect: 1,
  close: 1,
  kill: 1,
  settle: 6,
};

const anyAction = fc.oneof(
  ...Object.entries(WEIGHTS).map(([action, weight]) => ({
    weight,
    arbitrary: fc.constant(action as Action),
  })),
);

const anyStep = fc.record({
  action: anyAction,
  which: fc.nat(1000),
  where: fc.nat(1000),
  waits: fc.boolean(),
});

test("MAR-15 whatever is marshaled, released, closed and killed, in whatever order, each object ends once", {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.array(anyStep, { minLength: 5, maxLength: 60, size: "max" }),
      async (seed, steps) => {
        const machine = await ReferenceMachine.open(seed);
        for (const step of steps) await machine.take(step);
        await machine.end();
        expect(machine.offences).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});
