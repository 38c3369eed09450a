// No file depends on itself. Types may refer to each other in circles inside core alone: there
// the descriptors are one vocabulary, and type imports vanish.

import { resolveRelative } from "./layers.mjs";

/** @typedef {{ to: string, line: number }} Edge */
/** @typedef {Map<string, Edge[]>} Graph */

/**
 * @param {import("./project.mjs").Project} project
 * @returns {import("./project.mjs").Problem[]}
 */
export function checkImportCycles(project) {
  const values = cycles(graphOf(project, ["value"]));
  const inValues = new Set(values.flatMap((cycle) => cycle.paths));
  const types = cycles(graphOf(project, ["value", "type"])).filter(
    ({ paths }) =>
      !paths.some((path) => inValues.has(path)) &&
      !paths.every((path) => path.startsWith("packages/core/")),
  );
  return [...values, ...types].flatMap(({ paths, line }) => {
    const path = paths[0] ?? "";
    const message = `import cycle: ${[...paths, path].join(" -> ")}`;
    return project.byPath.get(path)?.problem(line, message) ?? [];
  });
}

/**
 * @param {import("./project.mjs").Project} project @param {string[]} kinds
 * @returns {Graph}
 */
function graphOf(project, kinds) {
  return new Map(
    project.scripts.map((file) => {
      const edges = file.imports.flatMap(({ specifier, kind, line }) => {
        const to = kinds.includes(kind) ? resolveRelative(file.path, specifier) : undefined;
        return to === undefined || !project.byPath.has(to) ? [] : { to, line };
      });
      return [file.path, edges];
    }),
  );
}

/**
 * Finds one shortest cycle through the first file of each knot.
 *
 * @param {Graph} graph
 */
function cycles(graph) {
  /** @type {{ paths: string[], line: number }[]} */
  const found = [];
  const reported = new Set();
  for (const start of [...graph.keys()].toSorted()) {
    if (reported.has(start)) continue;
    const cycle = cycleThrough(graph, start);
    if (cycle === undefined || cycle.paths.some((path) => reported.has(path))) continue;
    for (const path of cycle.paths) reported.add(path);
    found.push(cycle);
  }
  return found;
}

/** @param {Graph} graph @param {string} start */
function cycleThrough(graph, start) {
  /** @type {Map<string, string>} */
  const cameFrom = new Map();
  const queue = [start];
  for (const path of queue) {
    for (const { to } of graph.get(path) ?? []) {
      if (to === start) return traceBack(graph, cameFrom, start, path);
      if (cameFrom.has(to)) continue;
      cameFrom.set(to, path);
      queue.push(to);
    }
  }
  return undefined;
}

/** @param {Graph} graph @param {Map<string, string>} cameFrom @param {string} start @param {string} last */
function traceBack(graph, cameFrom, start, last) {
  const paths = [last];
  while (paths[0] !== start) paths.unshift(cameFrom.get(paths[0] ?? "") ?? start);
  const next = paths[1] ?? start;
  const line = graph.get(start)?.find((edge) => edge.to === next)?.line ?? 1;
  return { paths, line };
}
