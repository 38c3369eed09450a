#!/usr/bin/env node
// Checks what compilers and linters do not know: this project's own rules. See scripts/tidy/.

import { fileURLToPath } from "node:url";
import { checkProject } from "./tidy/check.mjs";
import { readProject } from "./tidy/project.mjs";

const project = readProject(fileURLToPath(new URL("..", import.meta.url)));
const problems = checkProject(project);
for (const { path, line, message } of problems) console.error(`${path}:${line}: ${message}`);
console.log(`tidy: ${project.files.length} files, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
