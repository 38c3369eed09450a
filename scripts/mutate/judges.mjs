// Shares mutants among workers, and ends the one that a mutant keeps from ever answering.

import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

/**
 * @typedef {import("./suite-worker.mjs").Baseline} Baseline
 * @typedef {import("./suite-worker.mjs").Order} Order
 * @typedef {import("./suite-worker.mjs").Verdict} Verdict
 * @typedef {{ mutant: number, cases: readonly number[] }} Trial a mutant and the cases that reach it
 */

/** A whole run of the suite takes a second or two. */
const PATIENCE_MS = 30_000;

/** A worker with the suite loaded; `file` is the bundle. */
class Judge {
  /** @type {Worker | null} */
  #worker = null;
  #file;

  /** @param {string} file */
  constructor(file) {
    this.#file = file;
  }

  /** @returns {Promise<Baseline[]>} */
  async baseline() {
    const results = await this.#ask({ kind: "baseline" });
    if (results === null) throw new Error("the suite does not end");
    return /** @type {Baseline[]} */ (results);
  }

  /** @param {Trial} trial @returns {Promise<Verdict>} */
  async judge({ mutant, cases }) {
    if (cases.length === 0) return { mutant, killer: null, how: "", isSpent: false };
    const verdict = /** @type {Verdict | null} */ (
      await this.#ask({ kind: "mutant", mutant, cases })
    );
    if (verdict?.isSpent !== false) await this.end();
    return verdict ?? { mutant, killer: "(any)", how: "hangs: no turn ends", isSpent: true };
  }

  /** Ends the worker; the next question starts another. */
  async end() {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  /** The worker's answer; `null` when it gives none. @param {Order} order @returns {Promise<unknown>} */
  #ask(order) {
    this.#worker ??= new Worker(new URL("suite-worker.mjs", import.meta.url), {
      workerData: this.#file,
    });
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve(null), PATIENCE_MS);
      worker.removeAllListeners();
      worker.once("message", (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      worker.once("error", reject);
      worker.postMessage(order);
    });
  }
}

/**
 * Runs every case as it is.
 *
 * @param {string} file the bundled suite
 */
export async function runBaseline(file) {
  const judge = new Judge(file);
  try {
    return await judge.baseline();
  } finally {
    await judge.end();
  }
}

/**
 * Judges every mutant, as many at a time as there are processors.
 *
 * @param {string} file the bundled suite @param {readonly Trial[]} trials
 * @returns {Promise<Verdict[]>} in the order of `trials`
 */
export async function judgeAll(file, trials) {
  /** @type {Verdict[]} */
  const verdicts = [];
  let next = 0;
  const work = async () => {
    const judge = new Judge(file);
    try {
      while (next < trials.length) {
        const at = next++;
        verdicts[at] = await judge.judge(/** @type {Trial} */ (trials[at]));
      }
    } finally {
      await judge.end();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return verdicts;
}
