// Writes all mutants of a source into it, each behind a switch, so that one build serves them all.

/** @typedef {import("./find-mutants.mjs").Mutant} Mutant */

/** The global function that tells whether a mutant is the one to run: `SWITCH(id)`. */
export const SWITCH = "__callfactoryMutant";

/**
 * Returns the source with its mutants switched off and on by {@link SWITCH}.
 *
 * @param {string} text @param {readonly Mutant[]} mutants of this source, in the order of the text
 */
export function instrument(text, mutants) {
  return render(text, [0, text.length], mutants);
}

/**
 * @param {string} text @param {readonly [number, number]} range @param {readonly Mutant[]} mutants in the range
 * @returns {string}
 */
function render(text, [start, end], mutants) {
  let out = "";
  let at = start;
  let next = 0;
  while (next < mutants.length) {
    const mutant = /** @type {Mutant} */ (mutants[next++]);
    const from = next;
    while (isInside(mutants[next], mutant)) next += 1;
    const inner = render(text, [mutant.start, mutant.end], mutants.slice(from, next));
    out += text.slice(at, mutant.start) + mutant.switched(inner, `${SWITCH}(${mutant.id})`);
    at = mutant.end;
  }
  return out + text.slice(at, end);
}

/** @param {Mutant | undefined} inner @param {Mutant} outer */
function isInside(inner, outer) {
  return inner !== undefined && outer.end > outer.start && inner.end <= outer.end;
}

/**
 * Shows what a mutant changes: the lines before and after, as a diff has them.
 *
 * @param {string} text @param {Mutant} mutant
 */
export function diffOf(text, { start, end, plain }) {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = text.indexOf("\n", Math.max(start, end));
  const to = lineEnd < 0 ? text.length : lineEnd;
  const after = text.slice(from, start) + plain + text.slice(end, to);
  const show = (/** @type {string} */ code, /** @type {string} */ sign) =>
    code.split("\n").map((line) => `  ${sign} ${line}`);
  return [...show(text.slice(from, to), "-"), ...show(after, "+")].join("\n");
}
