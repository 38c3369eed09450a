import { describe, expect, it } from "vitest";
import { checkProject } from "../check.mjs";
import { treeWith } from "./project-of.mjs";

/** @param {Record<string, string>} [texts] */
function problemsOf(texts) {
  return checkProject(treeWith(texts)).map(
    ({ path, line, message }) => `${path}:${line}: ${message}`,
  );
}

/** A manifest and references that allow `@callfactory/core` and one more. @param {string} name @param {string} more */
function allowing(name, more) {
  return {
    [`packages/${name}/package.json`]: JSON.stringify({
      name: name === "runtime" ? "callfactory" : `@callfactory/${name}`,
      scripts: { build: "tsc -p ." },
      dependencies: { [`@callfactory/${more}`]: "0.1.0" },
    }),
    [`packages/${name}/tsconfig.json`]: JSON.stringify({ references: [{ path: `../${more}` }] }),
  };
}

describe("imports between packages", () => {
  it("accepts a sound tree", () => {
    expect(problemsOf()).toEqual([]);
  });

  it("rejects an import upwards", () => {
    const problems = problemsOf({
      ...allowing("wire", "emulator"),
      "packages/wire/src/index.ts": '\nimport { x } from "@callfactory/emulator";\n',
    });

    expect(problems).toEqual([
      "packages/wire/src/index.ts:2: wire may not import emulator (it may import: core)",
    ]);
  });

  it("rejects any import into core, even of types", () => {
    const problems = problemsOf({
      ...allowing("core", "wire"),
      "packages/core/src/guid.ts": 'import type { X } from "@callfactory/wire";\n',
    });

    expect(problems).toEqual([
      "packages/core/src/guid.ts:1: core may not import wire (it may import: nothing)",
    ]);
  });

  it("rejects a backend that the runtime's main entry loads at once", () => {
    const problems = problemsOf({
      "packages/runtime/src/index.ts": 'export { open } from "./open.ts";\n',
      "packages/runtime/src/open.ts": 'import { open } from "@callfactory/emulator";\n',
    });

    expect(problems).toEqual([
      "packages/runtime/src/open.ts:1: the main entry of runtime reaches emulator by import() only",
    ]);
  });

  it("accepts a backend's types, and the backend itself in a sub-entry", () => {
    const problems = problemsOf({
      "packages/runtime/src/index.ts": 'import type { A } from "@callfactory/emulator";\n',
      "packages/runtime/src/emulator.ts": 'import { open } from "@callfactory/emulator";\n',
    });

    expect(problems).toEqual([]);
  });

  it("rejects a path into another package, and one that leads nowhere", () => {
    const problems = problemsOf({
      "packages/wire/src/index.ts":
        'import "../../core/src/guid.ts";\nimport "./guid";\nimport "@callfactory/core";\n',
    });

    expect(problems).toEqual([
      "packages/wire/src/index.ts:1: ../../core/src/guid.ts leaves the package",
      "packages/wire/src/index.ts:2: ./guid is not there: name the file with its extension",
    ]);
  });

  it("rejects a package that anything but a leaf imports from tests", () => {
    const problems = problemsOf({
      "packages/emulator/test/a.test.ts": 'import { rules } from "@callfactory/tests";\n',
    });

    expect(problems).toEqual([
      "packages/emulator/test/a.test.ts:1: nothing imports packages/tests",
    ]);
  });
});

describe("manifests", () => {
  it("rejects an import that is not declared", () => {
    const problems = problemsOf({
      "packages/core/src/guid.ts": 'import { x } from "left-pad";\n',
      "packages/emulator/src/index.ts":
        'import "@callfactory/core";\nimport { y } from "@callfactory/wire";\n',
    });

    expect(problems).toEqual([
      "packages/core/src/guid.ts:1: left-pad is not among the dependencies in packages/core/package.json",
      "packages/emulator/src/index.ts:2: @callfactory/wire is not among the dependencies in packages/emulator/package.json",
      "packages/emulator/src/index.ts:2: packages/emulator/tsconfig.json has no reference to ../wire",
    ]);
  });

  it("rejects a declaration that nothing needs", () => {
    const problems = problemsOf({ "packages/wire/src/index.ts": "" });

    expect(problems).toEqual([
      "packages/wire/package.json:1: nothing imports @callfactory/core",
      "packages/wire/tsconfig.json:1: nothing imports packages/core",
    ]);
  });
});

describe("build scripts", () => {
  it("rejects a package that turbo would pass over", () => {
    const problems = problemsOf({
      "packages/core/package.json": JSON.stringify({ name: "@callfactory/core", scripts: {} }),
    });

    expect(problems).toEqual(["packages/core/package.json:1: no build script"]);
  });
});

describe("import cycles", () => {
  const twoFiles = {
    "packages/wire/src/index.ts": 'import { a } from "./a.ts";\nimport "@callfactory/core";\n',
  };

  it("rejects a circle of values", () => {
    const problems = problemsOf({
      ...twoFiles,
      "packages/wire/src/a.ts": '\nimport { b } from "./b.ts";\n',
      "packages/wire/src/b.ts": 'import { a } from "./a.ts";\n',
    });

    expect(problems).toEqual([
      "packages/wire/src/a.ts:2: import cycle: packages/wire/src/a.ts -> packages/wire/src/b.ts -> packages/wire/src/a.ts",
    ]);
  });

  it("rejects a circle of types outside core", () => {
    const problems = problemsOf({
      ...twoFiles,
      "packages/wire/src/a.ts": 'import type { B } from "./b.ts";\n',
      "packages/wire/src/b.ts": 'import type { A } from "./a.ts";\n',
    });

    expect(problems).toHaveLength(1);
  });

  it("accepts a circle of types inside core", () => {
    const problems = problemsOf({
      "packages/core/src/a.ts": 'import type { B } from "./b.ts";\n',
      "packages/core/src/b.ts": 'import type { A } from "./a.ts";\n',
    });

    expect(problems).toEqual([]);
  });
});

describe("portable entries", () => {
  it("rejects node: modules and Node's globals, however deep", () => {
    const problems = problemsOf({
      "packages/core/src/guid.ts":
        'import { inspect } from "node:util";\nexport const bytes = Buffer.from("");\nprocess.env;\n',
    });

    expect(problems).toEqual([
      "packages/core/src/guid.ts:1: the main entry of core reaches node:util",
      "packages/core/src/guid.ts:2: the main entry of core reaches Node's global Buffer",
      "packages/core/src/guid.ts:3: the main entry of core reaches Node's global process",
    ]);
  });

  it("accepts them in a sub-entry, and their names as properties", () => {
    const problems = problemsOf({
      "packages/core/src/node.ts": 'import { inspect } from "node:util";\nprocess.exit();\n',
      "packages/core/src/guid.ts":
        "export const guid = { process: 1, x: (process) => process.apartments };\n",
    });

    expect(problems).toEqual([]);
  });
});
