import { array, DOUBLE, LONG, LPWSTR, struct, type Type, ULONG, unique } from "@callfactory/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileType } from "../src/ndr/compile.ts";
import {
  composedCodec,
  generatedCodec,
  type ValuesCodec,
} from "../src/ndr/generate/direction-source.ts";
import { isKnown } from "../src/ndr/generate/known.ts";
import type { Scope } from "../src/ndr/codec.ts";
import { newScope } from "../src/ndr/scope.ts";
import { NdrReader, NdrWriter } from "../src/index.ts";
import { anyTyped } from "./arbitraries.ts";
import { bytesHost } from "./calls.ts";

const scope = (): Scope => newScope(bytesHost, [], [], false);

function both(type: Type): readonly [ValuesCodec, ValuesCodec] {
  const names = () => null;
  const codecs = [compileType(type, names)];
  return [generatedCodec([type], codecs, names), composedCodec(codecs)];
}

function written(codec: ValuesCodec, value: unknown): Uint8Array {
  const writer = new NdrWriter(8);
  codec.write(writer, [value], scope());
  return writer.bytes();
}

/** What comes of bytes: a value and how many of them it took, or a failure. */
function outcome(codec: ValuesCodec, bytes: Uint8Array): unknown {
  const reader = new NdrReader(bytes);
  const values: unknown[] = [undefined];
  try {
    codec.read(reader, values, scope());
  } catch (error) {
    return (error as { hr?: number }).hr ?? error;
  }
  return { values, read: reader.offset };
}

const NODE = struct("NODE", { weight: DOUBLE, name: LPWSTR, count: ULONG });

describe("generated source", () => {
  test("writes the bytes that codecs write", () => {
    const typed = anyTyped.chain(({ type, values }) => fc.tuple(fc.constant(type), values));

    fc.assert(
      fc.property(typed, ([type, value]) => {
        const [generated, composed] = both(type);

        expect(written(generated, value)).toEqual(written(composed, value));
      }),
      { numRuns: 1000 },
    );
  }, 120_000);

  test("makes of damaged bytes what codecs make of them", () => {
    const damaged = anyTyped.chain(({ type, values }) =>
      fc.tuple(fc.constant(type), values, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat()),
    );

    fc.assert(
      fc.property(damaged, ([type, value, place, byte, cut]) => {
        const [generated, composed] = both(type);
        const bytes = written(composed, value);
        if (bytes.length > 0) bytes[place % bytes.length] = byte;
        const seen = bytes.subarray(0, bytes.length - (cut % 3 === 0 ? cut % 9 : 0));

        expect(outcome(generated, seen)).toEqual(outcome(composed, seen));
      }),
      { numRuns: 3000 },
    );
  }, 120_000);

  test("reads sizes before the arrays that they size, wherever they stand", () => {
    const type = struct("LATE", {
      values: unique(array(LONG, { sizeIs: "count" })),
      name: LPWSTR,
      count: ULONG,
    });
    const value = { values: Int32Array.of(1, 2, 3), name: "late", count: 3 };
    const [generated, composed] = both(type);

    expect(isKnown(type)).toBe(true);
    expect(outcome(generated, written(generated, value))).toMatchObject({ values: [value] });
    expect(written(generated, value)).toEqual(written(composed, value));
  });

  test("members may have any name", () => {
    const names = ["__proto__", "a b", "'\"`${x}\\", "constructor", "\u2028", "1", "k0", "v", "w"];
    const type = struct(
      "NAMES",
      Object.fromEntries(names.map((name) => [name, unique(NODE)] as const)),
    );
    const value = Object.fromEntries(
      names.map((name, i) => [name, i % 2 === 0 ? null : { weight: i, name, count: i }] as const),
    );
    const [generated, composed] = both(type);
    const bytes = written(generated, value);

    expect(bytes).toEqual(written(composed, value));
    const { values } = outcome(generated, bytes) as { values: [object] };
    expect(new Map(Object.entries(values[0]))).toEqual(new Map(Object.entries(value)));
  });

  test("gives way to codecs where it would grow without bounds", () => {
    let type: Type = NODE;
    for (let depth = 0; depth < 12; depth++) {
      type = struct(`LEVEL${depth}`, { a: unique(type), b: unique(type) });
    }

    expect(isKnown(type)).toBe(false);
    expect(isKnown(struct("FLAT", { a: unique(NODE), b: unique(NODE) }))).toBe(true);
  });
});
