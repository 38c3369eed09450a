// Removes what earlier builds left of sources that are gone: a stale test would still run.

import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const EMITTED = /\.(?:js|d\.ts)(?:\.map)?$/;

/**
 * Deletes the emitted files under packages/*\/dist that no source stands behind.
 *
 * @param {string} root
 */
export function pruneDist(root) {
  for (const name of readdirSync(join(root, "packages"))) {
    const folder = join(root, "packages", name);
    if (!existsSync(join(folder, "src")) || !existsSync(join(folder, "dist"))) continue;
    for (const path of readdirSync(join(folder, "dist"), { recursive: true, encoding: "utf8" })) {
      const source = join(folder, "src", path.replace(EMITTED, ".ts"));
      if (EMITTED.test(path) && !existsSync(source)) rmSync(join(folder, "dist", path));
    }
  }
}
