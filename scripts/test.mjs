#!/usr/bin/env node
// Builds, checks and tests all that this machine allows. With CI=true nothing may be missing;
// --portable leaves out what only a prepared machine can run. The last line is
// "N passed, N failed"; a failed step counts as one failure.

import { runInBrowser } from "./test/browser.mjs";
import { runOnWindows, runUnderWine } from "./test/native.mjs";
import { summary } from "./test/report.mjs";
import { runSanitizers } from "./test/sanitizers.mjs";
import { Steps } from "./test/steps.mjs";
import { projectSuite, runSuite } from "./test/suites.mjs";
import { runWireCheckers } from "./test/wire-checkers.mjs";
import { run } from "./tool.mjs";

const strict = process.env["CI"] === "true";
const portable = process.argv.includes("--portable");
const steps = new Steps();

/** @param {string[]} args */
const node = (...args) => run(process.execPath, args);

const built = await steps.run("Build the packages", () => node("scripts/turbo.mjs", "build"));
const { text, failed } = summary(built ? await runAll() : [], steps.failed);
console.log(`\n${text}`);
process.exitCode = failed === 0 ? 0 : 1;

async function runAll() {
  await steps.run("Check the sources", () => node("scripts/turbo.mjs", "checks", "--continue"));
  await steps.run("Compare CONFORMANCE.md with the rules and targets", () =>
    node("packages/tests/dist/matrix/write-conformance.js", "--check"),
  );
  const suites = [
    projectSuite("scripts", "Run the tests of the scripts"),
    projectSuite("unit", "Run the unit tests"),
    projectSuite("wire-without-source", "Run the codecs' tests where no source can be generated"),
    projectSuite("conformance-emulator", "Run the suite on the emulator"),
    projectSuite("conformance-emulator-seeded", "Run it again in an order that a seed chose"),
  ];
  const tallies = [];
  for (const suite of suites) tallies.push(await runSuite(steps, suite));
  await steps.run("Break call objects on purpose, and see that tests notice", () =>
    node("scripts/mutate.mjs"),
  );
  if (portable) return tallies;
  return [...tallies, ...(await runOnThisPlatform())];
}

async function runOnThisPlatform() {
  if (process.platform === "win32") return runOnWindows(steps);
  if (process.platform !== "linux") return [];
  await runSanitizers(steps, strict);
  return [
    ...(await runWireCheckers(steps, strict)),
    ...(await runInBrowser(steps, strict)),
    ...(await runUnderWine(steps, strict)),
  ];
}
