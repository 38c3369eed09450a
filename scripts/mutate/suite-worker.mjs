// Runs the bundled suite in a worker: once as it is, then with one mutant after the other.

import { parentPort, workerData } from "node:worker_threads";
import { SWITCH } from "./instrument.mjs";
import { Turns } from "./turns.mjs";

/**
 * @typedef {{ readonly title: string }} Case
 *
 * @typedef {object} Suite what the bundle exports
 * @property {readonly Case[]} cases
 * @property {(item: Case) => Promise<void>} run
 *
 * @typedef {object} Baseline one case on the emulator as it is
 * @property {string} title
 * @property {readonly number[]} reached mutants whose code it ran
 * @property {string | null} failure
 *
 * @typedef {object} Verdict
 * @property {number} mutant
 * @property {string | null} killer the case that failed; `null` when none did
 * @property {string} how
 * @property {boolean} isSpent the worker must not be used again: something in it still runs
 *
 * @typedef {{ kind: "baseline" } | { kind: "mutant", mutant: number, cases: readonly number[] }} Order
 */

/** More turns of the event loop than any test takes by far: what needs more never ends. */
const MOST_TURNS = 200_000;

const turns = new Turns();
/** @type {Set<number>} */
const reached = new Set();
let active = 0;
Object.assign(globalThis, {
  [SWITCH]: (/** @type {number} */ id) => {
    reached.add(id);
    return id === active;
  },
});

/** @type {Suite} */
const suite = await import(workerData);

/** What nobody caught since a case began. @type {unknown} */
let stray;
process.on("uncaughtException", (error) => {
  stray ??= error;
});
process.on("unhandledRejection", (error) => {
  stray ??= error;
});

/**
 * Runs one case; the reason when it fails, hangs, or leaves an error that nobody catches.
 *
 * @param {Case} item
 */
async function failureOf(item) {
  stray = undefined;
  const outcome = suite.run(item).then(
    () => null,
    (/** @type {unknown} */ error) => text(error),
  );
  const stuck = turns.untilStuck(MOST_TURNS);
  const failure = await Promise.race([outcome, stuck.reason]);
  stuck.stop();
  const isQuiet = await turns.untilQuiet(MOST_TURNS);
  return { failure: failure ?? (stray === undefined ? null : text(stray)), isSpent: !isQuiet };
}

/** @param {unknown} error */
function text(error) {
  return error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : String(error);
}

/** @returns {Promise<Baseline[]>} */
async function baseline() {
  const results = [];
  for (const item of suite.cases) {
    reached.clear();
    const { failure } = await failureOf(item);
    results.push({ title: item.title, reached: [...reached], failure });
  }
  return results;
}

/** @param {number} mutant @param {readonly number[]} cases @returns {Promise<Verdict>} */
async function judge(mutant, cases) {
  active = mutant;
  try {
    for (const index of cases) {
      const item = /** @type {Case} */ (suite.cases[index]);
      const { failure, isSpent } = await failureOf(item);
      if (failure !== null) return { mutant, killer: item.title, how: failure, isSpent };
    }
    return { mutant, killer: null, how: "", isSpent: false };
  } finally {
    active = 0;
  }
}

parentPort?.on("message", async (/** @type {Order} */ order) => {
  const answer =
    order.kind === "baseline" ? await baseline() : await judge(order.mutant, order.cases);
  parentPort?.postMessage(answer);
});
