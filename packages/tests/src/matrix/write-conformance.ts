import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { CONFORMANCE_TESTS } from "../conformance/index.ts";
import { TARGETS } from "../targets/select-target.ts";
import { conformancePage } from "./conformance-page.ts";

// Writes CONFORMANCE.md at the top of the repository; with --check, only compares.

const path = fileURLToPath(new URL("../../../../CONFORMANCE.md", import.meta.url));
const page = conformancePage({ targets: TARGETS, tests: CONFORMANCE_TESTS });

if (process.argv.includes("--check")) {
  const current = await readFile(path, "utf8").catch(() => "");
  if (current !== page) {
    console.error("CONFORMANCE.md is not what the rules, tests and targets say.");
    console.error("Run `npm run conformance` and commit the result.");
    process.exitCode = 1;
  }
} else {
  await writeFile(path, page);
  console.log("wrote CONFORMANCE.md");
}
