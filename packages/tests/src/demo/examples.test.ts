import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ComFunctions } from "@callfactory/core";
import { describe, test } from "vitest";
import { isRuleId } from "../rules/catalogue.ts";

const EXAMPLES = new URL("../../../../examples/", import.meta.url);

const programs = (await readdir(EXAMPLES)).filter((name) => name.endsWith(".mjs"));

function read(path: string): Promise<string> {
  return readFile(new URL(path, EXAMPLES), "utf8");
}

describe("the examples", () => {
  test.each(programs)("%s prints its transcript", async (program) => {
    const expected = await read(`transcripts/${program.replace(/mjs$/, "txt")}`);

    const path = fileURLToPath(new URL(program, EXAMPLES));
    const { stdout } = await promisify(execFile)(process.execPath, [path]);

    assert.equal(stdout, expected);
  });

  test("each have a line in the index", async () => {
    const index = await read("README.md");

    const missing = programs.filter((program) => !index.includes(`](${program})`));

    assert.deepEqual(missing, []);
  });

  test("leave no transcript behind that nothing prints", async () => {
    const transcripts = await readdir(new URL("transcripts/", EXAMPLES));

    const printed = programs.map((program) => program.replace(/mjs$/, "txt"));
    assert.deepEqual(transcripts.sort(), printed.sort());
  });
});

describe("the guide to the emulator", () => {
  test("shows its example as it is", async () => {
    const guide = await read("../docs/emulator.md");

    assert.equal(/```js\n([^]*?)```/.exec(guide)?.[1], await read("emulator.mjs"));
  });

  test("leads to rules that exist", async () => {
    const guide = await read("../docs/emulator.md");

    const rules = [...guide.matchAll(/CONFORMANCE\.md#([a-z]+-\d+)/g)].map(([, id = ""]) => id);
    assert.ok(rules.length > 0);
    assert.deepEqual(
      rules.filter((id) => !isRuleId(id.toUpperCase())),
      [],
    );
  });

  test("names every function, and no other", async () => {
    const section = (await read("../docs/emulator.md")).split("## Functions\n")[1] ?? "";

    const named = [...section.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    assert.deepEqual(new Set(named), new Set(ComFunctions.members.keys()));
  });

  test("has a section for each line of its contents", async () => {
    const guide = await read("../docs/emulator.md");

    const sections = [...guide.matchAll(/^## (.*)$/gm)].map(([, title = ""]) => title);
    const contents = [...guide.matchAll(/^\* \[(.*)\]\(#(.*)\)$/gm)];
    assert.deepEqual(
      contents.map(([, title]) => title),
      sections,
    );
    assert.deepEqual(
      contents.map(([, , anchor]) => anchor),
      sections.map((title) =>
        title
          .toLowerCase()
          .replace(/[^a-z -]/g, "")
          .replace(/ /g, "-"),
      ),
    );
  });
});
