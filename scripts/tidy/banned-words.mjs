// What the language or a test runner offers and this project does without.

/**
 * @typedef {object} Ban
 * @property {RegExp} pattern
 * @property {string} message
 * @property {(file: import("./project.mjs").SourceFile) => boolean} [applies]
 */

/** @param {import("./project.mjs").SourceFile} file */
const isTypeScript = (file) => /\.m?ts$/.test(file.path);

/** Tools read their settings from a default export. @param {import("./project.mjs").SourceFile} file */
const isNotConfig = (file) => !/\.config\.m?[jt]s$/.test(file.path);

/** @type {Ban[]} */
const IN_CODE = [
  {
    pattern: /\b(?:test|it|describe|suite|bench|rule)\s*(?:\.\w+)*\.(?:skip|only|todo)(?:If)?\b/g,
    message: "tests are neither skipped nor singled out: declare what the test needs",
  },
  { pattern: /\bexport\s+default\b/g, message: "no default exports", applies: isNotConfig },
  { pattern: /\bexport\s*(?:type\s*)?\*/g, message: "no export *: name what leaves the file" },
  {
    pattern: /(?<![.\w$])(?:const\s+)?enum\s+[A-Za-z_$][\w$]*\s*\{/g,
    message: "no enum: a union of literals",
    applies: isTypeScript,
  },
  {
    pattern: /(?<![.\w$])(?:namespace|module)\s+[A-Za-z_$][\w$.]*\s*\{/g,
    message: "no namespace: a module is one already",
    applies: isTypeScript,
  },
  {
    pattern: /(?:(?<=[:<|&,([]\s*|\bas\s+|\bextends\s+|=>\s*)any\b(?!\s*[:(?]|\s*=>))/g,
    message: "no any: unknown, narrowed once",
    applies: isTypeScript,
  },
];

/** @type {Ban[]} */
const IN_COMMENTS = [
  {
    pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/g,
    message: "unfinished work does not belong in the sources",
  },
  {
    pattern: /@ts-(?:ignore|nocheck|expect-error)\b/g,
    message: "the type checker is not silenced",
  },
];

/**
 * @param {import("./project.mjs").Project} project
 * @returns {import("./project.mjs").Problem[]}
 */
export function checkBannedWords(project) {
  return project.files.flatMap((file) => [
    ...(file.kind === "script" ? inCode(file) : []),
    ...(file.kind === "text" ? [] : inComments(file)),
  ]);
}

/** @param {import("./project.mjs").SourceFile} file */
function inCode(file) {
  const bans = IN_CODE.filter((ban) => ban.applies?.(file) ?? true);
  return bans.flatMap(({ pattern, message }) =>
    [...file.code.matchAll(pattern)].map((match) =>
      file.problem(file.lineAt(match.index), message),
    ),
  );
}

/** @param {import("./project.mjs").SourceFile} file */
function inComments(file) {
  return file.scan.comments.flatMap(({ line, text }) =>
    IN_COMMENTS.flatMap(({ pattern, message }) =>
      [...text.matchAll(pattern)].map((match) => {
        const lines = text.slice(0, match.index).split("\n").length - 1;
        return file.problem(line + lines, `${match[0]}: ${message}`);
      }),
    ),
  );
}
