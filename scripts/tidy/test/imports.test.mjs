import { describe, expect, it } from "vitest";
import { readImports } from "../imports.mjs";
import { scan } from "../scan.mjs";

/** @param {string} text */
function importsOf(text) {
  const found = readImports(text, scan(text, "script").code);
  return found.map(({ specifier, kind, line }) => `${line} ${kind} ${specifier}`);
}

describe("readImports", () => {
  it.each([
    ['import { a } from "./a.ts";', "1 value ./a.ts"],
    ['import a, {\n  type B,\n  c,\n} from "./a.ts";', "1 value ./a.ts"],
    ['import * as a from "./a.ts";', "1 value ./a.ts"],
    ['import "./a.ts";', "1 value ./a.ts"],
    ['export { a } from "./a.ts";', "1 value ./a.ts"],
    ['export * from "./a.ts";', "1 value ./a.ts"],
    ['import type { A } from "./a.ts";', "1 type ./a.ts"],
    ['export type { A } from "./a.ts";', "1 type ./a.ts"],
    ['import { type A, type B } from "./a.ts";', "1 type ./a.ts"],
    ['import type from "./a.ts";', "1 value ./a.ts"],
    ['let a: import("./a.ts").A;', "1 type ./a.ts"],
    ['let a: typeof import("./a.ts");', "1 type ./a.ts"],
    ['\nconst a = await import("./a.ts");', "2 dynamic ./a.ts"],
    ['x = y ? 1 : import("./a.ts");', "1 dynamic ./a.ts"],
    ['const a = require("./a.ts");', "1 dynamic ./a.ts"],
  ])("reads %j", (text, expected) => {
    expect(importsOf(text)).toEqual([expected]);
  });

  it("ignores imports in comments and strings", () => {
    expect(importsOf('// import "./a.ts";\nx = `import "./b.ts"`;')).toEqual([]);
  });

  it("does not join an export to a later from", () => {
    const text = 'export const a = 1;\nimport type { B } from "./b.ts";';

    expect(importsOf(text)).toEqual(["2 type ./b.ts"]);
  });
});
