import { ComError, IPipeByte, IPipeDouble, type Method } from "@callfactory/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeObjRef, methodCodec, NdrReader, readOrpcThat, readOrpcThis } from "../src/index.ts";
import { anyTyped } from "./arbitraries.ts";
import { bytesHost, request, takes } from "./calls.ts";
import { golden } from "./hex.ts";

/** Runs `decode`; anything but a value or a ComError fails the test. */
function survives(decode: () => unknown): void {
  try {
    decode();
  } catch (error) {
    if (!(error instanceof ComError)) throw error;
  }
}

/** Words that counts, offsets and pointers like to trip over, and anything else. */
const anyWord = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 1, 2, 3, 4, 8, 16, 0x20000, 0x72657355) },
  { weight: 1, arbitrary: fc.constantFrom(0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffffffff }) },
);

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 120 }),
  fc
    .array(anyWord, { maxLength: 30 })
    .map((words) => new Uint8Array(Uint32Array.from(words).buffer)),
);

/** A change to a message: cut it, or put one word somewhere. */
const anyDamage = fc.record({ at: fc.nat(), word: anyWord, cut: fc.boolean() });

function damaged(
  bytes: Uint8Array,
  damage: { at: number; word: number; cut: boolean },
): Uint8Array {
  if (bytes.length === 0) return bytes;
  const at = damage.at % bytes.length;
  if (damage.cut) return bytes.slice(0, at);
  const copy = bytes.slice();
  for (let i = 0; i < 4 && at + i < copy.length; i++) copy[at + i] = damage.word >>> (8 * i);
  return copy;
}

test("40,000 messages of arbitrary bytes, each for a type of its own", () => {
  fc.assert(
    fc.property(
      anyTyped,
      fc.array(anyBytes, { minLength: 20, maxLength: 20 }),
      ({ type }, many) => {
        const codec = methodCodec(takes(type));
        for (const bytes of many) {
          survives(() => codec.decodeRequest(new NdrReader(bytes), bytesHost));
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test("40,000 damaged messages of arbitrary types", () => {
  const anyCall = anyTyped.chain(({ type, values }) => fc.tuple(fc.constant(type), values));

  fc.assert(
    fc.property(anyCall, fc.array(anyDamage, { minLength: 20, maxLength: 20 }), (call, damages) => {
      const [type, value] = call;
      const of = takes(type);
      const codec = methodCodec(of);
      const bytes = request(of, [value]);
      for (const damage of damages) {
        survives(() => codec.decodeRequest(new NdrReader(damaged(bytes, damage)), bytesHost));
      }
    }),
    { numRuns: 2000 },
  );
});

test("20,000 replies to the pipes", () => {
  const pulls = [IPipeByte, IPipeDouble].map(({ members }) =>
    methodCodec(members.get("Pull") as Method),
  );

  fc.assert(
    fc.property(anyBytes, anyWord, (bytes, size) => {
      for (const pull of pulls) {
        survives(() => pull.decodeReply(new NdrReader(bytes), [size], bytesHost));
      }
    }),
    { numRuns: 10_000 },
  );
});

test("40,000 headers and OBJREFs, arbitrary and damaged", () => {
  const objref = golden("objref-standard");
  const header = golden("add-40-2");

  fc.assert(
    fc.property(anyBytes, anyDamage, (bytes, damage) => {
      survives(() => readOrpcThis(new NdrReader(damaged(header, damage))));
      survives(() => readOrpcThat(new NdrReader(bytes)));
      survives(() => decodeObjRef(bytes));
      survives(() => decodeObjRef(damaged(objref, damage)));
    }),
    { numRuns: 10_000 },
  );
});

test("counts beyond the bytes are refused before anything is allocated", () => {
  const before = process.memoryUsage().arrayBuffers;
  const bytes = new Uint8Array(64).fill(0xff);
  const { members } = IPipeDouble;
  const push = methodCodec(members.get("Push") as Method);

  for (let i = 0; i < 1000; i++)
    survives(() => push.decodeRequest(new NdrReader(bytes), bytesHost));

  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20);
});
