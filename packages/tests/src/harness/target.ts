import type { Com, Feature } from "callfactory";
import type { RuleId } from "../rules/catalogue.ts";

/** What a test may need of a target: a backend's feature, or a place to put the object. */
export type Need = Feature | Place;

/**
 * Where the object lives, seen from the client: in the client's own apartment, reached by a raw
 * pointer; or in another apartment, reached through COM's proxy.
 */
export type Place = "same-apartment" | "marshaled";

/** One implementation of COM that the suite runs over. */
export interface Target {
  readonly name: string;
  /** For people: what runs, on what. */
  readonly description: string;
  readonly provides: ReadonlySet<Need>;
  /**
   * Gaps, by rule, with the reason. The rule's tests run all the same and must fail: a pass means
   * that the gap is closed, and fails the build.
   */
  readonly knownFailing: Readonly<Partial<Record<RuleId, string>>>;
  /** A fresh COM with the fixture classes, in an MTA client apartment. */
  open(): Promise<OpenTarget>;
}

/** A target, opened for one test. */
export interface OpenTarget {
  readonly com: Com;
  /** What createInstance needs to find a fixture class at `place`. */
  locate(clsid: string, place: Place): { readonly clsid: string; readonly library?: string };
  /** Resolves when everything released is gone; rejects naming what leaks. */
  expectNoLeaks(): Promise<void>;
  close(): Promise<void>;
}
