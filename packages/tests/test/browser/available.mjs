import { spawnSync } from "node:child_process";

/** The Debian package that brings a browser. */
export const BROWSER_PACKAGE = "chromium";

/** Names under which Chromium, or a browser made of it, may be installed. */
const COMMANDS = ["chromium", "chromium-browser", "google-chrome"];

/** The command of an installed browser; `null` when there is none that starts. */
export function findBrowser() {
  const starts = (/** @type {string} */ command) =>
    spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0;
  return COMMANDS.find(starts) ?? null;
}
