// Every rule ID in the tree is in the catalogue, once; conformance tests are titled by rules.

/** @typedef {import("./project.mjs").Project} Project */
/** @typedef {import("./project.mjs").Problem} Problem */

const CATALOGUE = /^packages\/tests\/src\/rules\//;
const CONFORMANCE = /^packages\/tests\/src\/conformance\/.*\.ts$/;
const GROUPS =
  "DISC CALL BEG FIN FNF SYNC SRV CONV CAN SEC APT NOT INP MAR LIFE GIT ACT REG IDL EVT ROT".split(
    " ",
  );
const ID = `(?:${GROUPS.join("|")})-\\d+[a-z]?`;

// Identifiers of other worlds look alike: MS-CAN-1, a GUID's -ACT-, OPC-CALL.
const MENTION = new RegExp(`(?<![\\w-])${ID}(?![\\w-])`, "g");
const KEY = new RegExp(`(?<=(?:^|[{,(\\s])\\s*["'])${ID}(?=["']\\s*:)`, "gm");
const TITLE = /(?<![.\w$])(?:test|it|conformance)(?:\.\w+)*\s*(?:\([^()]*\)\s*)?\(\s*(["'`])/g;

/**
 * Reads the IDs that the catalogue defines; each with the place of its definition.
 *
 * @param {Project} project
 */
export function readCatalogue(project) {
  /** @type {Map<string, { file: import("./project.mjs").SourceFile, line: number }[]>} */
  const places = new Map();
  for (const file of project.scripts.filter(
    ({ path, isTest }) => CATALOGUE.test(path) && !isTest,
  )) {
    for (const match of file.text.matchAll(KEY)) {
      if (!/["']/.test(file.code[match.index - 1] ?? "")) continue;
      const known = places.get(match[0]) ?? [];
      places.set(match[0], [...known, { file, line: file.lineAt(match.index) }]);
    }
  }
  return places;
}

/**
 * @param {Project} project
 * @returns {Problem[]}
 */
export function checkRuleIds(project) {
  const catalogue = readCatalogue(project);
  const twice = [...catalogue].flatMap(([id, places]) =>
    places.slice(1).map(({ file, line }) => file.problem(line, `${id} is defined twice`)),
  );
  // The catalogue's own tests ask for rules that do not exist.
  const mentioning = project.files.filter(({ path, isTest }) => !isTest || !CATALOGUE.test(path));
  const unknown = mentioning.flatMap((file) =>
    [...file.text.matchAll(MENTION)]
      .filter((match) => !catalogue.has(match[0]))
      .map((match) =>
        file.problem(file.lineAt(match.index), `${match[0]} is not in the catalogue`),
      ),
  );
  return [...twice, ...unknown];
}

/**
 * @param {Project} project
 * @returns {Problem[]}
 */
export function checkTestTitles(project) {
  // A title that is computed begins with what a case was declared with.
  const starts = new RegExp(`^(?:${ID}(?: \\S|["'])|\\$\\{)`);
  return project.scripts
    .filter(({ path }) => CONFORMANCE.test(path))
    .flatMap((file) =>
      [...file.code.matchAll(TITLE)].flatMap((match) => {
        const title = file.text.slice(match.index + match[0].length);
        if (starts.test(title)) return [];
        const message = "a conformance test's title begins with a rule ID";
        return file.problem(file.lineAt(match.index), message);
      }),
    );
}
