// Mutants that no test can tell from the original, each with the reason.

/**
 * By path and name, as `npm run mutate` prints them. An entry whose mutant is gone, or fails a
 * test after all, is reported as an error.
 *
 * @type {Readonly<Record<string, Readonly<Record<string, string>>>>}
 */
export const EQUIVALENT = {};
