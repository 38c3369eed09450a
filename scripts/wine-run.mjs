#!/usr/bin/env node
// Runs a script of a workspace with the real Windows Node.js under Wine.
// Usage: node scripts/wine-run.mjs <script> [arguments]

import { spawn } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { missingForWine, NODE_EXE } from "./wine-check.mjs";
import { preparePrefix, WINE_BUILD, wineEnvironment } from "./wine-prefix.mjs";
import { stageFolder, stagedPath, windowsPath } from "./wine-stage.mjs";

const EXIT_MARKER = fileURLToPath(new URL("../wine/exit-marker.mjs", import.meta.url));
const MARKER = "callfactory-wine: the program ended with";
const TIME_LIMIT_MS = 120_000;

/**
 * @typedef {object} WineRun
 * @property {number} exitCode 0 only when the program also said so itself
 * @property {string} output what it printed, without the marker
 *
 * @typedef {object} WineRunOptions
 * @property {number} [timeLimitMs]
 * @property {Record<string, string>} [env] added to the environment
 *
 * @typedef {object} WineSession what prepareWine has prepared
 * @property {string} stage the working directory of what runs
 * @property {typeof runWindowsNode} run
 */

/**
 * Prepares the prefix and the stage; throws, saying what to do, when something is missing.
 *
 * @returns {WineSession}
 */
export function prepareWine() {
  const missing = missingForWine();
  if (missing !== null) throw new Error(missing);
  mkdirSync(WINE_BUILD, { recursive: true });
  preparePrefix();
  return { stage: stageFolder(), run: runWindowsNode };
}

/**
 * Runs node.exe in the stage; call prepareWine first.
 *
 * @param {string[]} args as Windows sees them
 * @param {WineRunOptions} [options]
 * @returns {Promise<WineRun>}
 */
export async function runWindowsNode(args, { timeLimitMs = TIME_LIMIT_MS, env = {} } = {}) {
  const folder = mkdtempSync(join(WINE_BUILD, "run-"));
  try {
    const file = join(folder, "output");
    // Windows Node.js under Wine cannot print into a pipe.
    const output = openSync(file, "w");
    const marker = pathToFileURL(EXIT_MARKER).href.replace("file:///", "file:///Z:/");
    const child = spawn("wine", [windowsPath(NODE_EXE), "--import", marker, ...args], {
      cwd: stageFolder(),
      env: { ...wineEnvironment(), CALLFACTORY_WINE_MARKER: MARKER, ...env },
      stdio: ["ignore", output, output],
      timeout: timeLimitMs,
      killSignal: "SIGKILL",
    });
    const [code, signal] = await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (...outcome) => resolve(outcome));
    });
    closeSync(output);
    return judge(readFileSync(file, "utf8"), signal === null ? code : null, timeLimitMs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} text @param {number | null} code @param {number} timeLimitMs */
function judge(text, code, timeLimitMs) {
  const lines = text.replaceAll("\r\n", "\n").trimEnd().split("\n");
  const last = lines.at(-1) ?? "";
  const said = last.startsWith(MARKER) ? Number(last.slice(MARKER.length)) : null;
  if (said !== null) lines.pop();
  const output = lines.join("\n").trimEnd();
  if (code === null) {
    return { exitCode: 1, output: `${output}\nkilled after ${timeLimitMs} ms or by a signal` };
  }
  if (said === null) {
    return {
      exitCode: code === 0 ? 1 : code,
      output: `${output}\nthe program crashed: exit ${code}`,
    };
  }
  return { exitCode: code === 0 ? said : code, output };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [script, ...rest] = process.argv.slice(2);
  if (script === undefined) {
    console.error("usage: node scripts/wine-run.mjs <script> [arguments]");
    process.exitCode = 2;
  } else {
    prepareWine();
    const { exitCode, output } = await runWindowsNode([windowsPath(stagedPath(script)), ...rest]);
    console.log(output);
    process.exitCode = exitCode;
  }
}
