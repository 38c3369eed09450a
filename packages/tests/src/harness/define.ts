import type { RuleId } from "../rules/catalogue.ts";
import type { Stage } from "./stage.ts";
import type { Need, Place, Target } from "./target.ts";

/** What a test needs, beyond a target. */
export interface Requirements {
  /** Where the object is; both, one after the other, when a rule holds in both. */
  readonly at: Place | "both";
  /** Features that the target must provide; without them the test does not apply. */
  readonly needs?: readonly Need[];
}

/** One conformance test: a rule, what it says here, and the proof. */
export interface ConformanceTest {
  readonly rule: RuleId;
  readonly sentence: string;
  readonly requirements: Requirements;
  readonly body: (stage: Stage) => Promise<void>;
}

/** Declares a test of `rule`; `sentence` continues the rule's ID in the present tense. */
export function conformance(
  rule: RuleId,
  sentence: string,
  requirements: Requirements,
  body: (stage: Stage) => Promise<void>,
): ConformanceTest {
  return { rule, sentence, requirements, body };
}

/** A test at one place. */
export interface ConformanceCase {
  readonly test: ConformanceTest;
  readonly place: Place;
  /** `CAN-03 a canceled call object stays busy until Finish_`, and the place where there are two. */
  readonly title: string;
}

/** The cases of `tests` that apply to `target`. */
export function casesFor(target: Target, tests: readonly ConformanceTest[]): ConformanceCase[] {
  return tests.flatMap((test) => {
    const { at, needs = [] } = test.requirements;
    const places: Place[] = at === "both" ? ["same-apartment", "marshaled"] : [at];
    return places
      .filter((place) => [place, ...needs].every((need) => target.provides.has(need)))
      .map((place) => {
        const suffix = at === "both" ? ` (${place})` : "";
        return { test, place, title: `${test.rule} ${test.sentence}${suffix}` };
      });
  });
}
