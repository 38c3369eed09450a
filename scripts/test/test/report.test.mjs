import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { duration, summary, tallyOf } from "../report.mjs";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "callfactory-report-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** @param {readonly string[][]} files the outcomes of each file's tests @param {number} [exitCode] */
function tally(files, exitCode = 0) {
  const outcomes = files.flat();
  const reportPath = join(folder, "report.json");
  const report = {
    numTotalTests: outcomes.length,
    numPassedTests: outcomes.filter((status) => status === "passed").length,
    numFailedTests: outcomes.filter((status) => status === "failed").length,
    testResults: files.map((statuses) => ({
      status: statuses.length === 0 || statuses.includes("failed") ? "failed" : "passed",
      assertionResults: statuses.map((status) => ({ status })),
    })),
  };
  writeFileSync(reportPath, JSON.stringify(report));
  return tallyOf({ name: "a", reportPath, exitCode, durationMs: 5 });
}

describe("tallyOf", () => {
  it("counts what passed and what failed", () => {
    expect(
      tally(
        [
          ["passed", "passed"],
          ["passed", "failed"],
        ],
        1,
      ),
    ).toEqual({
      name: "a",
      passed: 3,
      failed: 1,
      skipped: 0,
      durationMs: 5,
    });
  });

  it.each([
    ["no test at all", [], 0, "ran no test"],
    ["a file that did not load", [["passed"], []], 1, "1 files did not load"],
    ["a skipped test", [["passed", "pending"]], 0, "1 tests did not run"],
    ["a run that failed after its tests", [["passed"]], 3, "exit code 3"],
  ])("counts %s as a failure", (_, files, exitCode, note) => {
    expect(tally(files, exitCode)).toMatchObject({ failed: 1, note });
  });

  it.each(["absent.json", "broken.json"])("counts the report %s as a failure", (name) => {
    writeFileSync(join(folder, "broken.json"), "{");

    const run = { name: "a", reportPath: join(folder, name), exitCode: 0, durationMs: 5 };

    expect(tallyOf(run)).toMatchObject({ failed: 1, note: "wrote no report" });
  });
});

describe("summary", () => {
  it("ends with the sum of tests and failed steps", () => {
    const one = { name: "unit", passed: 2, failed: 1, skipped: 0, durationMs: 1500 };
    const two = { name: "other", passed: 4, failed: 0, skipped: 0, durationMs: 90_000 };

    const { text, failed } = summary([one, two], ["build"]);

    expect(failed).toBe(2);
    expect(text.split("\n")).toEqual([
      "suite  passed  failed      time",
      "unit        2       1     1.5 s",
      "other       4       0 1 min 30 s",
      "failed: build",
      "6 passed, 2 failed",
    ]);
  });
});

describe("duration", () => {
  it("writes seconds, then minutes", () => {
    expect([duration(49), duration(59_900), duration(61_000)]).toEqual([
      "0.0 s",
      "59.9 s",
      "1 min 1 s",
    ]);
  });
});
