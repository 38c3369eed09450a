// A run as a list of steps, each announced and timed.

import { duration } from "./report.mjs";

/** Runs steps one after the other and remembers which failed. */
export class Steps {
  /** @type {string[]} */
  failed = [];
  #count = 0;

  /**
   * Runs one step; true when it succeeded. A step fails by an exit code other than 0 or a throw.
   *
   * @param {string} title @param {() => Promise<number>} action
   */
  async run(title, action) {
    const { exitCode } = await this.time(title, action);
    if (exitCode !== 0) this.failed.push(title);
    return exitCode === 0;
  }

  /**
   * Runs one step that accounts for its own failures.
   *
   * @param {string} title @param {() => Promise<number>} action
   */
  async time(title, action) {
    this.#count += 1;
    console.log(`\n[${this.#count}] ${title}`);
    const start = performance.now();
    const exitCode = await action().catch((/** @type {unknown} */ error) => {
      console.error(error);
      return 1;
    });
    const durationMs = performance.now() - start;
    const outcome = exitCode === 0 ? "done" : "FAILED";
    console.log(`[${this.#count}] ${outcome} in ${duration(durationMs)}`);
    return { exitCode, durationMs };
  }

  /**
   * Leaves a step out, saying why in one line; a failure where `strict`.
   *
   * @param {string} title @param {string} reason @param {boolean} strict
   */
  leaveOut(title, reason, strict) {
    this.#count += 1;
    console.log(`\n[${this.#count}] ${title}: left out; ${reason}`);
    if (strict) this.failed.push(`${title}: ${reason}`);
  }
}
