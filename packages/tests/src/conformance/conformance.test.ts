import { describe, test } from "vitest";
import { type ConformanceCase, casesFor } from "../harness/define.ts";
import { Stage } from "../harness/stage.ts";
import type { Target } from "../harness/target.ts";
import { selectTarget } from "../targets/select-target.ts";
import { CONFORMANCE_TESTS } from "./index.ts";

/** Runs one case on a fresh target; whatever happens, the target is closed. */
async function run(target: Target, { test: { body }, place }: ConformanceCase): Promise<void> {
  const opened = await target.open();
  try {
    const stage = new Stage(opened, place);
    try {
      await body(stage);
    } finally {
      // Also after a failure: calls left open would fail the tests that follow.
      await stage.release();
    }
    await opened.expectNoLeaks();
  } finally {
    await opened.close();
  }
}

/** A known gap must stay one: passing means that its entry has to go. */
async function runKnownFailure(target: Target, failing: ConformanceCase): Promise<void> {
  const passed = await run(target, failing).then(
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
    if (reason === undefined) test(item.title, () => run(target, item));
    else test(`${item.title} [known failure: ${reason}]`, () => runKnownFailure(target, item));
  }
});
