/** The Debian package that brings a browser. */
export const BROWSER_PACKAGE: string;
/** The command of an installed browser; `null` when there is none that starts. */
export function findBrowser(): string | null;
