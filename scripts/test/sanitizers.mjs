// The addon's layout of values and their memory, compiled for this machine with sanitizers.

import { spawnSync } from "node:child_process";
import { run } from "../tool.mjs";

/**
 * Runs the check when there is a compiler; elsewhere says how to install one.
 *
 * @param {import("./steps.mjs").Steps} steps @param {boolean} strict whether that is a failure
 */
export async function runSanitizers(steps, strict) {
  const title = "Check the addon's memory with sanitizers";
  if (spawnSync("g++", ["--version"]).status !== 0) {
    steps.leaveOut(title, "missing: g++; run scripts/setup-sanitizers as root", strict);
    return;
  }
  await steps.run(title, () => run(process.execPath, ["scripts/sanitize.mjs"]));
}
