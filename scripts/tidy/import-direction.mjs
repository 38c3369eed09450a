// Imports between packages point downwards only, and go through the packages' entries.

import { closureOf, foldersByName, LAYERS, LEAVES, packageOf, resolveRelative } from "./layers.mjs";

/** @typedef {import("./project.mjs").SourceFile} SourceFile */

/**
 * @param {import("./project.mjs").Project} project
 * @returns {import("./project.mjs").Problem[]}
 */
export function checkImportDirection(project) {
  const folders = foldersByName(project);
  const mainFiles = new Map(
    project.packages.map((name) => [name, closureOf(project, `packages/${name}/src/index.ts`)]),
  );
  return project.scripts.flatMap((file) => {
    if (file.packageName === undefined) return [];
    const main = mainFiles.get(file.packageName)?.includes(file) ?? false;
    return file.imports.flatMap((found) => {
      const message = objection(project, file, found, { folders, main });
      return message === undefined ? [] : file.problem(found.line, message);
    });
  });
}

/**
 * @param {import("./project.mjs").Project} project @param {SourceFile} file
 * @param {import("./imports.mjs").Import} found
 * @param {{ folders: Map<string, string>, main: boolean }} context
 */
function objection(project, file, found, { folders, main }) {
  const { specifier, kind } = found;
  const own = file.packageName ?? "";
  const relative = resolveRelative(file.path, specifier);
  if (relative !== undefined) return relativeObjection(project, own, specifier, relative);
  const target = folders.get(packageOf(specifier).name);
  if (target === undefined || target === own) return undefined;
  const layer = LAYERS[own];
  if (layer === undefined) return `packages/${own} has no layer in scripts/tidy/layers.mjs`;
  if (layer.may === "any") return undefined;
  if (LEAVES.includes(target)) return `nothing imports packages/${target}`;
  if (layer.may.includes(target)) return undefined;
  if (layer.lazily?.includes(target) !== true) {
    return `${own} may not import ${target} (it may import: ${[...layer.may, ...(layer.lazily ?? [])].join(", ") || "nothing"})`;
  }
  if (file.isTest || !main || kind !== "value") return undefined;
  return `the main entry of ${own} reaches ${target} by import() only`;
}

/**
 * @param {import("./project.mjs").Project} project @param {string} own
 * @param {string} specifier @param {string} path
 */
function relativeObjection(project, own, specifier, path) {
  if (!path.startsWith(`packages/${own}/`)) return `${specifier} leaves the package`;
  // Generated and built files are not in the tree, so only sources must be there.
  if (!path.includes("/src/") || project.byPath.has(path)) return undefined;
  return `${specifier} is not there: name the file with its extension`;
}
