// Copies what Windows programs are to see into a folder of wine/build: the workspaces as packages,
// and the compiled tests beside them. Module resolution finds vitest above, in wine/node_modules.

import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { WINE_BUILD } from "./wine-prefix.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Parts of a workspace that run, or that tests read. */
const PARTS = ["package.json", "dist", "src", "test", "build/Release"];

/** @type {string | null} */
let made = null;

/** The stage of this process, which goes with it; made when first asked for. */
export function stageFolder() {
  made ??= makeStage();
  return made;
}

function makeStage() {
  const folder = mkdtempSync(join(WINE_BUILD, "stage-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(ROOT, "wine/vitest.config.mjs"), join(folder, "vitest.config.mjs"));
  cpSync(join(ROOT, "wine/smoke"), join(folder, "wine/smoke"), { recursive: true });
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
 * Where a file of the repository is in the stage.
 *
 * @param {string} path
 */
export function stagedPath(path) {
  const inside = relative(ROOT, resolve(path));
  const staged = join(stageFolder(), inside);
  if (inside.startsWith("..") || !existsSync(staged)) {
    throw new Error(`${path} is not staged: only the parts ${PARTS.join(", ")} of workspaces are`);
  }
  return staged;
}

/**
 * The Windows name of a file: Wine shows the root directory as drive Z.
 *
 * @param {string} path
 */
export function windowsPath(path) {
  return `Z:${resolve(path).replaceAll("/", "\\")}`;
}
