import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const README = readFileSync(new URL("README.md", import.meta.url), "utf8");
const [, TWICE = "", ONCE = ""] = README.split(/^## .*$/m);

/** The rows of a table, without its head. */
function rowsOf(section: string): string[][] {
  const lines = section.split("\n").filter((line) => line.startsWith("| "));
  return lines.slice(1).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** The tests that a row names: a file, and a piece of its text. */
function marksOf(cells: readonly string[]): { file: string; text: string }[] {
  return cells.flatMap((cell) =>
    [...cell.matchAll(/\]\((\S+) "((?:\\.|[^"\\])*)"\)/g)].map(([, file = "", text = ""]) => ({
      file,
      text: text.replaceAll('\\"', '"'),
    })),
  );
}

const NAMED = [...rowsOf(TWICE), ...rowsOf(ONCE)].map(([structure = "", ...cells]) => ({
  structure,
  marks: marksOf(cells),
}));

test.each(NAMED)("the tests that README.md names are there: $structure", ({ marks }) => {
  const missing = marks.filter(
    ({ file, text }) => !readFileSync(new URL(file, import.meta.url), "utf8").includes(text),
  );

  expect(missing).toEqual([]);
});

test.each(rowsOf(TWICE))("two programs or more confirm %s", (_structure, ...cells) => {
  expect(cells.filter((cell) => marksOf([cell]).length > 0).length).toBeGreaterThanOrEqual(2);
});

test.each(rowsOf(ONCE))("one program or none confirms %s", (_structure, who = "") => {
  expect(who === "none" ? 0 : marksOf([who]).length).toBe(who === "none" ? 0 : 1);
});
