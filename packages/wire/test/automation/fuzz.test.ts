import { ComError, IDispatch, type Method, VARIANT } from "@callfactory/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { methodCodec, NdrReader } from "../../src/index.ts";
import { bytesHost, request, takes } from "../calls.ts";
import { anyVariant, AUTOMATION } from "./arbitraries.ts";

/** Runs `decode`; anything but a value or a ComError fails the test. */
function survives(decode: () => unknown): void {
  try {
    decode();
  } catch (error) {
    if (!(error instanceof ComError)) throw error;
  }
}

/** Words that VARIANTs and SAFEARRAYs are made of, and that counts trip over. */
const anyWord = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0, 1, 2, 3, 4, 8, 16, 0x72657355, 0x800d) },
  { weight: 2, arbitrary: fc.constantFrom(0x0880_0001, 0x0180_0001, 0x0080_0002, 0x0240_0001) },
  { weight: 2, arbitrary: fc.constantFrom(0x200c, 0x2000, 0x400c, 0x6000, 0x600c, 12, 13, 14) },
  { weight: 1, arbitrary: fc.constantFrom(0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffffffff }) },
);
const anyBytes = fc
  .array(anyWord, { maxLength: 40 })
  .map((words) => new Uint8Array(Uint32Array.from(words).buffer));
const anyDamage = fc.record({ at: fc.nat(), word: anyWord, cut: fc.boolean() });

function damaged(
  bytes: Uint8Array,
  { at, word, cut }: { at: number; word: number; cut: boolean },
): Uint8Array {
  const place = at % bytes.length;
  if (cut) return bytes.slice(0, place);
  const copy = bytes.slice();
  const aligned = place & -4;
  for (let i = 0; i < 4 && aligned + i < copy.length; i++) copy[aligned + i] = word >>> (8 * i);
  return copy;
}

test("30,000 messages of arbitrary words", () => {
  const codecs = AUTOMATION.map(({ type }) => methodCodec(takes(type)));

  fc.assert(
    fc.property(anyBytes, (bytes) => {
      for (const codec of codecs) {
        survives(() => codec.decodeRequest(new NdrReader(bytes), bytesHost));
      }
    }),
    { numRuns: Math.ceil(30_000 / codecs.length) },
  );
});

test("40,000 damaged VARIANTs", () => {
  const of = takes(VARIANT);
  const codec = methodCodec(of);

  fc.assert(
    fc.property(anyVariant, fc.array(anyDamage, { minLength: 20, maxLength: 20 }), (value, all) => {
      const bytes = request(of, [value]);
      for (const damage of all) {
        survives(() => codec.decodeRequest(new NdrReader(damaged(bytes, damage)), bytesHost));
      }
    }),
    { numRuns: 2000 },
  );
});

test("20,000 damaged SAFEARRAYs", () => {
  const anyCall = fc
    .constantFrom(...AUTOMATION)
    .chain(({ type, values }) => fc.tuple(fc.constant(type), values));

  fc.assert(
    fc.property(anyCall, fc.array(anyDamage, { minLength: 20, maxLength: 20 }), (call, all) => {
      const of = takes(call[0]);
      const codec = methodCodec(of);
      const bytes = request(of, [call[1]]);
      for (const damage of all) {
        survives(() => codec.decodeRequest(new NdrReader(damaged(bytes, damage)), bytesHost));
      }
    }),
    { numRuns: 1000 },
  );
});

test("counts beyond the bytes are refused before anything is allocated", () => {
  const invoke = methodCodec(IDispatch.members.get("Invoke") as Method);
  const before = process.memoryUsage().arrayBuffers;
  const codecs = [invoke, ...AUTOMATION.map(({ type }) => methodCodec(takes(type)))];

  for (let fill = 0; fill < 256; fill++) {
    const bytes = new Uint8Array(120).fill(fill);
    for (const codec of codecs) {
      survives(() => codec.decodeRequest(new NdrReader(bytes), bytesHost));
    }
  }

  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20);
});
