import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { findMutants } from "../find-mutants.mjs";
import { diffOf, instrument, SWITCH } from "../instrument.mjs";

/** The names of the mutants of `text`. @param {string} text */
function namesIn(text) {
  return findMutants("a.ts", text, 1).map(({ name }) => name);
}

/**
 * What `run()` of a module gives with each of its mutants in turn, after what it gives without any.
 *
 * @param {string} text with no types, so that it runs as it is
 */
function outcomes(text) {
  const mutants = findMutants("a.ts", text, 1);
  const code = instrument(text, mutants);
  return [0, ...mutants.map(({ id }) => id)].map((active) => {
    const isOn = (/** @type {number} */ id) => id === active;
    return runInNewContext(`${code}\nrun();`, { [SWITCH]: isOn, S_OK: 0 });
  });
}

describe("findMutants", () => {
  it("negates conditions", () => {
    expect(namesIn("function f(a) { if (a > 1) return a ? 1 : 2; }")).toEqual([
      "f: negate `a > 1`",
      "f: negate `a`",
    ]);
  });

  it("drops calls and assignments, but no super()", () => {
    const text =
      "class A extends B { #x; constructor() { super(); this.#x = 1; void this.go(); } }";

    expect(namesIn(text)).toEqual([
      "A.constructor: drop `this.#x = 1;`",
      "A.constructor: drop `void this.go();`",
    ]);
  });

  it("drops a call that is all that an arrow function does", () => {
    expect(namesIn("function f() { return () => g(); }")).toEqual(["f: drop `=> g()`"]);
  });

  it("changes HRESULTs that are answered, not those that are compared", () => {
    expect(namesIn("function f(hr) { return hr === E_FAIL ? S_OK : { hr: E_FAIL }; }")).toEqual([
      "f: negate `hr === E_FAIL`",
      "f: answer 0x80004005 for `S_OK`",
      "f: answer 0x8000ffff for `E_FAIL`",
    ]);
  });

  it("leaves out cases", () => {
    expect(
      namesIn('function f(a) { switch (a) { case "x": case "y": return 1; default: return 2; } }'),
    )
      // prettier-ignore
      .toEqual(['f: leave out `case "x":`', 'f: leave out `case "y":`', "f: leave out `default:`"]);
  });

  it("changes nothing that runs when a module is loaded, except constants", () => {
    expect(namesIn("const OK = { hr: S_OK }; start(); const X = a ? 1 : 2;")).toEqual([
      "OK: answer 0x80004005 for `S_OK`",
    ]);
  });

  it("passes over types", () => {
    expect(namesIn("type A<T> = T extends S_OK ? 1 : 2; interface B { f(): typeof S_OK }")).toEqual(
      [],
    );
  });

  it("tells like changes of one function apart", () => {
    expect(namesIn("function f() { g(); g(); }")).toEqual(["f: drop `g();`", "f: drop `g();` (2)"]);
  });
});

describe("instrument", () => {
  it.each([
    ["a condition", "function run() { if (1 > 2) return 1; return 2; }", [2, 1]],
    ["a condition in another", "function run() { return true ? (false ? 1 : 2) : 3; }", [2, 3, 1]],
    ["a statement", "function run() { let a = 1; a = 2; return a; }", [2, 1]],
    [
      "a statement before else",
      "function run() { let a = 1; if (a) a = 2; else a = 3; return a; }",
      [2, 3, 1, 2],
    ],
    ["a case", 'function run() { switch ("x") { case "x": return 1; } return 2; }', [1, 2]],
    [
      "a case that falls through",
      'function run() { switch ("x") { case "x": case "y": return 1; } return 2; }',
      [1, 2, 2],
    ],
    [
      "an arrow function",
      "const g = () => 5; function run() { return (() => g())(); }",
      [5, undefined],
    ],
    ["a constant", "const OK = { hr: S_OK }; function run() { return OK.hr; }", [0, 0x80004005]],
  ])("changes %s, one mutant at a time", (_, text, expected) => {
    expect(outcomes(text)).toEqual(expected);
  });
});

describe("diffOf", () => {
  it("shows the lines that a mutant changes", () => {
    const text = "function f(a) {\n  if (a) g();\n}\n";
    const [negated] = findMutants("a.ts", text, 1);

    expect(negated && diffOf(text, negated)).toBe("  -   if (a) g();\n  +   if (!(a)) g();");
  });
});
