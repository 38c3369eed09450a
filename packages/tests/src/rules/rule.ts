import type { ContradictionId } from "./contradictions.ts";
import type { Source } from "./evidence.ts";

/**
 * How well a rule is known.
 *
 * - `documented`: reference text, the open specification or a header says so.
 * - `observed`: code that ran against COM shows it.
 * - `inferred`: the decisive part follows from other rules only; a run on Windows settles it.
 */
export type RuleStatus = "documented" | "observed" | "inferred";

/**
 * The distance between client and object that a rule speaks of.
 *
 * - `SA`: same apartment, a direct pointer.
 * - `MX`: marshaled, through a proxy.
 * - `both`: with or without a proxy.
 * - `none`: no call at all, such as the shape of a generated interface.
 */
export type RuleWhere = "SA" | "MX" | "both" | "none";

/** The side of a call on which a rule can be seen. */
export type RuleSide = "client" | "server" | "both";

/** One testable statement about asynchronous COM. */
export interface Rule {
  /** Permanent: never renumbered, never reused. */
  readonly id: string;
  /** The statement, in the present tense; where sources disagree, the policy of {@link contradiction}. */
  readonly text: string;
  /** Where the statement comes from; empty for some inferred rules only. */
  readonly source: readonly Source[];
  readonly status: RuleStatus;
  readonly where: RuleWhere;
  readonly side: RuleSide;
  /** The only kind of apartment that the rule speaks of. */
  readonly apartment?: "sta" | "mta";
  /** The disagreement between sources that the rule decides or touches. */
  readonly contradiction?: ContradictionId;
  /** What a run on Windows has to settle; always present on inferred rules. */
  readonly pin?: string;
  /** Why no emulator of COM can show the behaviour, where that is so. */
  readonly unshown?: string;
}

/** A rule as its group's file writes it. */
export type RuleEntry = Omit<Rule, "id">;

/**
 * Defines the rules of one group, keyed by ID.
 *
 * Only the keys keep their literal types, so that a union of all IDs stays cheap to check.
 */
export function defineRules<const Group extends string, Id extends `${Group}-${string}`>(
  _group: Group,
  entries: Readonly<Record<Id, RuleEntry>>,
): Readonly<Record<Id, Rule>> {
  const rules: Record<string, Rule> = {};
  for (const [id, entry] of Object.entries<RuleEntry>(entries)) {
    rules[id] = { ...entry, id };
  }
  return rules as Record<Id, Rule>;
}
