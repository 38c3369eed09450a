// Builds the conformance suite with the emulator, from sources, into one module.

import { join } from "node:path";
import { rolldown } from "rolldown";
import { ROOT } from "../tool.mjs";

const ENTRY = "callfactory:suite";

/** Packages by name, as their sources; the addon is never loaded. */
const SOURCES = {
  "@callfactory/core": "core",
  "@callfactory/wire": "wire",
  "@callfactory/emulator": "emulator",
  callfactory: "runtime",
};

/** Modules of the suite, by what is imported of them. */
const SUITE = {
  CONFORMANCE_TESTS: "conformance/index.ts",
  casesFor: "harness/define.ts",
  runCase: "harness/run-case.ts",
  emulatorTarget: "targets/emulator.ts",
};

/**
 * Writes the suite to `file`. It exports `cases`, and `runCase(case)`.
 *
 * @param {string} file @param {ReadonlyMap<string, string>} replaced sources by path from the root,
 *   in place of those on disk
 */
export async function bundleSuite(file, replaced) {
  const bundle = await rolldown({
    input: ENTRY,
    platform: "node",
    treeshake: false,
    transform: { target: "node20" },
    external: ["@callfactory/native"],
    resolve: {
      alias: Object.fromEntries(
        Object.entries(SOURCES).map(([name, folder]) => [
          name,
          join(ROOT, "packages", folder, "src/index.ts"),
        ]),
      ),
    },
    plugins: [
      {
        name: "callfactory-mutants",
        resolveId: (id) => (id === ENTRY ? id : null),
        load: (id) => {
          if (id === ENTRY) return entry();
          const code = replaced.get(id.slice(ROOT.length).replaceAll("\\", "/"));
          return code === undefined ? null : { code, moduleType: "ts" };
        },
      },
    ],
  });
  try {
    await bundle.write({ file, format: "esm", codeSplitting: false });
  } finally {
    await bundle.close();
  }
}

function entry() {
  const imports = Object.entries(SUITE).map(([name, path]) => {
    const source = join(ROOT, "packages/tests/src", path);
    return `import { ${name} } from ${JSON.stringify(source)};`;
  });
  return `${imports.join("\n")}
export const cases = casesFor(emulatorTarget, CONFORMANCE_TESTS);
export const run = (item) => runCase(emulatorTarget, item);
`;
}
