// The packages in a browser: the suite of packages/tests/test/browser.

import { findBrowser } from "../../packages/tests/test/browser/available.mjs";
import { projectSuite, runSuite } from "./suites.mjs";

/**
 * Runs the suite when a browser is installed; elsewhere says how to install one.
 *
 * @param {import("./steps.mjs").Steps} steps @param {boolean} strict
 */
export async function runInBrowser(steps, strict) {
  const title = "Run the packages in a browser";
  if (findBrowser() === null) {
    steps.leaveOut(title, "missing: chromium; run scripts/setup-browser as root", strict);
    return [];
  }
  return [await runSuite(steps, projectSuite("browser", title))];
}
