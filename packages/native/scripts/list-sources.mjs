#!/usr/bin/env node
// Lists the C++ sources of a folder for binding.gyp, which knows no wildcards.

import { readdirSync } from "node:fs";

const folder = process.argv[2] ?? ".";
for (const name of readdirSync(folder).sort()) {
  if (name.endsWith(".cc")) console.log(`${folder}/${name}`);
}
