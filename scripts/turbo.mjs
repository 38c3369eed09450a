#!/usr/bin/env node
// turbo without telemetry: node scripts/turbo.mjs <task>...

import { pruneDist } from "./prune-dist.mjs";
import { ROOT, runTool } from "./tool.mjs";

const QUIET = { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };

pruneDist(ROOT);
process.exitCode = await runTool(
  "turbo",
  ["run", "--output-logs=new-only", ...process.argv.slice(2)],
  QUIET,
);
