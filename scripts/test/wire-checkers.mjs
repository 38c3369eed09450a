// Programs that are not ours read our bytes: the suite of packages/wire/test/checkers.

import { CHECKER_PACKAGES, missingCheckers } from "../../packages/wire/test/checkers/available.mjs";
import { projectSuite, runSuite } from "./suites.mjs";

/**
 * Runs the suite when the checkers are installed; elsewhere says how to install them.
 *
 * @param {import("./steps.mjs").Steps} steps @param {boolean} strict
 */
export async function runWireCheckers(steps, strict) {
  const title = "Let independent decoders read the wire's bytes";
  if (missingCheckers().length > 0) {
    steps.leaveOut(title, CHECKER_PACKAGES, strict);
    return [];
  }
  return [await runSuite(steps, projectSuite("wire-checkers", title))];
}
