#!/usr/bin/env node
// Breaks the emulator's call objects and cancellation on purpose, in every way that
// mutate/find-mutants.mjs knows, and runs the conformance suite against each break.
// A break that no test notices survives, and fails this check.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleSuite } from "./mutate/bundle-suite.mjs";
import { EQUIVALENT } from "./mutate/equivalent.mjs";
import { findMutants } from "./mutate/find-mutants.mjs";
import { findingsOf } from "./mutate/findings.mjs";
import { instrument } from "./mutate/instrument.mjs";
import { judgeAll, runBaseline } from "./mutate/judges.mjs";
import { readSubjects } from "./mutate/subjects.mjs";
import { duration } from "./test/report.mjs";
import { ROOT } from "./tool.mjs";

const HELP = `npm run mutate [-- options]

Negates conditions, drops calls and assignments, changes HRESULTs and leaves out cases in the
sources of scripts/mutate/subjects.mjs, one at a time, and runs the conformance suite on the
emulator against each. Prints what no test notices; exits with 1 when there is something.

  --all    also says which test noticed which change`;

/** Where the suite with all changes is built. */
const BUNDLE = join(ROOT, "build", "mutants", "suite.mjs");

const showsAll = process.argv.includes("--all");
if (process.argv.includes("--help")) console.log(HELP);
else process.exitCode = await mutate();

async function mutate() {
  const start = performance.now();
  const sources = readSubjects(ROOT);
  const mutants = mutantsOf(sources);
  const instrumented = new Map(
    [...sources].map(([path, text]) => {
      const own = mutants.filter((mutant) => mutant.path === path);
      return [path, instrument(text, own)];
    }),
  );
  await bundleSuite(BUNDLE, instrumented);
  const bundle = pathToFileURL(BUNDLE).href;
  const baseline = await runBaseline(bundle);
  const broken = baseline.filter(({ failure }) => failure !== null);
  for (const { title, failure } of broken) console.error(`${title}: ${failure}`);
  if (broken.length > 0) {
    console.error(`mutate: ${broken.length} tests fail without any change`);
    return 1;
  }
  const trials = mutants.map(({ id }) => ({ mutant: id, cases: casesReaching(baseline, id) }));
  const verdicts = await judgeAll(bundle, trials);
  const results = trials.flatMap(({ cases }, index) => {
    const [mutant, verdict] = [mutants[index], verdicts[index]];
    return mutant === undefined || verdict === undefined ? [] : [{ mutant, verdict, cases }];
  });
  return report(sources, results, performance.now() - start);
}

/** @param {ReadonlyMap<string, string>} sources */
function mutantsOf(sources) {
  /** @type {import("./mutate/find-mutants.mjs").Mutant[]} */
  const mutants = [];
  for (const [path, text] of sources) mutants.push(...findMutants(path, text, mutants.length + 1));
  return mutants;
}

/**
 * The cases that run the changed code; those first that run the least besides.
 *
 * @param {readonly import("./mutate/suite-worker.mjs").Baseline[]} baseline @param {number} id
 */
function casesReaching(baseline, id) {
  return [...baseline.keys()]
    .filter((index) => baseline[index]?.reached.includes(id))
    .sort((a, b) => (baseline[a]?.reached.length ?? 0) - (baseline[b]?.reached.length ?? 0));
}

/**
 * @param {ReadonlyMap<string, string>} sources
 * @param {readonly import("./mutate/findings.mjs").Result[]} results @param {number} durationMs
 */
function report(sources, results, durationMs) {
  if (showsAll) {
    for (const { mutant, verdict } of results) {
      console.log(`${mutant.path}: ${mutant.name}\n    ${verdict.killer}: ${verdict.how}`);
    }
  }
  const { problems, killed, equivalent } = findingsOf(results, sources, EQUIVALENT);
  for (const problem of problems) console.error(problem);
  console.log(
    `mutate: ${results.length} mutants of ${sources.size} files: ${killed} noticed, ` +
      `${equivalent} equivalent, ${problems.length} problems; ${duration(durationMs)}`,
  );
  return problems.length === 0 ? 0 : 1;
}
