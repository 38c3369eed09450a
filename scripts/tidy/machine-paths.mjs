// The tree holds for every machine: no folder of one machine, no address to download from.

const FOLDER = /(?<![\w.\-/\\@])\/(?:work|root|home|tmp|Users)\/[\w.-]+/g;
const DRIVE = /\b[A-Za-z]:\\{1,2}Users\\{1,2}\w+/g;
const DOWNLOAD =
  /"resolved":\s*"(?:https?|git)|\bhttps?:\/\/[^\s"'`)>]+\.(?:tgz|tar\.\w+|zip|exe|msi|deb)\b/g;

/**
 * @param {import("./project.mjs").Project} project
 * @returns {import("./project.mjs").Problem[]}
 */
export function checkMachinePaths(project) {
  return project.files.flatMap((file) => [
    ...report(file, FOLDER, "a folder of one machine"),
    ...report(file, DRIVE, "a folder of one machine"),
    ...report(file, DOWNLOAD, "an address to download from"),
  ]);
}

/** @param {import("./project.mjs").SourceFile} file @param {RegExp} pattern @param {string} what */
function report(file, pattern, what) {
  return [...file.text.matchAll(pattern)].map((match) =>
    file.problem(file.lineAt(match.index), `${what}: ${match[0]}`),
  );
}
