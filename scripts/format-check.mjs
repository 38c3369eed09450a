#!/usr/bin/env node
// Checks the format of all sources, or rewrites them with --write.
// biome formats TypeScript and JSON; clang-format formats C++ where it is installed.

import { spawnSync } from "node:child_process";
import { run, ROOT, runTool } from "./tool.mjs";
import { readProject } from "./tidy/project.mjs";

const write = process.argv.includes("--write");

const biome = await runTool("biome", ["format", ...(write ? ["--write"] : [])]);
const clang = await formatCpp(readProject(ROOT).cpp.map(({ path }) => path));
process.exitCode = biome === 0 && clang === 0 ? 0 : 1;

/** @param {string[]} paths */
async function formatCpp(paths) {
  if (paths.length === 0) return 0;
  if (spawnSync("clang-format", ["--version"]).status !== 0) {
    console.log(`clang-format is not installed: ${paths.length} C++ files not checked`);
    return 0;
  }
  const code = await run("clang-format", [
    ...(write ? ["-i"] : ["--dry-run", "-Werror"]),
    ...paths,
  ]);
  console.log(`clang-format: ${paths.length} files`);
  return code;
}
