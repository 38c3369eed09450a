// Copies what Windows programs are to see into wine/build/stage: the workspaces as packages, and
// the compiled tests beside them. Module resolution finds vitest above it, in wine/node_modules.

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { WINE_BUILD } from "./wine-prefix.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

export const STAGE = join(WINE_BUILD, "stage");

/** Parts of a workspace that run, or that tests read. */
const PARTS = ["package.json", "dist", "src", "test", "build/Release"];

/** Copies everything anew. */
export function stage() {
  rmSync(STAGE, { recursive: true, force: true });
  mkdirSync(STAGE, { recursive: true });
  cpSync(join(ROOT, "wine/vitest.config.mjs"), join(STAGE, "vitest.config.mjs"));
  for (const folder of readdirSync(join(ROOT, "packages"))) {
    const from = join(ROOT, "packages", folder);
    const manifest = join(from, "package.json");
    if (!existsSync(manifest)) continue;
    const { name } = JSON.parse(readFileSync(manifest, "utf8"));
    copyParts(from, join(STAGE, "packages", folder), PARTS);
    copyParts(from, join(STAGE, "node_modules", name), ["package.json", "dist", "build/Release"]);
  }
}

/** @param {string} from @param {string} to @param {string[]} parts */
function copyParts(from, to, parts) {
  for (const part of parts) {
    if (existsSync(join(from, part))) cpSync(join(from, part), join(to, part), { recursive: true });
  }
}

/**
 * Where a file of the repository is in the stage.
 *
 * @param {string} path
 */
export function stagedPath(path) {
  const inside = relative(ROOT, resolve(path));
  if (inside.startsWith("..") || !existsSync(join(STAGE, inside))) {
    throw new Error(`${path} is not staged: only the parts ${PARTS.join(", ")} of workspaces are`);
  }
  return join(STAGE, inside);
}

/**
 * The Windows name of a file: Wine shows the root directory as drive Z.
 *
 * @param {string} path
 */
export function windowsPath(path) {
  return `Z:${resolve(path).replaceAll("/", "\\")}`;
}
