// Programs that are not ours read our bytes: the suite of packages/wire/test/checkers.

import { missingCheckers } from "../../packages/wire/test/checkers/available.mjs";
import { projectSuite, runSuite } from "./suites.mjs";

/**
 * Runs the suite when the checkers are installed; elsewhere says how to install them.
 *
 * @param {import("./steps.mjs").Steps} steps @param {boolean} strict
 */
export async function runWireCheckers(steps, strict) {
  const title = "Let independent decoders read the wire's bytes";
  const missing = missingCheckers();
  if (missing.length > 0) {
    const reason = `missing: ${missing.join(", ")}; run scripts/setup-checkers as root`;
    steps.leaveOut(title, reason, strict);
    return [];
  }
  return [await runSuite(steps, projectSuite("wire-checkers", title))];
}
