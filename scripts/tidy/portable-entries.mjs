// The main entries of the portable packages run in a browser: no node: module, no Node global.

import { builtinModules } from "node:module";
import { closureOf, LAYERS } from "./layers.mjs";

// `process` is also what an emulated process is called: only Node's own properties betray Node's.
const PROCESS =
  "process(?=\\??\\.(?:env|platform|argv|exit|nextTick|versions?|cwd|on|hrtime|std\\w+)\\b)";
const NODE_GLOBAL = new RegExp(
  `(?<![.\\w$])(Buffer|${PROCESS}|require(?=\\s*\\()|__dirname|__filename)\\b(?!\\s*[:?]|\\s*=[^=>])`,
  "g",
);

/**
 * @param {import("./project.mjs").Project} project
 * @returns {import("./project.mjs").Problem[]}
 */
export function checkPortableEntries(project) {
  const portable = project.packages.filter((name) => LAYERS[name]?.portable === true);
  return portable.flatMap((name) =>
    closureOf(project, `packages/${name}/src/index.ts`).flatMap((file) => [
      ...file.imports
        .filter(({ specifier }) => isBuiltin(specifier))
        .map(({ specifier, line }) =>
          file.problem(line, `the main entry of ${name} reaches ${specifier}`),
        ),
      ...[...file.code.matchAll(NODE_GLOBAL)].map((match) =>
        file.problem(
          file.lineAt(match.index),
          `the main entry of ${name} reaches Node's global ${match[1]}`,
        ),
      ),
    ]),
  );
}

/** @param {string} specifier */
function isBuiltin(specifier) {
  return specifier.startsWith("node:") || builtinModules.includes(specifier);
}
