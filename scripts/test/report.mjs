// Reads vitest's JSON reports and sums them up.

import { existsSync, readFileSync } from "node:fs";

/**
 * @typedef {object} Tally what one suite did; a suite that ran nothing has failed once
 * @property {string} name
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {number} durationMs
 * @property {string} [note] why it failed other than by its tests
 */

/**
 * Sums up one suite from its report and the exit code of its run.
 *
 * No test at all, an unreadable report, a file that did not load, a skipped test, and a run that
 * failed without a failing test each count as a failure: silence is not success.
 *
 * @param {{ name: string, reportPath: string, exitCode: number, durationMs: number }} run
 * @returns {Tally}
 */
export function tallyOf({ name, reportPath, exitCode, durationMs }) {
  const report = readReport(reportPath);
  if (report === undefined) {
    return { name, passed: 0, failed: 1, skipped: 0, durationMs, note: "wrote no report" };
  }
  const { numPassedTests: passed, numFailedTests, numTotalTests, testResults } = report;
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  ).length;
  const skipped = numTotalTests - passed - numFailedTests;
  const failed = numFailedTests + broken + skipped;
  const tally = { name, passed, failed, skipped, durationMs };
  if (numTotalTests === 0 && broken === 0) return { ...tally, failed: 1, note: "ran no test" };
  if (broken > 0) return { ...tally, note: `${broken} files did not load` };
  if (skipped > 0) return { ...tally, note: `${skipped} tests did not run` };
  if (failed === 0 && exitCode !== 0) return { ...tally, failed: 1, note: `exit code ${exitCode}` };
  return tally;
}

/**
 * @typedef {object} Report the part of vitest's JSON report that counts
 * @property {number} numTotalTests
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {{ status: string, assertionResults: { status: string }[] }[]} testResults
 */

/** @param {string} path @returns {Report | undefined} */
function readReport(path) {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Writes the tallies as a table, with the sum as its last line.
 *
 * @param {readonly Tally[]} tallies @param {readonly string[]} failedSteps counted as one failure each
 */
export function summary(tallies, failedSteps) {
  const width = Math.max(5, ...tallies.map(({ name }) => name.length));
  const rows = tallies.map(({ name, passed, failed, durationMs, note }) =>
    [
      name.padEnd(width),
      `${passed}`.padStart(7),
      `${failed}`.padStart(7),
      duration(durationMs).padStart(9),
      note === undefined ? "" : `  ${note}`,
    ]
      .join(" ")
      .trimEnd(),
  );
  const head = [["suite".padEnd(width), " passed", " failed", "     time"].join(" ")];
  const steps = failedSteps.map((title) => `failed: ${title}`);
  const passed = sum(tallies.map((tally) => tally.passed));
  const failed = sum(tallies.map((tally) => tally.failed)) + failedSteps.length;
  const text = [...head, ...rows, ...steps, `${passed} passed, ${failed} failed`].join("\n");
  return { text, failed };
}

/**
 * Writes a duration for people.
 *
 * @param {number} durationMs
 */
export function duration(durationMs) {
  const seconds = durationMs / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** @param {number[]} counts */
function sum(counts) {
  return counts.reduce((total, count) => total + count, 0);
}
