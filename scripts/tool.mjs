// Runs the tools of node_modules with this Node, the same on every platform, without a shell.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the project. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

const PACKAGES = new Map([
  ["biome", "@biomejs/biome"],
  ["tsc", "typescript"],
]);

/**
 * Returns the script behind a tool's command.
 *
 * @param {string} name
 */
export function toolPath(name) {
  const folder = join(ROOT, "node_modules", PACKAGES.get(name) ?? name);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[name]);
}

/**
 * Runs a program in the root and resolves with its exit code; a signal or a failure to start is 1.
 *
 * @param {string} program @param {readonly string[]} args
 * @param {Readonly<Record<string, string>>} [env] added to this process's own
 * @returns {Promise<number>}
 */
export function run(program, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("error", (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(1);
    });
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/**
 * Runs a tool of node_modules.
 *
 * @param {string} name @param {readonly string[]} args @param {Readonly<Record<string, string>>} [env]
 */
export function runTool(name, args, env) {
  return run(process.execPath, [toolPath(name), ...args], env);
}
