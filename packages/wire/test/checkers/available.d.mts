/** The Debian packages that bring the independent checkers. */
export const CHECKER_PACKAGES: readonly string[];
/** The checkers that do not start, by command line; empty when all are there. */
export function missingCheckers(): string[];
