import type { Interface, InterfacePointer } from "callfactory";
import { Types } from "../fixtures/types.ts";
import { CLSID_Types, ITypes } from "../fixtures/types-page.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import type { Stage } from "../harness/stage.ts";
import type { RuleId } from "../rules/catalogue.ts";

type TypesPointer = InterfacePointer<typeof ITypes extends Interface<infer S> ? S : never>;

/** The same of the class that a target has, and of one in JavaScript behind a real vtable. */
export function ofTypes(
  rule: RuleId,
  sentence: string,
  body: (types: TypesPointer, stage: Stage) => Promise<void>,
): ConformanceTest[] {
  return [
    conformance(rule, sentence, { at: "both" }, async (stage) =>
      body(await stage.create(CLSID_Types, ITypes), stage),
    ),
    conformance(
      rule,
      `${sentence}, with a server in JavaScript`,
      { at: "same-apartment", needs: ["register-class"] },
      async (stage) => body(await stage.serve([ITypes], (host) => new Types(host)), stage),
    ),
  ];
}
