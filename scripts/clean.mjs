#!/usr/bin/env node
// Removes everything that builds and tests write, except installed packages.

import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./tool.mjs";

const packages = readdirSync(join(ROOT, "packages")).map((name) => join("packages", name));
for (const folder of [".", ...packages]) {
  for (const name of ["dist", "build", ".turbo"]) {
    rmSync(join(ROOT, folder, name), { recursive: true, force: true });
  }
}
rmSync(join(ROOT, "node_modules", ".cache", "turbo"), { recursive: true, force: true });
