#!/usr/bin/env node
// Runs compiled tests with vitest on the real Windows Node.js under Wine.
// Usage: node scripts/wine-vitest.mjs [--report <file.json>] <test files> [-- vitest's options]

import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { WINE_BUILD } from "./wine-prefix.mjs";
import { prepareWine } from "./wine-run.mjs";
import { stagedPath, windowsPath } from "./wine-stage.mjs";

const VITEST = fileURLToPath(new URL("../wine/node_modules/vitest/vitest.mjs", import.meta.url));
const TIME_LIMIT_MS = 600_000;

/**
 * @typedef {object} WineTests
 * @property {number} passed
 * @property {number} failed
 * @property {number} exitCode 0 only when tests have run and all have passed
 * @property {string} output
 * @property {string} report path of vitest's JSON report
 */

/**
 * Runs test files, given as paths in the repository.
 *
 * @param {import("./wine-run.mjs").WineSession} session
 * @param {string[]} files
 * @param {{ options?: string[], env?: Record<string, string>, timeLimitMs?: number }} [settings]
 * @returns {Promise<WineTests>}
 */
export async function runWineVitest(session, files, settings = {}) {
  const { options = [], env = {}, timeLimitMs = TIME_LIMIT_MS } = settings;
  const report = join(WINE_BUILD, `vitest-report-${process.pid}.json`);
  rmSync(report, { force: true });
  const filters = files.map((file) => relative(session.stage, stagedPath(file)));
  const { exitCode, output } = await session.run(
    [
      windowsPath(VITEST),
      "run",
      "--pool=forks",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${windowsPath(report)}`,
      ...options,
      ...filters,
    ],
    { env, timeLimitMs },
  );
  if (!existsSync(report)) return { passed: 0, failed: 0, exitCode: exitCode || 1, output, report };
  const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(
    readFileSync(report, "utf8"),
  );
  // vitest is content with nothing at all.
  const isEmpty = passed + failed === 0;
  return { passed, failed, exitCode: isEmpty ? exitCode || 1 : exitCode, output, report };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dashes = process.argv.indexOf("--", 2);
  const own = process.argv.slice(2, dashes < 0 ? undefined : dashes);
  const { values, positionals } = parseArgs({
    args: own,
    options: { report: { type: "string" } },
    allowPositionals: true,
  });
  const session = prepareWine();
  const options = dashes < 0 ? [] : process.argv.slice(dashes + 1);
  const tests = await runWineVitest(session, positionals, { options });
  console.log(tests.output);
  console.log(`under Wine: ${tests.passed} passed, ${tests.failed} failed`);
  if (values.report !== undefined && existsSync(tests.report)) {
    copyFileSync(tests.report, values.report);
  }
  process.exitCode = tests.exitCode;
}
