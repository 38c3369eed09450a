import { casesFor, type ConformanceTest } from "../harness/define.ts";
import type { Target } from "../harness/target.ts";
import { RULES, type RuleId, SECTIONS } from "../rules/catalogue.ts";
import { EVIDENCE } from "../rules/evidence.ts";
import type { Rule } from "../rules/rule.ts";

/** What the page is made of. */
export interface PageInput {
  readonly targets: readonly Target[];
  readonly tests: readonly ConformanceTest[];
}

/** How a target stands to a rule. */
type Cell =
  | { readonly kind: "green"; readonly tests: number }
  | { readonly kind: "known failure"; readonly reason: string }
  | { readonly kind: "does not apply" }
  | { readonly kind: "unshown" }
  | { readonly kind: "no test" };

/**
 * Writes CONFORMANCE.md: every rule, and every target's standing.
 *
 * The page follows from what tests and targets declare, so it is the same on every machine; that
 * the declarations hold is what the suite checks, known failures included.
 */
export function conformancePage(input: PageInput): string {
  const parts = [introduction(input), legend()];
  for (const section of SECTIONS) {
    parts.push(`## ${section.title}`);
    for (const group of section.groups) parts.push(table(input, group.rules));
  }
  parts.push(knownFailures(input.targets), unshown(), pins());
  return `${parts.join("\n\n")}\n`;
}

function introduction({ targets, tests }: PageInput): string {
  const all = Object.keys(RULES) as RuleId[];
  const tested = all.filter((id) => tests.some((test) => test.rule === id));
  const lines = [
    "# Conformance",
    "",
    "<!-- Written by `npm run conformance`; do not edit. -->",
    "",
    `COM's rules for asynchronous calls, and how each target stands to them: ${tested.length} of ${all.length} rules have tests.`,
    "",
    "| target | what it is | rules green | tests | known failures |",
    "|---|---|---:|---:|---:|",
  ];
  for (const target of targets) {
    const cases = casesFor(target, tests);
    const rules = new Set(cases.map((item) => item.test.rule));
    const failing = [...rules].filter((rule) => target.knownFailing[rule] !== undefined);
    const green = rules.size - failing.length;
    lines.push(
      `| \`${target.name}\` | ${target.description} | ${green} | ${cases.length} | ${failing.length} |`,
    );
  }
  return lines.join("\n");
}

function legend(): string {
  const kinds = Object.entries(EVIDENCE).map(([tag, { title }]) => `\`${tag}\` ${title}`);
  return [
    "A number is the count of tests that pass; ✗ a known failure, which must go on failing; · that the rule's tests need something that the target lacks; – that no test can show the rule, for the reason given below; an empty cell, no test yet. A rule in *italics* is inferred: a run on Windows has to settle it.",
    "",
    `Sources: ${kinds.join("; ")}.`,
  ].join("\n");
}

function table(input: PageInput, rules: readonly Rule[]): string {
  const { targets } = input;
  const head = ["rule", "what it says", "source", ...targets.map(({ name }) => name)];
  const lines = [`| ${head.join(" | ")} |`, `|---|---|---|${targets.map(() => ":-:|").join("")}`];
  for (const rule of rules) {
    const text = escape(rule.text);
    const cells = [
      `<a id="${rule.id.toLowerCase()}"></a>${rule.id}`,
      rule.status === "inferred" ? `*${text}*` : text,
      rule.source.map(escape).join("; "),
      ...targets.map((target) => show(cellOf(input, target, rule.id as RuleId))),
    ];
    lines.push(`| ${cells.join(" | ")} |`);
  }
  return lines.join("\n");
}

function cellOf({ tests }: PageInput, target: Target, rule: RuleId): Cell {
  const ofRule = tests.filter((test) => test.rule === rule);
  if (ofRule.length === 0) {
    return RULES[rule].unshown === undefined ? { kind: "no test" } : { kind: "unshown" };
  }
  const cases = casesFor(target, ofRule);
  if (cases.length === 0) return { kind: "does not apply" };
  const reason = target.knownFailing[rule];
  if (reason !== undefined) return { kind: "known failure", reason };
  return { kind: "green", tests: cases.length };
}

function show(cell: Cell): string {
  switch (cell.kind) {
    case "green":
      return String(cell.tests);
    case "known failure":
      return "✗";
    case "does not apply":
      return "·";
    case "unshown":
      return "–";
    case "no test":
      return "";
  }
}

function knownFailures(targets: readonly Target[]): string {
  const lines = ["## Known failures", ""];
  for (const target of targets) {
    for (const [rule, reason] of Object.entries(target.knownFailing)) {
      lines.push(`- \`${target.name}\` ${rule}: ${reason}`);
    }
  }
  if (lines.length === 2) lines.push("None.");
  return lines.join("\n");
}

function unshown(): string {
  const lines = ["## Rules that no test shows", ""];
  for (const { id, unshown: reason } of Object.values<Rule>(RULES)) {
    if (reason !== undefined) lines.push(`- ${id}: ${escape(reason)}`);
  }
  return lines.join("\n");
}

function pins(): string {
  const lines = ["## What a run on Windows has to settle", ""];
  for (const rule of Object.values<Rule>(RULES)) {
    if (rule.pin !== undefined) lines.push(`- ${rule.id}: ${escape(rule.pin)}`);
  }
  return lines.join("\n");
}

/** Plain text in a Markdown table. */
function escape(text: string): string {
  return text.replace(/[\\|*_<>`]/g, (char) => `\\${char}`);
}
