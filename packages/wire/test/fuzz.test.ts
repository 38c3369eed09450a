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

/** Where a run of random numbers starts: many messages from one value that fast-check prints. */
const anySeed = fc.integer({ min: 1, max: 0x7fffffff });

/** Gives whole numbers below its argument, the same ones for the same seed (xorshift32). */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const WORDS = [
  0, 1, 2, 3, 4, 8, 16, 0x20000, 0x20004, 0x72657355, 0x7fffffff, 0xfffffffe, 0xffffffff,
];

function randomWord(random: (below: number) => number): number {
  return random(4) === 0 ? random(0xffffffff) : (WORDS.at(random(WORDS.length)) ?? 0);
}

function randomBytes(random: (below: number) => number): Uint8Array {
  const words = Uint32Array.from({ length: random(40) }, () => randomWord(random));
  const bytes = new Uint8Array(words.buffer);
  return bytes.subarray(random(2) * random(bytes.length + 1));
}

function randomDamage(random: (below: number) => number): Damage {
  return { at: random(0x10000), word: randomWord(random), cut: random(8) === 0 };
}

/** A change to a message: cut it, or put one word somewhere. */
const anyDamage = fc.record({ at: fc.nat(), word: anyWord, cut: fc.boolean() });

interface Damage {
  readonly at: number;
  readonly word: number;
  readonly cut: boolean;
}

function damaged(bytes: Uint8Array, damage: Damage): Uint8Array {
  if (bytes.length === 0) return bytes;
  // Words stand at multiples of four more often than not.
  const place = damage.at % bytes.length;
  const at = damage.at % 3 === 0 ? place : place & ~3;
  if (damage.cut) return bytes.slice(0, at);
  const copy = bytes.slice();
  for (let i = 0; i < 4 && at + i < copy.length; i++) copy[at + i] = damage.word >>> (8 * i);
  return copy;
}

/** Types of an arbitrary shape, and messages to each of them: more than a million in all. */
const TYPES = 2600;
const MESSAGES = 200;

test("520,000 messages of arbitrary bytes, 200 to a type", () => {
  fc.assert(
    fc.property(anyTyped, anySeed, ({ type }, seed) => {
      const codec = methodCodec(takes(type));
      const random = randomOf(seed);
      for (let i = 0; i < MESSAGES; i++) {
        const bytes = randomBytes(random);
        survives(() => codec.decodeRequest(new NdrReader(bytes), bytesHost));
      }
    }),
    { numRuns: TYPES },
  );
}, 120_000);

test("520,000 damaged messages, 200 to a type", () => {
  const anyCall = anyTyped.chain(({ type, values }) => fc.tuple(fc.constant(type), values));

  fc.assert(
    fc.property(anyCall, anySeed, ([type, value], seed) => {
      const of = takes(type);
      const codec = methodCodec(of);
      const bytes = request(of, [value]);
      const random = randomOf(seed);
      for (let i = 0; i < MESSAGES; i++) {
        const message = damaged(bytes, randomDamage(random));
        survives(() => codec.decodeRequest(new NdrReader(message), bytesHost));
      }
    }),
    { numRuns: TYPES },
  );
}, 120_000);

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
