import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, test } from "vitest";
import { runSlowPipeDemo } from "./slow-pipe-demo.ts";

const TOP = new URL("../../../../", import.meta.url);
const EXAMPLE = new URL("examples/pull.mjs", TOP);

describe("the demo", () => {
  test("draws exact virtual times on the emulator", async () => {
    const lines = await runSlowPipeDemo({ backend: "emulator" });

    const outcomes = lines
      .filter((line) => line.includes("│"))
      .map((line) => line.replace(/│.*│/, "│").replace(/ +/g, " "));
    assert.deepEqual(outcomes, [
      "Pull(50) 0 │ 50 ms 50 bytes, lane call-object",
      "Pull(100) 0 │ 100 ms 100 bytes, lane call-object",
      "Pull(150) 0 │ 150 ms 150 bytes, lane call-object",
      "Begin_Pull(60) 150 │ 60 ms 60 bytes after 2 polls of 20 ms",
      "Pull(200) 210 │ 30 ms [RPC_E_CALL_CANCELED] IPipeByte::Pull",
      "Begin_Push(40) 240 │ 0 ms abandoned; the emulator cleans up",
    ]);
  });
});

describe("the README", () => {
  test("shows the example as it is", async () => {
    const readme = await readFile(new URL("README.md", TOP), "utf8");
    const example = await readFile(EXAMPLE, "utf8");

    const shown = /```js\n([^]*?)```/.exec(readme)?.[1];
    assert.equal(shown, example);
  });

  test("shows an example of at most 12 lines that runs", async () => {
    const example = await readFile(EXAMPLE, "utf8");

    const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(EXAMPLE)]);

    assert.equal(stdout, "1024\n");
    assert.ok(example.trimEnd().split("\n").length <= 12);
  });
});
