import type { Apartment, Thread } from "../../src/apartment/apartment.ts";

/** A promise that the test settles. */
export interface Gate<T = void> {
  readonly promise: Promise<T>;
  open(value: T): void;
}

/** Makes a closed gate. */
export function gate<T = void>(): Gate<T> {
  let open: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open: (value) => open(value) };
}

/** Delivers calls that log their coming and going under a name. */
export class CallLog {
  readonly lines: string[] = [];
  readonly #apartment: Apartment;

  constructor(apartment: Apartment) {
    this.#apartment = apartment;
  }

  /** Delivers a call that runs `body`; resolves when it has run or was dropped. */
  deliver(name: string, body: (thread: Thread) => Promise<void> | void = () => {}): Promise<void> {
    const ended = gate();
    const leave = (): void => {
      this.lines.push(`-${name}`);
      ended.open();
    };
    this.#apartment.deliver({
      cid: null,
      run: (thread) => {
        this.lines.push(`+${name}`);
        const running = body(thread);
        if (!(running instanceof Promise)) return leave();
        return running.then(leave);
      },
      drop: () => {
        this.lines.push(`!${name}`);
        ended.open();
      },
    });
    return ended.promise;
  }

  /** A blocking COM call that ends when `until` opens. */
  comCall<T>(until: Gate<T>): Promise<T> {
    return this.#apartment.wait((done: (value: T) => void) => {
      void until.promise.then(done);
    });
  }
}
