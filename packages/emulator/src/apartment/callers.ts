/** Those who wait for something in an apartment, so that nobody waits longer than it lasts (LIFE-09). */
export class Callers {
  readonly #waiting = new Set<() => void>();
  #isOver = false;

  /**
   * Starts `work` and settles as it does; with `disconnected` when the apartment ends first, or
   * has ended. `drop` gets a result that comes after that.
   */
  wait<T>(work: () => Promise<T>, disconnected: T, drop: (late: T) => void): Promise<T> {
    if (this.#isOver) return Promise.resolve(disconnected);
    return new Promise((resolve, reject) => {
      const disconnect = (): void => resolve(disconnected);
      this.#waiting.add(disconnect);
      begin(work).then(
        (value) => {
          if (this.#waiting.delete(disconnect)) resolve(value);
          else drop(value);
        },
        (error: unknown) => {
          if (this.#waiting.delete(disconnect)) reject(error);
        },
      );
    });
  }

  /** The apartment ends: everyone still waiting is told. */
  disconnect(): void {
    this.#isOver = true;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const tell of waiting) tell();
  }
}

/** What throws before it waits for anything fails like the rest. */
async function begin<T>(work: () => Promise<T>): Promise<T> {
  return work();
}
