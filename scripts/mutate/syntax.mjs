// Reads TypeScript into a tree, and walks it with what stands around each node.

import { parseAst } from "rolldown/parseAst";

/**
 * @typedef {{ type: string, start: number, end: number, [field: string]: unknown }} Node
 *
 * @typedef {object} Place what stands around a node
 * @property {Node | null} parent
 * @property {string} owner class and function, as in `ClientCall.#begin`; empty outside of both
 * @property {boolean} runsOnce at the top of the module: evaluated when it is loaded
 */

/**
 * @param {string} text @param {string} path
 * @returns {Node}
 */
export function parse(text, path) {
  return /** @type {Node} */ (/** @type {unknown} */ (parseAst(text, { lang: "ts" }, path)));
}

/** Wrappers of TypeScript around an expression; all else of TypeScript is types. */
const TRANSPARENT = new Set([
  "TSAsExpression",
  "TSNonNullExpression",
  "TSSatisfiesExpression",
  "TSTypeAssertion",
]);

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

/**
 * Visits every node of a program that is not a type, parents first.
 *
 * @param {Node} program @param {(node: Node, place: Place) => void} visit
 */
export function walk(program, visit) {
  /** @param {Node} node @param {Place} place */
  const step = (node, place) => {
    if (node.type.startsWith("TS") && !TRANSPARENT.has(node.type)) return;
    visit(node, place);
    const inside = { ...place, parent: node, ...within(node, place) };
    for (const child of childrenOf(node)) step(child, inside);
  };
  step(program, { parent: null, owner: "", runsOnce: true });
}

/** @param {Node} node @returns {Node[]} */
function childrenOf(node) {
  return Object.values(node)
    .flat()
    .filter((value) => isNode(value));
}

/** @param {unknown} value @returns {value is Node} */
export function isNode(value) {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/**
 * @param {Node} node @param {Place} place
 * @returns {Partial<Place>}
 */
function within(node, place) {
  if (FUNCTIONS.has(node.type)) return { owner: named(place.owner, node["id"]), runsOnce: false };
  switch (node.type) {
    case "ClassDeclaration":
    case "ClassExpression":
      return { owner: named("", node["id"]) };
    case "MethodDefinition":
      return { owner: named(place.owner, node["key"]) };
    case "PropertyDefinition":
      // Runs for each object.
      return { owner: named(place.owner, node["key"]), runsOnce: node["static"] === true };
    case "VariableDeclarator":
      return place.runsOnce ? { owner: named(place.owner, node["id"]) } : {};
    default:
      return {};
  }
}

/** @param {string} owner @param {unknown} name an identifier, or nothing */
function named(owner, name) {
  if (!isNode(name)) return owner;
  const own =
    name.type === "PrivateIdentifier" ? `#${String(name["name"])}` : String(name["name"] ?? "");
  return owner === "" ? own : `${owner}.${own}`;
}
