// The suites over the native addon: on Windows directly, on Linux in node.exe under Wine.

import { copyFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT, run, runTool } from "../tool.mjs";
import { missingForWine } from "../wine-check.mjs";
import { prepareWine } from "../wine-run.mjs";
import { runWineVitest } from "../wine-vitest.mjs";
import { projectSuite, runSuite } from "./suites.mjs";

/** @typedef {import("./steps.mjs").Steps} Steps */

/** The addon's own tests; vitest.config.ts keeps them from the unit tests. */
const ADDON_TESTS = "packages/native/test/wine";
const CONFORMANCE = "packages/tests/dist/conformance/conformance.test.js";

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
  if (addonTests().length > 0) {
    tallies.push(await runSuite(steps, projectSuite("native", "Run the addon's own tests")));
  }
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
  const built = await steps.run("Cross-build the addon for Windows", () =>
    run("npm", ["run", "--silent", "build:wine", "--workspace=@callfactory/native"]),
  );
  if (!built) return [];
  const prepared = await steps.run("Prepare Wine", async () => {
    prepareWine();
    return 0;
  });
  if (!prepared) return [];
  const tallies = [];
  const own = addonTests();
  if (own.length > 0) {
    tallies.push(await runSuite(steps, wineSuite("native-wine", "the addon's own tests", own)));
  }
  for (const target of TARGETS) {
    const env = { CALLFACTORY_TARGET: target, CALLFACTORY_WINE: "1" };
    const suite = wineSuite(
      `conformance-${target}-wine`,
      `the suite on ${target}`,
      [CONFORMANCE],
      env,
    );
    tallies.push(await runSuite(steps, suite));
  }
  return tallies;
}

function addonTests() {
  const folder = join(ROOT, ADDON_TESTS);
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return paths.filter((path) => path.endsWith(".test.ts")).map((path) => join(ADDON_TESTS, path));
}

/**
 * @param {string} name @param {string} what @param {string[]} files @param {Record<string, string>} [env]
 * @returns {import("./suites.mjs").Suite}
 */
function wineSuite(name, what, files, env = {}) {
  return {
    name,
    title: `Run ${what} under Wine`,
    run: async (reportPath) => {
      const paths = files.map((path) => join(ROOT, path));
      const { exitCode, output, report } = await runWineVitest(paths, { env });
      console.log(output);
      if (existsSync(report)) copyFileSync(report, reportPath);
      return exitCode;
    },
  };
}
