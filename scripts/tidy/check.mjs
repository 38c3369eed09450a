// All rules over one project.

import { checkBannedWords } from "./banned-words.mjs";
import { checkFileNames } from "./file-names.mjs";
import { checkImportCycles } from "./import-cycles.mjs";
import { checkImportDirection } from "./import-direction.mjs";
import { checkMachinePaths } from "./machine-paths.mjs";
import { checkManifests } from "./manifests.mjs";
import { checkPortableEntries } from "./portable-entries.mjs";
import { checkRuleIds, checkTestTitles } from "./rule-ids.mjs";
import { checkSizes } from "./sizes.mjs";

const CHECKS = [
  checkBannedWords,
  checkFileNames,
  checkImportCycles,
  checkImportDirection,
  checkMachinePaths,
  checkManifests,
  checkPortableEntries,
  checkRuleIds,
  checkSizes,
  checkTestTitles,
];

/**
 * Returns every problem of the project, by path and line.
 *
 * @param {import("./project.mjs").Project} project
 */
export function checkProject(project) {
  return CHECKS.flatMap((check) => check(project)).toSorted(
    (a, b) => compare(a.path, b.path) || a.line - b.line,
  );
}

/** @param {string} a @param {string} b */
function compare(a, b) {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
