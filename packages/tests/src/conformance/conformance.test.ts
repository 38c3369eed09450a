import { describe, test } from "vitest";
import { type ConformanceCase, casesFor } from "../harness/define.ts";
import { runCase } from "../harness/run-case.ts";
import type { Target } from "../harness/target.ts";
import { selectTarget } from "../targets/select-target.ts";
import { CONFORMANCE_TESTS } from "./index.ts";

/** A known gap must stay one: passing means that its entry has to go. */
async function runKnownFailure(target: Target, failing: ConformanceCase): Promise<void> {
  const passed = await runCase(target, failing).then(
    () => true,
    () => false,
  );
  if (!passed) return;
  const { rule } = failing.test;
  throw new Error(`${rule} passes on ${target.name}; remove it from the known failures`);
}

const target = selectTarget();

describe(target.name, () => {
  for (const item of casesFor(target, CONFORMANCE_TESTS)) {
    const reason = target.knownFailing[item.test.rule];
    if (reason === undefined) test(item.title, () => runCase(target, item));
    else test(`${item.title} [known failure: ${reason}]`, () => runKnownFailure(target, item));
  }
});
