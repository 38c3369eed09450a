// Small trees for the tests, with the manifests that every tree needs.

import { projectOf } from "../project.mjs";

/** @param {string} name @param {string[]} dependencies */
function manifest(name, dependencies) {
  return JSON.stringify({
    name,
    scripts: { build: "tsc -p ." },
    dependencies: Object.fromEntries(dependencies.map((each) => [each, "0.1.0"])),
  });
}

/** @param {string[]} folders */
function tsconfig(folders) {
  return JSON.stringify({ references: folders.map((path) => ({ path: `../${path}` })) });
}

/**
 * A sound tree of five packages with a catalogue of one rule, changed by `texts`.
 *
 * @param {Record<string, string>} [texts]
 */
export function treeWith(texts = {}) {
  return projectOf({
    "package.json": JSON.stringify({ devDependencies: { vitest: "5" } }),
    "packages/core/package.json": manifest("@callfactory/core", []),
    "packages/core/tsconfig.json": tsconfig([]),
    "packages/core/src/index.ts": 'export { guid } from "./guid.ts";\n',
    "packages/core/src/guid.ts": "export const guid = 1;\n",
    "packages/wire/package.json": manifest("@callfactory/wire", ["@callfactory/core"]),
    "packages/wire/tsconfig.json": tsconfig(["core"]),
    "packages/wire/src/index.ts": 'import { guid } from "@callfactory/core";\n\nguid;\n',
    "packages/emulator/package.json": manifest("@callfactory/emulator", ["@callfactory/core"]),
    "packages/emulator/tsconfig.json": tsconfig(["core"]),
    "packages/emulator/src/index.ts": 'import { guid } from "@callfactory/core";\n\nguid;\n',
    "packages/runtime/package.json": manifest("callfactory", ["@callfactory/emulator"]),
    "packages/runtime/tsconfig.json": tsconfig(["emulator"]),
    "packages/runtime/src/index.ts": 'export const open = () => import("@callfactory/emulator");\n',
    "packages/tests/package.json": manifest("@callfactory/tests", ["callfactory"]),
    "packages/tests/tsconfig.json": tsconfig(["runtime"]),
    "packages/tests/src/rules/can.ts": `export const CAN = { "${ruleId(3)}": { text: "" } };\n`,
    "packages/tests/src/index.ts": 'import { open } from "callfactory";\n\nopen;\n',
    ...texts,
  });
}

/** A rule ID, spelled so that the tests themselves do not name rules. @param {number} number */
export function ruleId(number) {
  return `CAN-${String(number).padStart(2, "0")}`;
}
