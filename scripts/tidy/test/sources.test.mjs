import { describe, expect, it } from "vitest";
import { checkProject } from "../check.mjs";
import { ruleId, treeWith } from "./project-of.mjs";

/** @param {Record<string, string>} texts */
function problemsOf(texts) {
  return checkProject(treeWith(texts)).map(
    ({ path, line, message }) => `${path}:${line}: ${message}`,
  );
}

/** @param {number} count @param {string} [text] */
function lines(count, text = "x;") {
  return `${text}\n`.repeat(count);
}

describe("banned words", () => {
  it.each([
    ["export default 1;", "no default exports"],
    ['export * from "./guid.ts";', "no export *"],
    ["enum A { B }", "no enum"],
    ["export const enum A { B }", "no enum"],
    ["declare namespace A { }", "no namespace"],
    ["let a: any;", "no any"],
    ["let a: Map<string, any> = b;", "no any"],
    ["let a: any = b;", "no any"],
    ["let a = b as any;", "no any"],
    ["let a: string | any[];", "no any"],
    ["// @ts-ignore", "the type checker is not silenced"],
    ["/* later\n * TODO: more */", "unfinished work"],
  ])("rejects %j", (text, message) => {
    const problems = problemsOf({ "packages/core/src/other.ts": text });

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });

  it.each([
    'const a = "TODO any enum A {";',
    "await Promise.any(calls);",
    "const a = { any: 1, default: 2 };",
    "const namespace = 1;",
    "function any(a: string) {}",
  ])("accepts %j", (text) => {
    expect(problemsOf({ "packages/core/src/other.ts": text })).toEqual([]);
  });

  it.each(["test.skip", "it.only", "describe.todo", "test.skipIf(x)", "it.concurrent.only"])(
    "rejects %s",
    (call) => {
      const problems = problemsOf({ "packages/core/test/a.test.ts": `\n${call}("a", f);\n` });

      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain("packages/core/test/a.test.ts:2: ");
    },
  );
});

describe("sizes", () => {
  it.each([
    ["packages/core/src/long.ts", 400],
    ["packages/core/test/long.test.ts", 300],
    ["packages/native/src/long_file.h", 120],
    ["packages/native/src/long_file.cc", 250],
  ])("limits %s to %i lines", (path, limit) => {
    expect(problemsOf({ [path]: lines(limit) })).toEqual([]);
    expect(problemsOf({ [path]: lines(limit + 1) })).toEqual([
      `${path}:${limit + 1}: ${limit + 1} lines; the limit is ${limit}: split the file`,
    ]);
  });

  it("limits the functions of C++, not its namespaces, classes and tables", () => {
    const body = lines(60);
    const path = "packages/native/src/a.cc";
    const text = [
      `namespace a {\nclass B : public C\n{\n  int c_[] = {\n${lines(61, "1,")}};\n`,
      `  HRESULT D(int e) noexcept override\n  {\n    if (e)\n    {\n${body}    }\n  }\n};\n}`,
    ];

    expect(problemsOf({ [path]: text.join("") })).toEqual([
      `${path}:68: a function of 65 lines; the limit is 60`,
    ]);
  });
});

describe("file names", () => {
  it.each([
    "packages/core/src/bigFile.ts",
    "packages/core/src/big_file.ts",
    "packages/core/src/utils.ts",
    "packages/core/test/helpers/a.ts",
    "packages/native/src/big-file.cc",
    "packages/native/src/common.h",
  ])("rejects %s", (path) => {
    expect(problemsOf({ [path]: "" })).toHaveLength(1);
  });

  it("accepts kebab-case, snake_case and a config", () => {
    const texts = {
      "packages/core/src/big-file.test-d.ts": "",
      "a.config.ts": "export default 1;",
    };

    expect(problemsOf({ ...texts, "packages/native/src/big_file.cc": "" })).toEqual([]);
  });
});

describe("rule IDs", () => {
  it("rejects one that the catalogue lacks, in code, comments and prose", () => {
    const problems = problemsOf({
      "packages/core/src/guid.ts": `// See ${ruleId(3)} and\n// ${ruleId(4)}.\n`,
      "README.md": `Rule ${ruleId(5)} says so.\n`,
    });

    expect(problems).toEqual([
      `README.md:1: ${ruleId(5)} is not in the catalogue`,
      `packages/core/src/guid.ts:2: ${ruleId(4)} is not in the catalogue`,
    ]);
  });

  it("lets the catalogue's tests name one that is absent", () => {
    const path = "packages/tests/src/rules/catalogue.test.ts";

    expect(problemsOf({ [path]: `find("${ruleId(4)}");\n` })).toEqual([]);
  });

  it("rejects one that is defined twice", () => {
    const again = `export const A = {\n  "${ruleId(3)}": { text: "" },\n};\n`;

    expect(problemsOf({ "packages/tests/src/rules/a.ts": again })).toEqual([
      `packages/tests/src/rules/a.ts:2: ${ruleId(3)} is defined twice`,
    ]);
  });

  it.each([
    `test("${ruleId(3)} a canceled call stays busy", f);`,
    `test.each([1])(\n  "${ruleId(3)} twice", f);`,
    `conformance(\n  "${ruleId(3)}", "stays busy", f);`,
    "test(title, f);",
    "test(`${title} on ${target}`, f);",
  ])("accepts %j in the conformance suite", (text) => {
    expect(problemsOf({ "packages/tests/src/conformance/can.ts": text })).toEqual([]);
  });

  it.each([
    `it("stays busy (${ruleId(3)})", f);`,
    'conformance("stays busy", f);',
    "test(`on ${target}`, f);",
  ])("rejects %j in the conformance suite", (text) => {
    expect(problemsOf({ "packages/tests/src/conformance/can.ts": `\n${text}` })).toEqual([
      "packages/tests/src/conformance/can.ts:2: a conformance test's title begins with a rule ID",
    ]);
  });
});

describe("machine paths", () => {
  // Spelled apart, so that this file passes its own check.
  const [slash, backslash, quote, colon] = ["/", "\\", '"', ":"];

  it.each([
    `${slash}work/main/a.ts`,
    `${slash}root/.cache`,
    `cp a ${slash}tmp/b`,
    `C:${backslash}Users${backslash}ann`,
    `"resolved": ${quote}https${colon}//registry.example/a.tgz"`,
    `see https${colon}//example.org/a.zip`,
  ])("rejects %s", (text) => {
    expect(problemsOf({ "docs.md": `\n${text}\n` })[0]).toContain("docs.md:2: ");
  });

  it("accepts paths within the project and pages to read", () => {
    const text =
      "packages/work/main ./tmp/a ../root/b https://example.org/a.html node_modules/tmp/x";

    expect(problemsOf({ "docs.md": text })).toEqual([]);
  });
});
