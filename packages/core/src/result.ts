import { countOf } from "./extent.ts";
import type { Method, Param } from "./interface.ts";

/**
 * Shapes the values of all [out] and [in,out] parameters, in IDL order, into what a caller gets:
 * nothing, the only visible one, or an object of several by name.
 */
export function shapeResult(method: Method, outs: readonly unknown[]): unknown {
  const { outs: indices, results, params } = method;
  if (results.length === 0) return undefined;
  if (results.length === 1) return outs[indices.indexOf(results[0] as number)];
  const shaped: Record<string, unknown> = {};
  for (const index of results) {
    shaped[(params[index] as Param).name] = outs[indices.indexOf(index)];
  }
  return shaped;
}

/**
 * The inverse of {@link shapeResult}: spreads a result over all [out] and [in,out] parameters and
 * fills in the counts that arrays imply. What is missing stays `undefined`.
 */
export function spreadResult(method: Method, value: unknown): unknown[] {
  const { outs: indices, results, params } = method;
  const outs: unknown[] = new Array(indices.length).fill(undefined);
  const object = typeof value === "object" && value !== null ? value : {};
  for (const index of results) {
    const single = results.length === 1;
    const name = (params[index] as Param).name;
    outs[indices.indexOf(index)] = single ? value : (object as Record<string, unknown>)[name];
  }
  for (const [place, index] of indices.entries()) {
    if (!results.includes(index)) outs[place] = impliedCount(method, params[index] as Param, outs);
  }
  return outs;
}

/** The number of elements of the arrays that `count` counts. */
function impliedCount(method: Method, count: Param, outs: readonly unknown[]): number {
  for (const [place, index] of method.outs.entries()) {
    const counted = countOf((method.params[index] as Param).type, count.name);
    if (counted !== null) return counted(outs[place] ?? null);
  }
  return 0;
}
