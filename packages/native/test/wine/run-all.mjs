#!/usr/bin/env node
// Runs the smoke programs with the Windows Node.js under Wine. Usage: run-all.mjs [name...]

import { fileURLToPath } from "node:url";
import { prepareWine } from "../../../../scripts/wine-run.mjs";
import { stagedPath } from "../../../../scripts/wine-stage.mjs";

const PROGRAMS = ["calls", "values", "teardown"];

const { stage, run } = prepareWine();
const names = process.argv.length > 2 ? process.argv.slice(2) : PROGRAMS;
for (const name of names) {
  const path = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
  const { exitCode, output } = await run([stagedPath(stage, path)]);
  process.stdout.write(`== ${name}: exit ${exitCode}\n${output}\n`);
  if (exitCode !== 0) process.exitCode = 1;
}
