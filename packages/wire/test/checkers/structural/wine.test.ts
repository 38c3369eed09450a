import { beforeAll, describe, expect, test } from "vitest";
import { argsOf, request } from "../../calls.ts";
import { NdrWriter, writeOrpcThat } from "../../../src/index.ts";
import { bytesOf, hexOf } from "../../hex.ts";
import { EXTENT } from "../call-bytes.ts";
import { MORE_PROBE_CALLS } from "./more-probe-calls.ts";
import { PROBE_CALLS } from "./probe-types.ts";
import { remarshal } from "./run-remarshal.ts";

/** Words that stand for pointers, which may be anything but 0. */
function isReferent(word: number): boolean {
  return word >= 0x20000 && word < 0x20100 && word % 4 === 0;
}

/** `theirs` with our own referent ids, wherever both have one. */
function withOurReferents(ours: string, theirs: string): string {
  const [a, b] = [bytesOf(ours), bytesOf(theirs)];
  const [mine, other] = [new DataView(a.buffer), new DataView(b.buffer)];
  for (let at = 0; at + 4 <= Math.min(a.length, b.length); at += 4) {
    const word = mine.getUint32(at, true);
    if (isReferent(word) && other.getUint32(at, true) !== 0) other.setUint32(at, word, true);
  }
  return hexOf(b);
}

/** Which elements of arrays among `values` are one object. */
function sharing(values: readonly unknown[]): unknown {
  return values.map((value) =>
    Array.isArray(value) ? value.map((item) => value.indexOf(item)) : null,
  );
}

/** The slot of Extents, which takes an ORPCTHAT. */
const EXTENTS = 27;

function orpcThat(extents: number): string {
  const writer = new NdrWriter();
  writeOrpcThat(writer, { flags: 0, extents: Array.from({ length: extents }, () => EXTENT) });
  return hexOf(writer.bytes());
}

describe("Wine's rpcrt4 reads what we write, and writes the same:", () => {
  let written: readonly (string | null)[];
  const calls = [...PROBE_CALLS, ...MORE_PROBE_CALLS].map((call, i) => ({
    ...call,
    i,
    hex: hexOf(request(call.method, call.args)),
  }));
  beforeAll(() => {
    written = remarshal(calls);
  }, 180_000);

  test.each(calls)("$title", ({ method, args, hex, i }) => {
    const theirs = written[i] ?? "";

    expect(withOurReferents(hex, theirs)).toBe(hex);
    const read = argsOf(method, bytesOf(theirs));
    expect(read).toEqual(args);
    // What was one object is one object again.
    expect(read.map((value) => read.indexOf(value))).toEqual(
      args.map((value) => args.indexOf(value)),
    );
    expect(sharing(read)).toEqual(sharing(args));
  });
});

test("Wine's rpcrt4 reads our extents, and writes the same", () => {
  const hexes = [1, 2, 3].map(orpcThat);

  const written = remarshal(hexes.map((hex) => ({ slot: EXTENTS, hex })));

  expect(written.map((hex, i) => withOurReferents(hexes[i] ?? "", hex ?? ""))).toEqual(hexes);
}, 180_000);
