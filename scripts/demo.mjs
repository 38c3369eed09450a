#!/usr/bin/env node
// The SlowPipe demo on this platform's backend: node scripts/demo.mjs [--native]
// --native: on real COM, which off Windows is Windows' own Node.js under Wine.

import { fileURLToPath } from "node:url";
import { run } from "./tool.mjs";
import { missingForWine } from "./wine-check.mjs";
import { prepareWine, runWindowsNode } from "./wine-run.mjs";
import { stagedPath, windowsPath } from "./wine-stage.mjs";

const HELP = `npm run demo [-- --native]

Runs three overlapping calls of a slow COM server, a polled one, a cancelled one and an abandoned
one, and draws when each began and ended.

  --native   on real COM: Windows, or Wine on Linux (see scripts/setup-wine)`;

const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const MAIN = path("packages/tests/dist/demo/main.js");
const FIXTURE = path("packages/native/build/Release/callfactory_fixture.dll");

const isNative = process.argv.includes("--native");
if (process.argv.includes("--help")) console.log(HELP);
else process.exitCode = await runDemo();

async function runDemo() {
  const built = await run(process.execPath, [path("scripts/turbo.mjs"), "build"]);
  if (built !== 0) return built;
  console.log("");
  if (process.platform === "win32") return run(process.execPath, [MAIN, "--native", FIXTURE]);
  return isNative ? runUnderWine() : run(process.execPath, [MAIN]);
}

async function runUnderWine() {
  const missing = missingForWine();
  if (missing !== null) {
    console.error(`The demo cannot run on real COM here: ${missing}`);
    return 1;
  }
  const built = await run("npm", ["run", "--silent", "build:wine", "-w", "packages/native"]);
  if (built !== 0) return built;
  prepareWine();
  const [program = "", fixture = ""] = [MAIN, FIXTURE].map((file) => windowsPath(stagedPath(file)));
  const { exitCode, output } = await runWindowsNode([program, "--native", fixture]);
  console.log(output);
  return exitCode;
}
