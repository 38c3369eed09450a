// What is broken on purpose: the state machines of call objects and of cancellation, and security.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Folders and files, from the root. */
const SUBJECTS = [
  "packages/emulator/src/call/",
  "packages/emulator/src/cancel/",
  "packages/emulator/src/marshal/stub-call.ts",
  "packages/emulator/src/security/",
  "packages/emulator/src/functions/cancel-functions.ts",
  "packages/emulator/src/functions/security-functions.ts",
];

/**
 * Reads the sources to break, by path from the root.
 *
 * @param {string} root
 * @returns {Map<string, string>}
 */
export function readSubjects(root) {
  const paths = SUBJECTS.flatMap((path) => {
    if (!path.endsWith("/")) return path;
    const names = readdirSync(join(root, path), { recursive: true, encoding: "utf8" });
    return names.filter((name) => name.endsWith(".ts")).map((name) => path + name);
  });
  return new Map(
    paths.sort().map((path) => {
      const slashed = path.replaceAll("\\", "/");
      return [slashed, readFileSync(join(root, path), "utf8")];
    }),
  );
}
