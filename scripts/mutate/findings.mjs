// Compares verdicts with the mutants that are known to be equivalent.

import { lineAt } from "../tidy/scan.mjs";
import { diffOf } from "./instrument.mjs";

/**
 * @typedef {import("./find-mutants.mjs").Mutant} Mutant
 * @typedef {import("./suite-worker.mjs").Verdict} Verdict
 * @typedef {Readonly<Record<string, Readonly<Record<string, string>>>>} Known reasons by path and name
 *
 * @typedef {object} Result
 * @property {Mutant} mutant
 * @property {Verdict} verdict
 * @property {readonly number[]} cases those that run the changed code
 *
 * @typedef {object} Findings
 * @property {readonly string[]} problems survivors and stale entries, each for people
 * @property {number} killed
 * @property {number} equivalent
 */

/**
 * @param {readonly Result[]} trials
 * @param {ReadonlyMap<string, string>} sources by path @param {Known} known
 * @returns {Findings}
 */
export function findingsOf(trials, sources, known) {
  const problems = [];
  let killed = 0;
  let equivalent = 0;
  for (const { mutant, verdict, cases } of trials) {
    const reason = known[mutant.path]?.[mutant.name];
    if (verdict.killer !== null) killed += 1;
    if (verdict.killer !== null && reason !== undefined) problems.push(refuted(mutant, verdict));
    if (verdict.killer !== null) continue;
    if (reason === undefined)
      problems.push(survivor(mutant, sources.get(mutant.path) ?? "", cases.length));
    else equivalent += 1;
  }
  const names = new Set(trials.map(({ mutant: { path, name } }) => `${path}\n${name}`));
  for (const [path, entries] of Object.entries(known)) {
    if (!sources.has(path)) problems.push(`${path}: listed in equivalent.mjs, but not broken here`);
    else problems.push(...gone(path, Object.keys(entries), names));
  }
  return { problems, killed, equivalent };
}

/** @param {Mutant} mutant @param {string} text @param {number} cases */
function survivor(mutant, text, cases) {
  const { path, name, start } = mutant;
  const what = cases === 0 ? "no test gets here" : `survives ${cases} tests`;
  return `${path}:${lineAt(text, start)}: ${what}: ${name}\n${diffOf(text, mutant)}`;
}

/** @param {Mutant} mutant @param {Verdict} verdict */
function refuted({ path, name }, { killer }) {
  return `${path}: listed in equivalent.mjs, but noticed by "${killer}": ${name}`;
}

/** @param {string} path @param {readonly string[]} listed @param {ReadonlySet<string>} names */
function gone(path, listed, names) {
  return listed
    .filter((name) => !names.has(`${path}\n${name}`))
    .map((name) => `${path}: listed in equivalent.mjs, but there is no such mutant: ${name}`);
}
