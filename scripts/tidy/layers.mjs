// Which package may import which: the drawing of the layers, as data.

/**
 * @typedef {object} Layer
 * @property {readonly string[] | "any"} may packages that any of its files may import
 * @property {readonly string[]} [lazily] packages that the main entry may only reach by import()
 * @property {boolean} [portable] whether the main entry runs without Node, as in a browser
 */

/** @type {Readonly<Record<string, Layer>>} */
export const LAYERS = {
  core: { may: [], portable: true },
  wire: { may: ["core"], portable: true },
  emulator: { may: ["core", "wire"], portable: true },
  native: { may: ["core"] },
  runtime: { may: ["core"], lazily: ["emulator", "native"], portable: true },
  idl: { may: ["core"], portable: true },
  cli: { may: ["core", "runtime", "idl"] },
  tests: { may: "any" },
  bench: { may: "any" },
};

/** Packages that other packages never import. */
export const LEAVES = ["tests", "bench", "cli"];

/**
 * Maps the npm names of the packages to their folders.
 *
 * @param {import("./project.mjs").Project} project
 */
export function foldersByName(project) {
  return new Map(
    project.packages.map((folder) => [
      project.json(`packages/${folder}/package.json`).name,
      folder,
    ]),
  );
}

/**
 * Splits a bare specifier into the package and the sub-path.
 *
 * @param {string} specifier
 */
export function packageOf(specifier) {
  const parts = specifier.split("/");
  const count = specifier.startsWith("@") ? 2 : 1;
  return { name: parts.slice(0, count).join("/"), subPath: parts.slice(count).join("/") };
}

/**
 * Resolves a relative specifier to a path of the project; undefined for bare ones.
 *
 * @param {string} from @param {string} specifier
 */
export function resolveRelative(from, specifier) {
  if (!specifier.startsWith(".")) return undefined;
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/**
 * Lists the files that loading `entry` loads with it: the closure of its static value imports.
 *
 * @param {import("./project.mjs").Project} project @param {string} entry
 */
export function closureOf(project, entry) {
  const seen = new Set([entry]);
  for (const path of seen) {
    for (const { specifier, kind } of project.byPath.get(path)?.imports ?? []) {
      const target = kind === "value" ? resolveRelative(path, specifier) : undefined;
      if (target !== undefined) seen.add(target);
    }
  }
  return [...seen].flatMap((path) => project.byPath.get(path) ?? []);
}
