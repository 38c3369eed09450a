#!/usr/bin/env node
// Runs the smoke programs of wine/smoke with the Windows Node.js under Wine: the native backend
// against the fixture server. Usage: node scripts/wine-smoke.mjs [name...]

import { prepareWine } from "./wine-run.mjs";

const PROGRAMS = ["calls", "values", "served", "memory", "types", "registry", "teardown", "exit"];

const { run } = prepareWine();
const names = process.argv.length > 2 ? process.argv.slice(2) : PROGRAMS;
for (const name of names) {
  const { exitCode, output } = await run([`wine/smoke/${name}.mjs`]);
  console.log(`== ${name}: exit ${exitCode}\n${output}`);
  if (exitCode !== 0) process.exitCode = 1;
}
