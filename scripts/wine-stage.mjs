// Copies what Windows programs are to see into a folder of wine/build: the workspaces as packages,
// and the compiled tests beside them. Module resolution finds vitest above, in wine/node_modules.

import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { WINE_BUILD } from "./wine-prefix.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Parts of a workspace that run, or that tests read. */
const PARTS = ["package.json", "dist", "src", "test", "build/Release"];

/** Makes a stage of this process's own, which goes with it. */
export function makeStage() {
  const folder = mkdtempSync(join(WINE_BUILD, "stage-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(ROOT, "wine/vitest.config.mjs"), join(folder, "vitest.config.mjs"));
  for (const workspace of readdirSync(join(ROOT, "packages"))) {
    const from = join(ROOT, "packages", workspace);
    const manifest = join(from, "package.json");
    if (!existsSync(manifest)) continue;
    const { name } = JSON.parse(readFileSync(manifest, "utf8"));
    copyParts(from, join(folder, "packages", workspace), PARTS);
    copyParts(from, join(folder, "node_modules", name), ["package.json", "dist", "build/Release"]);
  }
  return folder;
}

/** @param {string} from @param {string} to @param {string[]} parts */
function copyParts(from, to, parts) {
  for (const part of parts) {
    if (existsSync(join(from, part))) cpSync(join(from, part), join(to, part), { recursive: true });
  }
}

/**
 * The name of a staged file, relative to the stage.
 *
 * @param {string} stage
 * @param {string} path of the original, in the repository
 */
export function stagedPath(stage, path) {
  const inside = relative(ROOT, resolve(path));
  if (inside.startsWith("..") || !existsSync(join(stage, inside))) {
    throw new Error(`${path} is not staged: only the parts ${PARTS.join(", ")} of workspaces are`);
  }
  return inside;
}

/**
 * The Windows name of a file: Wine shows the root directory as drive Z.
 *
 * @param {string} path
 */
export function windowsPath(path) {
  return `Z:${resolve(path).replaceAll("/", "\\")}`;
}
