import { ACT } from "./act.ts";
import { APT } from "./apt.ts";
import { BEG } from "./beg.ts";
import { CALL } from "./call.ts";
import { CAN } from "./can.ts";
import { CONV } from "./conv.ts";
import { DISC } from "./disc.ts";
import { EVT } from "./evt.ts";
import { FIN } from "./fin.ts";
import { FNF } from "./fnf.ts";
import { GIT } from "./git.ts";
import { IDL } from "./idl.ts";
import { INP } from "./inp.ts";
import { LIFE } from "./life.ts";
import { MAR } from "./mar.ts";
import { NOT } from "./not.ts";
import { REG } from "./reg.ts";
import { ROT } from "./rot.ts";
import type { Rule } from "./rule.ts";
import { SEC } from "./sec.ts";
import { SRV } from "./srv.ts";
import { SYNC } from "./sync.ts";

/** The groups of rules, by the prefix of their IDs, in the order of the catalogue. */
const GROUP_RULES = {
  DISC,
  CALL,
  BEG,
  FIN,
  FNF,
  SYNC,
  SRV,
  CONV,
  CAN,
  SEC,
  APT,
  NOT,
  INP,
  MAR,
  LIFE,
  GIT,
  ACT,
  REG,
  IDL,
  EVT,
  ROT,
} as const;

/** The prefix of a group's rule IDs. */
export type GroupId = keyof typeof GROUP_RULES;

/** The ID of a rule in the catalogue; any other ID does not compile. */
export type RuleId = { [Group in GroupId]: keyof (typeof GROUP_RULES)[Group] }[GroupId];

/** A group of rules. */
export interface RuleGroup {
  readonly id: GroupId;
  readonly title: string;
  /** In the order of their numbers. */
  readonly rules: readonly Rule[];
}

/** A section of the catalogue: one subject, in one group of rules or two. */
export interface RuleSection {
  readonly title: string;
  readonly groups: readonly RuleGroup[];
}

/** The sections of the catalogue, which together hold every rule once. */
export const SECTIONS: readonly RuleSection[] = [
  {
    title: "Discovering support and creating call objects",
    groups: [group("DISC", "Discovering support"), group("CALL", "CreateCall")],
  },
  { title: "Begin_", groups: [group("BEG", "Begin_")] },
  { title: "Finish_", groups: [group("FIN", "Finish_")] },
  { title: "Fire-and-forget", groups: [group("FNF", "Fire-and-forget")] },
  { title: "Synchronization objects", groups: [group("SYNC", "ISynchronize and its family")] },
  { title: "Server call objects", groups: [group("SRV", "Server call objects")] },
  { title: "Conversion and wire", groups: [group("CONV", "Conversion and wire")] },
  { title: "Cancellation", groups: [group("CAN", "Cancellation")] },
  { title: "Security and call context", groups: [group("SEC", "Security and call context")] },
  {
    title: "Apartments, reentrancy, message filters and causality",
    groups: [group("APT", "Apartments")],
  },
  {
    title: "Notifications and input-synchronous calls",
    groups: [group("NOT", "Asynchronous notifications"), group("INP", "Input-synchronous calls")],
  },
  { title: "Marshaling", groups: [group("MAR", "Marshaling")] },
  { title: "Lifetime and disconnection", groups: [group("LIFE", "Lifetime and disconnection")] },
  {
    title: "Global interface table and activation",
    groups: [group("GIT", "Global interface table"), group("ACT", "Activation")],
  },
  { title: "Registry", groups: [group("REG", "Mapping of async IIDs")] },
  { title: "MIDL", groups: [group("IDL", "async_uuid")] },
  { title: "Events", groups: [group("EVT", "Connection points")] },
  { title: "Running objects", groups: [group("ROT", "Running object table")] },
];

/** Every rule, by its ID. */
export const RULES: Readonly<Record<RuleId, Rule>> = Object.assign(
  {},
  ...Object.values(GROUP_RULES),
) as Record<RuleId, Rule>;

/** The IDs of all rules, in the order of the catalogue. */
export const RULE_IDS: readonly RuleId[] = Object.keys(RULES) as RuleId[];

/** Returns the rule with the ID `id`. */
export function rule(id: RuleId): Rule {
  return RULES[id];
}

/** Whether `id`, such as one found in a comment or a test's title, is in the catalogue. */
export function isRuleId(id: string): id is RuleId {
  return Object.hasOwn(RULES, id);
}

function group(id: GroupId, title: string): RuleGroup {
  return { id, title, rules: Object.values<Rule>(GROUP_RULES[id]) };
}
