import { expect, test } from "vitest";
import { CONFORMANCE_TESTS } from "../conformance/index.ts";
import { casesFor } from "../harness/define.ts";
import { RULES } from "../rules/catalogue.ts";
import type { Rule } from "../rules/rule.ts";
import { emulatorTarget } from "../targets/emulator.ts";

test("every rule has a test on the emulator, or a reason why none can show it", () => {
  const tested = new Set<string>(
    casesFor(emulatorTarget, CONFORMANCE_TESTS).map(({ test: { rule } }) => rule),
  );

  const without = Object.values<Rule>(RULES).filter(
    ({ id, unshown }) => (unshown === undefined) !== tested.has(id),
  );

  expect(without.map(({ id }) => id)).toEqual([]);
});

test("every inferred rule says what a run on Windows has to settle", () => {
  const open = Object.values<Rule>(RULES).filter(
    ({ status, pin }) => status === "inferred" && pin === undefined,
  );

  expect(open.map(({ id }) => id)).toEqual([]);
});
