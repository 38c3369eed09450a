// The suites that vitest runs on this machine.

import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT, runTool } from "../tool.mjs";
import { tallyOf } from "./report.mjs";

/** Where the JSON reports of a run are written. */
export const REPORTS = join(ROOT, "build", "reports");

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} title
 * @property {(reportPath: string) => Promise<number>} run writes a JSON report, resolves with the exit code
 */

/**
 * A suite that is a project of vitest.config.ts.
 *
 * @param {string} name @param {string} title
 * @returns {Suite}
 */
export function projectSuite(name, title) {
  return {
    name,
    title,
    run: (reportPath) =>
      runTool("vitest", [
        "run",
        `--project=${name}`,
        "--reporter=default",
        "--reporter=json",
        `--outputFile=${reportPath}`,
      ]),
  };
}

/**
 * Runs a suite and sums up its report. Reports of earlier runs do not count.
 *
 * @param {import("./steps.mjs").Steps} steps @param {Suite} suite
 */
export async function runSuite(steps, { name, title, run }) {
  mkdirSync(REPORTS, { recursive: true });
  const reportPath = join(REPORTS, `${name}.json`);
  if (existsSync(reportPath)) rmSync(reportPath);
  const { exitCode, durationMs } = await steps.time(title, () => run(reportPath));
  return tallyOf({ name, reportPath, exitCode, durationMs });
}
