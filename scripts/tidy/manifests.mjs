// package.json, tsconfig.json and the imports of a package say the same about what it needs.

import { builtinModules } from "node:module";
import { foldersByName, packageOf, resolveRelative } from "./layers.mjs";

/** @typedef {import("./project.mjs").Project} Project */
/** @typedef {import("./project.mjs").Problem} Problem */
/** @typedef {Map<string, { file: import("./project.mjs").SourceFile, line: number }>} Uses */

/**
 * @param {Project} project
 * @returns {Problem[]}
 */
export function checkManifests(project) {
  const folders = foldersByName(project);
  const root = project.json("package.json") ?? {};
  const tools = new Set(Object.keys(root.devDependencies ?? {}));
  return project.packages.flatMap((name) => {
    const files = project.scripts.filter((file) => file.packageName === name);
    const compiled = files.filter((file) => file.path.startsWith(`packages/${name}/src/`));
    const shipped = compiled.filter((file) => !file.isTest);
    const uses = {
      src: usesOf(shipped),
      test: usesOf(files.filter((file) => !shipped.includes(file))),
    };
    return [
      ...checkBuildScript(project, name),
      ...checkDependencies(project, name, { folders, tools, uses }),
      ...checkReferences(project, name, { folders, uses: usesOf(compiled) }),
    ];
  });
}

/** turbo passes over a package without the script, and its dependents fail. @param {Project} project @param {string} name */
function checkBuildScript(project, name) {
  const path = `packages/${name}/package.json`;
  if (!project.byPath.has(`packages/${name}/tsconfig.json`)) return [];
  if (project.json(path).scripts?.build !== undefined) return [];
  return [{ path, line: 1, message: "no build script" }];
}

/** @param {import("./project.mjs").SourceFile[]} files @returns {Uses} */
function usesOf(files) {
  /** @type {Uses} */
  const uses = new Map();
  for (const file of files) {
    for (const { specifier, line } of file.imports) {
      if (resolveRelative(file.path, specifier) !== undefined) continue;
      if (specifier.startsWith("node:") || builtinModules.includes(specifier)) continue;
      const target = packageOf(specifier).name;
      if (!uses.has(target)) uses.set(target, { file, line });
    }
  }
  return uses;
}

/**
 * @param {Project} project @param {string} name
 * @param {{ folders: Map<string, string>, tools: Set<string>, uses: { src: Uses, test: Uses } }} context
 */
function checkDependencies(project, name, { folders, tools, uses }) {
  const path = `packages/${name}/package.json`;
  const manifest = project.json(path);
  const needs = { ...manifest.dependencies, ...manifest.peerDependencies };
  const optional = { ...manifest.optionalDependencies };
  const declared = new Set(Object.keys({ ...needs, ...optional }));
  const forTests = new Set([...declared, ...tools, ...Object.keys(manifest.devDependencies ?? {})]);
  /** @type {Problem[]} */
  const problems = [];
  // A private package is never installed alone: the root's tools are its own.
  const forSources = manifest.private === true ? forTests : declared;
  for (const [target, { file, line }] of uses.src) {
    if (target !== manifest.name && !forSources.has(target)) {
      problems.push(file.problem(line, `${target} is not among the dependencies in ${path}`));
    }
  }
  for (const [target, { file, line }] of uses.test) {
    if (target !== manifest.name && !forTests.has(target) && !folders.has(target)) {
      problems.push(file.problem(line, `${target} is not among the devDependencies in ${path}`));
    }
  }
  for (const target of Object.keys(needs)) {
    if (!uses.src.has(target) && !uses.test.has(target)) {
      problems.push(lineOf(project, path, `"${target}"`, `nothing imports ${target}`));
    }
  }
  return problems;
}

/** @param {Project} project @param {string} name @param {{ folders: Map<string, string>, uses: Uses }} context */
function checkReferences(project, name, { folders, uses }) {
  const path = `packages/${name}/tsconfig.json`;
  const config = project.json(path);
  if (config === undefined) return [];
  /** @type {string[]} */
  const references = (config.references ?? []).map((/** @type {{ path: string }} */ r) =>
    r.path.replace("../", ""),
  );
  /** @type {Problem[]} */
  const problems = [];
  const needed = new Set();
  for (const [target, { file, line }] of uses) {
    const folder = folders.get(target);
    if (folder === undefined || folder === name) continue;
    needed.add(folder);
    if (!references.includes(folder)) {
      problems.push(file.problem(line, `${path} has no reference to ../${folder}`));
    }
  }
  for (const folder of references.filter((reference) => !needed.has(reference))) {
    problems.push(lineOf(project, path, `../${folder}`, `nothing imports packages/${folder}`));
  }
  return problems;
}

/** @param {Project} project @param {string} path @param {string} mark @param {string} message */
function lineOf(project, path, mark, message) {
  const file = project.byPath.get(path);
  const line = file === undefined ? 1 : file.lineAt(Math.max(0, file.text.indexOf(mark)));
  return { path, line, message };
}
