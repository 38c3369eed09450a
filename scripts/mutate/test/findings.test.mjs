import { describe, expect, it } from "vitest";
import { findMutants } from "../find-mutants.mjs";
import { findingsOf } from "../findings.mjs";

const TEXT = "function f(a) {\n  if (a) g();\n}\n";
const SOURCES = new Map([["a.ts", TEXT]]);
const NEGATED = "f: negate `a`";
const DROPPED = "f: drop `g();`";

/**
 * What is found when `killers` notice the two mutants of the text.
 *
 * @param {readonly (string | null)[]} killers @param {import("../findings.mjs").Known} [known]
 */
function findings(killers, known = {}) {
  const trials = findMutants("a.ts", TEXT, 1).map((mutant, index) => ({
    mutant,
    cases: [0, 1].slice(index),
    verdict: { mutant: mutant.id, killer: killers[index] ?? null, how: "", isSpent: false },
  }));
  return findingsOf(trials, SOURCES, known);
}

describe("findingsOf", () => {
  it("finds nothing wrong when every mutant is noticed", () => {
    expect(findings(["a test", "another"])).toEqual({ problems: [], killed: 2, equivalent: 0 });
  });

  it("shows a survivor with its place and its change", () => {
    expect(findings([null, "a test"]).problems).toEqual([
      `a.ts:2: survives 2 tests: ${NEGATED}\n  -   if (a) g();\n  +   if (!(a)) g();`,
    ]);
  });

  it("says how many tests ran the changed code", () => {
    expect(findings([null, null]).problems[1]).toContain("survives 1 tests: ");
  });

  it("accepts a survivor that is listed with a reason", () => {
    const known = { "a.ts": { [DROPPED]: "g does nothing" } };

    expect(findings(["a test", null], known)).toEqual({ problems: [], killed: 1, equivalent: 1 });
  });

  it.each([
    ["is noticed after all", { "a.ts": { [DROPPED]: "" } }, "noticed by"],
    ["is no mutant any more", { "a.ts": { "f: drop `h();`": "" } }, "no such mutant"],
    ["is in another file", { "b.ts": { [DROPPED]: "" } }, "not broken here"],
  ])("refuses a listed mutant that %s", (_, known, message) => {
    const { problems } = findings(["a test", "another"], known);

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });
});
