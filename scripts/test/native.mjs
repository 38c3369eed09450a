// The suites over the native addon: on Windows directly, on Linux under Wine.

import { runTool } from "../tool.mjs";
import { projectSuite, runSuite } from "./suites.mjs";

/**
 * Builds the addon and runs the suite on Windows' own COM.
 *
 * @param {import("./steps.mjs").Steps} steps
 */
export async function runOnWindows(steps) {
  const built = await steps.run("Build the addon", () => runTool("node-gyp", ["rebuild"]));
  if (!built) return [];
  const suite = projectSuite("conformance-native-inproc", "Run the suite on Windows' COM");
  return [await runSuite(steps, suite)];
}
