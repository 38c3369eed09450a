import type { ConformanceCase } from "./define.ts";
import { Stage } from "./stage.ts";
import type { Target } from "./target.ts";

/** Runs one case on a fresh target; whatever happens, the target is closed. */
export async function runCase(
  target: Target,
  { test: { body }, place }: ConformanceCase,
): Promise<void> {
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
