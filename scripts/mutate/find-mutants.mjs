// Finds every way in which a source is to be broken.

import { isNode, parse, walk } from "./syntax.mjs";

/**
 * @typedef {import("./syntax.mjs").Node} Node
 * @typedef {import("./syntax.mjs").Place} Place
 *
 * @typedef {object} Mutant one change of one source
 * @property {number} id
 * @property {string} path
 * @property {string} name what is changed and where, without line numbers: it outlives other edits
 * @property {number} start
 * @property {number} end
 * @property {string} plain the changed text of the range, for people
 * @property {(inner: string, isOn: string) => string} switched the range as code that is the original
 *   until the expression `isOn` is true; `inner` is the range with the changes inside it
 *
 * @typedef {Pick<Mutant, "start" | "end" | "plain" | "switched"> & { what: string }} Change
 */

const HRESULT = /^(?:S|E|RPC_E|RPC_S|CO_E|REGDB_E)_[A-Z]/;
const E_FAIL = "0x80004005";
const CALLS = new Set(["CallExpression", "ChainExpression", "AwaitExpression"]);
const ASSIGNMENTS = new Set(["AssignmentExpression", "UpdateExpression"]);

/**
 * Lists the mutants of one source, in the order of the text; they are numbered from `firstId`.
 *
 * @param {string} path @param {string} text @param {number} firstId
 * @returns {Mutant[]}
 */
export function findMutants(path, text, firstId) {
  /** @type {Omit<Mutant, "id" | "path">[]} */
  const found = [];
  /** @type {Map<string, number>} */
  const names = new Map();
  walk(parse(text, path), (node, place) => {
    for (const { what, ...change } of changesOf(node, place, text)) {
      const name = `${place.owner || "(module)"}: ${what}`;
      const count = (names.get(name) ?? 0) + 1;
      names.set(name, count);
      found.push({ ...change, name: count === 1 ? name : `${name} (${count})` });
    }
  });
  return found
    .sort((a, b) => a.start - b.start || emptyFirst(a) - emptyFirst(b) || b.end - a.end)
    .map((mutant, index) => ({ id: firstId + index, path, ...mutant }));
}

/** @param {{ start: number, end: number }} range */
const emptyFirst = ({ start, end }) => (start === end ? 0 : 1);

/**
 * @param {Node} node @param {Place} place @param {string} text
 * @returns {Change[]}
 */
function changesOf(node, place, text) {
  if (place.runsOnce) return isResult(node, place) ? [constantResult(node, place, text)] : [];
  switch (node.type) {
    case "IfStatement":
    case "ConditionalExpression":
      return [negate(/** @type {Node} */ (node["test"]), text)];
    case "ExpressionStatement":
      return isEffect(/** @type {Node} */ (node["expression"])) ? [dropStatement(node, text)] : [];
    case "ArrowFunctionExpression":
      return isCall(node["body"]) ? [dropBody(node["body"], text)] : [];
    case "SwitchCase":
      return [emptyCase(node, text)];
    case "Identifier":
      return isResult(node, place) ? [otherResult(node, text)] : [];
    default:
      return [];
  }
}

/** @param {Node} test @param {string} text @returns {Change} */
function negate(test, text) {
  const code = textOf(test, text);
  return {
    what: `negate \`${oneLine(code)}\``,
    ...rangeOf(test),
    plain: `!(${code})`,
    switched: (inner, isOn) => `(!!(${inner}) !== ${isOn})`,
  };
}

/** @param {Node} statement @param {string} text @returns {Change} */
function dropStatement(statement, text) {
  return {
    what: `drop \`${oneLine(textOf(statement, text))}\``,
    ...rangeOf(statement),
    plain: "{}",
    switched: (inner, isOn) => `{ if (!${isOn}) { ${inner} } }`,
  };
}

/** @param {Node} body @param {string} text @returns {Change} */
function dropBody(body, text) {
  return {
    what: `drop \`=> ${oneLine(textOf(body, text))}\``,
    ...rangeOf(body),
    plain: "undefined",
    switched: (inner, isOn) => `(${isOn} ? undefined : ${inner})`,
  };
}

/** @param {Node} node a SwitchCase @param {string} text @returns {Change} */
function emptyCase(node, text) {
  const [first] = /** @type {Node[]} */ (node["consequent"]);
  const at = first?.start ?? node.end;
  const label = text.slice(node.start, at).trim();
  return {
    what: `leave out \`${oneLine(label)}\``,
    start: at,
    end: at,
    plain: " break; ",
    switched: (_inner, isOn) => ` if (${isOn}) break; `,
  };
}

/** @param {Node} node @param {string} text @returns {Change} */
function otherResult(node, text) {
  const other = otherThan(node);
  return {
    what: `answer ${other} for \`${textOf(node, text)}\``,
    ...rangeOf(node),
    plain: other,
    switched: (inner, isOn) => `(${isOn} ? ${other} : ${inner})`,
  };
}

/**
 * A constant of the module is evaluated once: its HRESULT becomes a getter.
 *
 * @param {Node} value @param {Place} place @param {string} text
 * @returns {Change}
 */
function constantResult(value, place, text) {
  const property = /** @type {Node} */ (place.parent);
  const key = textOf(/** @type {Node} */ (property["key"]), text);
  const change = otherResult(value, text);
  return {
    what: change.what,
    ...rangeOf(property),
    plain: `${key}: ${change.plain}`,
    switched: (inner, isOn) =>
      `get ${key}() { return ${change.switched(inner.slice(value.start - property.start), isOn)}; }`,
  };
}

/** An HRESULT's constant that is answered, not compared. @param {Node} node @param {Place} place */
function isResult(node, { parent, runsOnce }) {
  if (node.type !== "Identifier" || !HRESULT.test(String(node["name"])) || parent === null)
    return false;
  const isValue = parent.type === "Property" && parent["value"] === node && !parent["shorthand"];
  if (isValue || runsOnce) return isValue;
  if (parent.type === "SwitchCase") return false;
  return !/^(?:Binary|Member)Expression$|^Import|^Export|^Property$/.test(parent.type);
}

/** @param {Node} node */
function otherThan(node) {
  return node["name"] === "E_FAIL" ? "0x8000ffff" : E_FAIL;
}

/** @param {Node} expression */
function isEffect(expression) {
  if (ASSIGNMENTS.has(expression.type)) return true;
  if (expression.type === "UnaryExpression")
    return /^(?:void|delete)$/.test(String(expression["operator"]));
  return isCall(expression);
}

/** A call that may be left out: without super() no object is made. @param {unknown} node @returns {node is Node} */
function isCall(node) {
  if (!isNode(node) || !CALLS.has(node.type)) return false;
  return !(isNode(node["callee"]) && node["callee"].type === "Super");
}

/** @param {Node} node */
const rangeOf = ({ start, end }) => ({ start, end });

/** @param {Node} node @param {string} text */
const textOf = ({ start, end }, text) => text.slice(start, end);

/** @param {string} code */
function oneLine(code) {
  const line = code.replaceAll(/\s+/g, " ");
  return line.length <= 60 ? line : `${line.slice(0, 57)}...`;
}
