// Knows whether anything can still happen: on virtual time the emulator waits for turns of the
// event loop only, so that a test without one to come hangs, and no clock is needed to tell.

/** Turns without any left to come, after which nothing will come. */
const QUIET_TURNS = 4;

/** Counts the turns that are asked for with setImmediate from now on. */
export class Turns {
  #asked = 0;
  #taken = 0;
  #later = globalThis.setImmediate;

  constructor() {
    const later = this.#later;
    /** @param {(...args: unknown[]) => void} callback @param {unknown[]} args */
    const counted = (callback, ...args) => {
      this.#asked += 1;
      return later(() => {
        this.#taken += 1;
        callback(...args);
      });
    };
    Object.assign(globalThis, { setImmediate: counted });
  }

  /**
   * Resolves with the reason when nothing can run any more, or after `most` turns.
   *
   * @param {number} most
   */
  untilStuck(most) {
    const state = { isStopped: false };
    const watch = async () => {
      const end = this.#taken + most;
      while (!state.isStopped && this.#taken < end) {
        if (await this.#isQuiet()) return "hangs: nothing can run any more";
      }
      return "hangs: it goes on for ever";
    };
    const stop = () => {
      state.isStopped = true;
    };
    return { reason: watch(), stop };
  }

  /**
   * Resolves when what is under way has ended; with false if that takes more than `most` turns.
   *
   * @param {number} most
   */
  async untilQuiet(most) {
    const end = this.#taken + most;
    while (this.#taken < end) if (await this.#isQuiet()) return true;
    return false;
  }

  /** Whether no turn was asked for in several turns. */
  async #isQuiet() {
    for (let turn = 0; turn < QUIET_TURNS; turn++) {
      if (this.#asked !== this.#taken) {
        await this.#turn();
        return false;
      }
      await this.#turn();
    }
    return this.#asked === this.#taken;
  }

  /** @returns {Promise<void>} */
  #turn() {
    return new Promise((resolve) => {
      this.#later(resolve);
    });
  }
}
