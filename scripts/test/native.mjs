// The suites over the native addon: on Windows directly, on Linux in node.exe under Wine.

import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT, run, runTool } from "../tool.mjs";
import { missingForWine } from "../wine-check.mjs";
import { prepareWine } from "../wine-run.mjs";
import { runWineVitest } from "../wine-vitest.mjs";
import { projectSuite, runSuite } from "./suites.mjs";

/** @typedef {import("./steps.mjs").Steps} Steps */

const CONFORMANCE = join(ROOT, "packages/tests/dist/conformance/conformance.test.js");

/** The targets on real COM, as the suite names them. */
const TARGETS = ["native-inproc"];

/**
 * Builds the addon and runs its suites on Windows' own COM.
 *
 * @param {Steps} steps
 */
export async function runOnWindows(steps) {
  const built = await steps.run("Build the addon", () => runTool("node-gyp", ["rebuild"]));
  if (!built) return [];
  const tallies = [];
  for (const target of TARGETS) {
    const suite = projectSuite(`conformance-${target}`, `Run the suite on ${target}`);
    tallies.push(await runSuite(steps, suite));
  }
  return tallies;
}

/**
 * Cross-builds the addon and runs its suites under Wine; says what is missing where they cannot.
 *
 * @param {Steps} steps @param {boolean} strict whether that is a failure
 */
export async function runUnderWine(steps, strict) {
  const missing = missingForWine();
  if (missing !== null) {
    steps.leaveOut("Run the addon under Wine", missing, strict);
    return [];
  }
  await steps.run("Compare the fixture's header with its IDL", () =>
    run(process.execPath, ["packages/native/scripts/fixture-header.mjs", "--check"]),
  );
  const built = await steps.run("Cross-build the addon for Windows", () => native("build:wine"));
  if (!built) return [];
  await steps.run("Try the addon by itself under Wine", () => native("test:wine"));
  const tallies = [];
  for (const target of TARGETS) tallies.push(await runSuite(steps, wineSuite(target)));
  return tallies;
}

/** Runs a script of the addon's package. @param {string} script */
function native(script) {
  return run("npm", ["run", "--silent", script, "--workspace=@callfactory/native"]);
}

/**
 * @param {string} target
 * @returns {import("./suites.mjs").Suite}
 */
function wineSuite(target) {
  const env = { CALLFACTORY_TARGET: target, CALLFACTORY_WINE: "1" };
  return {
    name: `conformance-${target}-wine`,
    title: `Run the suite on ${target} under Wine`,
    run: async (reportPath) => {
      const { exitCode, output, report } = await runWineVitest(prepareWine(), [CONFORMANCE], {
        env,
      });
      console.log(output);
      if (existsSync(report)) copyFileSync(report, reportPath);
      return exitCode;
    },
  };
}
