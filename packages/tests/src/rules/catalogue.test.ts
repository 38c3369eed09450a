import { describe, expect, it } from "vitest";
import { type GroupId, isRuleId, RULE_IDS, RULES, rule, SECTIONS } from "./catalogue.ts";
import { CONTRADICTIONS } from "./contradictions.ts";
import { EVIDENCE, type EvidenceTag } from "./evidence.ts";
import type { Rule } from "./rule.ts";

const COUNTS: Readonly<Record<GroupId, number>> = {
  DISC: 9,
  CALL: 18,
  BEG: 13,
  FIN: 12,
  FNF: 7,
  SYNC: 36,
  SRV: 21,
  CONV: 7,
  CAN: 25,
  SEC: 16,
  APT: 21,
  NOT: 8,
  INP: 5,
  MAR: 20,
  LIFE: 11,
  GIT: 4,
  ACT: 4,
  REG: 6,
  IDL: 22,
  EVT: 11,
  ROT: 5,
};

const SENTENCE = /^[A-Z*u].{30,}\.$/;

const all: readonly Rule[] = RULE_IDS.map(rule);

function idsWhere(holds: (rule: Rule) => boolean): readonly string[] {
  return all.filter(holds).map((each) => each.id);
}

function shows(each: Rule, what: "behavior" | "description"): boolean {
  return each.source.some(
    (source) => EVIDENCE[source.split(":", 1)[0] as EvidenceTag].shows === what,
  );
}

describe("the catalogue of rules", () => {
  it("holds 281 rules", () => {
    expect(RULE_IDS).toHaveLength(281);
  });

  it("numbers the rules of each group from 01 without gaps", () => {
    const expected = Object.entries(COUNTS).flatMap(([group, count]) =>
      Array.from({ length: count }, (_, index) => `${group}-${String(index + 1).padStart(2, "0")}`),
    );

    expect(RULE_IDS).toEqual(expected);
  });

  it("holds each rule under its own ID", () => {
    expect(all.map((each) => each.id)).toEqual(RULE_IDS);
  });

  it("shows every rule in exactly one section, in order", () => {
    const shown = SECTIONS.flatMap((section) => section.groups).flatMap((group) => group.rules);

    expect(shown.map((each) => each.id)).toEqual(RULE_IDS);
  });

  it("tells rule IDs from other strings", () => {
    expect(isRuleId("CAN-03")).toBe(true);
    expect(isRuleId("CAN-26")).toBe(false);
    expect(isRuleId("toString")).toBe(false);
  });
});

describe("each rule", () => {
  it("is stated in a sentence that ends with a period", () => {
    expect(idsWhere((each) => !SENTENCE.test(each.text))).toEqual([]);
  });

  it("is stated only once", () => {
    expect(new Set(all.map((each) => each.text)).size).toBe(all.length);
  });

  it("is plain text, which a table of Markdown can hold", () => {
    expect(idsWhere((each) => /[|`\n]/.test(each.text + (each.pin ?? "")))).toEqual([]);
  });

  it("refers only to rules that exist", () => {
    const mentioned = all.flatMap((each) => each.text.match(/\b[A-Z]{3,4}-\d{2}\b/g) ?? []);

    expect(mentioned.length).toBeGreaterThan(0);
    expect(mentioned.filter((id) => !isRuleId(id))).toEqual([]);
  });

  it("cites no source twice, and no empty place", () => {
    const faulty = idsWhere(
      (each) =>
        new Set(each.source).size !== each.source.length ||
        each.source.some((source) => !/^[A-Z]:\S.*\S$|^B:\d$/.test(source)),
    );

    expect(faulty).toEqual([]);
  });

  it("says what a run on Windows has to settle when it is inferred", () => {
    expect(idsWhere((each) => each.status === "inferred" && each.pin === undefined)).toEqual([]);
    expect(idsWhere((each) => each.pin !== undefined && !SENTENCE.test(each.pin))).toEqual([]);
  });

  it("has a source that showed the behaviour when it is observed", () => {
    expect(idsWhere((each) => each.status === "observed" && !shows(each, "behavior"))).toEqual([]);
  });

  it("has only descriptions for sources when it is documented", () => {
    const faulty = idsWhere(
      (each) =>
        each.status === "documented" && (shows(each, "behavior") || !shows(each, "description")),
    );

    expect(faulty).toEqual([]);
  });
});

describe("contradictions between sources", () => {
  it("are numbered from E-01 without gaps", () => {
    const expected = Array.from(
      { length: 20 },
      (_, index) => `E-${String(index + 1).padStart(2, "0")}`,
    );

    expect(Object.keys(CONTRADICTIONS)).toEqual(expected);
  });

  it("each have an issue and a policy in sentences", () => {
    const faulty = Object.entries(CONTRADICTIONS).filter(
      ([, { issue, policy }]) => !SENTENCE.test(issue) || !SENTENCE.test(policy),
    );

    expect(faulty).toEqual([]);
  });

  it("are decided by rules, but for those about the sources alone", () => {
    const named = new Set(Object.values(RULES).map((each) => each.contradiction));
    const unnamed = Object.keys(CONTRADICTIONS).filter((id) => !named.delete(id as "E-01"));
    named.delete(undefined);

    expect(unnamed).toEqual(["E-19", "E-20"]);
    expect([...named]).toEqual([]);
  });
});
