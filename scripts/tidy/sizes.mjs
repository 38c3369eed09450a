// Limits on files and on C++ functions. The linter counts the lines of TypeScript functions.

const FUNCTION_LINES = 60;

/** @param {import("./project.mjs").SourceFile} file */
function limitOf(file) {
  if (file.kind === "script") return file.isTest ? 300 : 400;
  if (file.kind === "cpp") return /\.hh?$/.test(file.path) ? 120 : 250;
  return undefined;
}

/**
 * @param {import("./project.mjs").Project} project
 * @returns {import("./project.mjs").Problem[]}
 */
export function checkSizes(project) {
  const files = project.files.flatMap((file) => {
    const limit = limitOf(file);
    if (limit === undefined || file.lineCount <= limit) return [];
    return file.problem(
      limit + 1,
      `${file.lineCount} lines; the limit is ${limit}: split the file`,
    );
  });
  return [...files, ...project.cpp.flatMap(checkFunctions)];
}

/** @param {import("./project.mjs").SourceFile} file */
function checkFunctions(file) {
  return functionBlocks(file.code).flatMap(({ from, to }) => {
    const line = file.lineAt(from);
    const count = file.lineAt(to) - line + 1;
    if (count <= FUNCTION_LINES) return [];
    return file.problem(line, `a function of ${count} lines; the limit is ${FUNCTION_LINES}`);
  });
}

const CONTAINER = /\b(?:namespace|class|struct|union|enum|extern)\b[^()=]*$/;
const INITIALIZER = /[=,({]\s*$/;

/**
 * Finds the outermost brace blocks that are function bodies: not those of namespaces and types,
 * which are containers, nor initializers.
 *
 * @param {string} code
 */
function functionBlocks(code) {
  /** @type {{ from: number, to: number }[]} */
  const blocks = [];
  /** @type {{ at: number, container: boolean }[]} */
  const open = [];
  const flat = code.replace(/^[ \t]*#(?:[^\n\\]|\\\n|\\.)*/gm, (text) =>
    text.replace(/[^\n]/g, " "),
  );
  let last = 0;
  for (const { 0: sign, index } of flat.matchAll(/[{};]/g)) {
    const inside = open.some((block) => !block.container);
    if (sign === "{") {
      const head = flat.slice(last, index);
      open.push({ at: index, container: CONTAINER.test(head) || INITIALIZER.test(head) });
    }
    if (sign === "}") {
      const block = open.pop();
      const outermost = block !== undefined && !block.container && !open.some((b) => !b.container);
      if (outermost) blocks.push({ from: block.at, to: index });
    }
    if (!inside || sign !== ";") last = index + 1;
  }
  return blocks;
}
