// The tree as tidy sees it: every file that is, or would be, tracked.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readImports } from "./imports.mjs";
import { lineAt, scan } from "./scan.mjs";

/**
 * @typedef {object} Problem
 * @property {string} path
 * @property {number} line
 * @property {string} message
 *
 * @typedef {"script" | "cpp" | "text"} Kind
 */

const KINDS = new Map(
  Object.entries({
    ts: "script",
    mts: "script",
    mjs: "script",
    cjs: "script",
    js: "script",
  }).concat(Object.entries({ h: "cpp", hh: "cpp", cc: "cpp", cpp: "cpp", c: "cpp" })),
);

const BINARY = /\.(?:png|ico|gif|bin|dll|exe|node|tlb|pcap|gz|zip)$/;

/** One file; scanned when a rule first asks. */
export class SourceFile {
  /** @type {import("./scan.mjs").Scan | undefined} */
  #scan;
  /** @type {import("./imports.mjs").Import[] | undefined} */
  #imports;

  /** @param {string} path relative to the root, with slashes @param {string} text */
  constructor(path, text) {
    this.path = path;
    this.text = text;
    /** @type {Kind} */
    this.kind = /** @type {Kind} */ (KINDS.get(path.slice(path.lastIndexOf(".") + 1)) ?? "text");
    /** The folder under packages/, or undefined elsewhere. */
    this.packageName = /^packages\/([^/]+)\//.exec(path)?.[1];
    this.isTest =
      /\.test\.[a-z]+$/.test(path) || /^(?:packages\/[^/]+|scripts\/[^/]+)\/test\//.test(path);
  }

  get scan() {
    this.#scan ??= scan(this.text, this.kind === "cpp" ? "cpp" : "script");
    return this.#scan;
  }

  /** The code alone, of the same length as the text; for other files than code, the text. */
  get code() {
    return this.kind === "text" ? this.text : this.scan.code;
  }

  get imports() {
    this.#imports ??= this.kind === "script" ? readImports(this.text, this.code) : [];
    return this.#imports;
  }

  get lineCount() {
    return this.text === "" ? 0 : this.text.replace(/\n$/, "").split("\n").length;
  }

  /** @param {number} offset */
  lineAt(offset) {
    return lineAt(this.text, offset);
  }

  /** @param {number} line @param {string} message @returns {Problem} */
  problem(line, message) {
    return { path: this.path, line, message };
  }
}

/** All files, by path. */
export class Project {
  /** @param {Iterable<SourceFile>} files */
  constructor(files) {
    /** @type {Map<string, SourceFile>} */
    this.byPath = new Map([...files].map((file) => [file.path, file]));
    this.files = [...this.byPath.values()];
  }

  /** TypeScript and JavaScript. */
  get scripts() {
    return this.files.filter((file) => file.kind === "script");
  }

  get cpp() {
    return this.files.filter((file) => file.kind === "cpp");
  }

  /** The names of the folders in packages/ that have a manifest. */
  get packages() {
    const names = this.files.flatMap(
      (f) => /^packages\/([^/]+)\/package\.json$/.exec(f.path)?.[1] ?? [],
    );
    return names.toSorted();
  }

  /** @param {string} path */
  json(path) {
    const file = this.byPath.get(path);
    try {
      return file === undefined ? undefined : JSON.parse(file.text);
    } catch (cause) {
      throw new Error(`${path} is not JSON`, { cause });
    }
  }
}

/**
 * Builds a project from texts by path.
 *
 * @param {Record<string, string>} texts
 */
export function projectOf(texts) {
  return new Project(Object.entries(texts).map(([path, text]) => new SourceFile(path, text)));
}

/**
 * Reads the tree at `root`: tracked files, and new ones that .gitignore does not hide.
 *
 * @param {string} root
 */
export function readProject(root) {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listed = execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  const paths = [...new Set(listed.split("\0"))].filter(
    (path) => path !== "" && !BINARY.test(path),
  );
  const present = paths.filter((path) => existsSync(join(root, path)));
  return new Project(
    present.map((path) => new SourceFile(path, readFileSync(join(root, path), "utf8"))),
  );
}
