// Finds import and export … from, import() and require() in a scanned source text.

import { lineAt } from "./scan.mjs";

/**
 * @typedef {object} Import
 * @property {string} specifier
 * @property {"value" | "type" | "dynamic"} kind `type` when nothing of it remains at run time
 * @property {number} line
 */

const STATIC = /\b(?:import|export)\b(\s+type\b(?!\s*(?:,|from\b)))?([^"'`;()]*?)\bfrom\s*(["'])/g;
const BARE = /(?<![.\w$])import\s*(["'])/g;
const DYNAMIC = /(?<![.\w$])(?:import|require)\s*\(\s*(["'`])/g;

/**
 * Lists what a source imports, in order.
 *
 * @param {string} text @param {string} code the same text, literals blanked (see scan.mjs)
 * @returns {Import[]}
 */
export function readImports(text, code) {
  /** @type {(Import & { at: number })[]} */
  const found = [];
  /** @param {RegExpExecArray} match @param {Import["kind"]} kind */
  const add = (match, kind) => {
    const start = match.index + match[0].length;
    const end = code.indexOf(match.at(-1) ?? "", start);
    const specifier = text.slice(start, end);
    found.push({ specifier, kind, line: lineAt(text, match.index), at: match.index });
  };
  for (const match of code.matchAll(STATIC)) {
    add(match, match[1] !== undefined || onlyTypes(match[2] ?? "") ? "type" : "value");
  }
  for (const match of code.matchAll(BARE)) add(match, "value");
  for (const match of code.matchAll(DYNAMIC)) {
    add(match, isImportType(code, match.index) ? "type" : "dynamic");
  }
  found.sort((a, b) => a.at - b.at);
  return found.map(({ specifier, kind, line }) => ({ specifier, kind, line }));
}

/** `import { type A, type B } from`: verbatimModuleSyntax keeps the import, its bindings vanish. @param {string} clause */
function onlyTypes(clause) {
  const names = /^\s*\{([^}]*)\}\s*$/.exec(clause)?.[1];
  if (names === undefined) return false;
  const parts = names.split(",").filter((part) => part.trim() !== "");
  return parts.length > 0 && parts.every((part) => /^\s*type\s/.test(part));
}

/** `typeof import("./a.ts")` and `x: import("./a.ts").A` are types. @param {string} code @param {number} at */
function isImportType(code, at) {
  const before = code.slice(Math.max(0, at - 40), at);
  const after = /^[^)]*\)\s*\.\s*[A-Z]/.test(code.slice(at));
  return /\btypeof\s*$/.test(before) || (after && /(?:[:<|&]|\bas)\s*$/.test(before));
}
