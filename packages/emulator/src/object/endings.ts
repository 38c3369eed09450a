import type { Awaitable } from "@callfactory/core";

let current: Promise<void>[] | null = null;

/** An object takes time for its end, as a destructor does; whoever released it waits, if it can. */
export function addEnding(ending: Promise<void>): void {
  current?.push(ending);
}

/**
 * Runs `release`, and waits for the objects that end by it: a remote Release comes back when the
 * destructors have (CONV-06). A release in JavaScript does not wait.
 */
export function releaseAndWait(release: () => void): Awaitable<void> {
  const outer = current;
  const endings: Promise<void>[] = [];
  // Only for the span of a plain function call: nothing else can run meanwhile.
  current = endings;
  try {
    release();
  } finally {
    current = outer;
  }
  return endings.length === 0 ? undefined : Promise.all(endings).then(() => {});
}
