// A file is named after the one thing that it holds.

const VAGUE = /^(?:utils?|helpers?|common|misc|shared|stuff)$/;
const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;
const SNAKE = /^[a-z0-9]+(?:_[a-z0-9]+)*$/;

/**
 * @param {import("./project.mjs").Project} project
 * @returns {import("./project.mjs").Problem[]}
 */
export function checkFileNames(project) {
  return project.files.flatMap((file) => {
    const parts = file.path.split("/");
    const stem = (parts.pop() ?? "").replace(/(?:\.(?:test|config|d))?\.[^.]+$/, "");
    const vague = [stem, ...parts].find((part) => VAGUE.test(part));
    if (vague !== undefined) return file.problem(1, `"${vague}" names nothing`);
    if (file.kind === "script" && !KEBAB.test(stem)) {
      return file.problem(1, "TypeScript files are named in kebab-case");
    }
    if (file.kind === "cpp" && !SNAKE.test(stem)) {
      return file.problem(1, "C++ files are named in snake_case");
    }
    return [];
  });
}
