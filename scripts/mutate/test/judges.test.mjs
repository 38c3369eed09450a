import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judgeAll, runBaseline } from "../judges.mjs";

// Stands for the bundled suite: what its two cases do depends on the mutant that is on.
const SUITE = `
const on = globalThis.__callfactoryMutant;
const never = () => new Promise(() => {});
const turn = () => new Promise((resolve) => setImmediate(resolve));
const endless = async () => { for (;;) await turn(); };
const bodies = {
  first: async () => {
    await turn();
    if (on(1)) throw new Error("one is on");
    if (on(2)) await never();
    if (on(3)) await endless();
    if (on(4)) setImmediate(() => { throw new Error("nobody catches this"); });
  },
  second: async () => { if (on(5)) throw new Error("five is on"); on(6); },
};
export const cases = Object.keys(bodies).map((title) => ({ title }));
export const run = ({ title }) => bodies[title]();
`;

let folder = "";
let file = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "callfactory-judges-"));
  writeFileSync(join(folder, "suite.mjs"), SUITE);
  file = pathToFileURL(join(folder, "suite.mjs")).href;
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("runBaseline", () => {
  it("finds the mutants that each case reaches", async () => {
    expect(await runBaseline(file)).toEqual([
      { title: "first", reached: [1, 2, 3, 4], failure: null },
      { title: "second", reached: [5, 6], failure: null },
    ]);
  });
});

describe("judgeAll", () => {
  it.each([
    [1, "first", "one is on"],
    [2, "first", "hangs: nothing can run any more"],
    [3, "first", "hangs: it goes on for ever"],
    [4, "first", "nobody catches this"],
    [5, "second", "five is on"],
    [6, null, ""],
  ])("judges mutant %i: %s", async (mutant, killer, how) => {
    expect(await judgeAll(file, [{ mutant, cases: [0, 1] }])).toMatchObject([
      { mutant, killer, how },
    ]);
  });

  it("goes on with the next mutant after one that goes on for ever", async () => {
    const trials = [3, 6, 5, 6].map((mutant) => ({ mutant, cases: [0, 1] }));

    const verdicts = await judgeAll(file, trials);

    expect(verdicts.map(({ killer }) => killer)).toEqual(["first", null, "second", null]);
  });

  it("lets a mutant survive that no case reaches", async () => {
    expect(await judgeAll(file, [{ mutant: 7, cases: [] }])).toMatchObject([{ killer: null }]);
  });
});
