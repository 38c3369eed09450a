import {
  array,
  BOOL,
  BOOLEAN,
  BSTR,
  BYTE,
  CHAR,
  DOUBLE,
  enumeration,
  FLOAT,
  GUID,
  type Guid,
  guidFromBytes,
  IUnknown,
  LONG,
  LONGLONG,
  LPWSTR,
  pointerTo,
  ref,
  SHORT,
  struct,
  type Type,
  typedArrayOf,
  ULONG,
  ULONGLONG,
  unique,
  USHORT,
  VARIANT_BOOL,
} from "@callfactory/core";
import fc from "fast-check";
import type { DualStringArray, StdObjRef } from "../src/index.ts";

/** A type together with its values. */
export interface Typed {
  readonly type: Type;
  readonly values: fc.Arbitrary<unknown>;
}

export const anyGuid: fc.Arbitrary<Guid> = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => guidFromBytes(bytes));

/** UTF-16 code units, lone surrogates among them. */
const anyUnits = fc
  .array(fc.integer({ min: 1, max: 0xffff }), { maxLength: 40 })
  .map((units) => String.fromCharCode(...units));

const anyUint32 = fc.integer({ min: 0, max: 0xffffffff });

export const anyStdObjRef: fc.Arbitrary<StdObjRef> = fc.record({
  flags: anyUint32,
  publicRefs: anyUint32,
  oxid: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  oid: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  ipid: anyGuid,
});

const anyId = fc.integer({ min: 1, max: 0xffff });

export const anyDualStringArray: fc.Arbitrary<DualStringArray> = fc.record({
  stringBindings: fc.array(fc.record({ towerId: anyId, networkAddress: anyUnits }), {
    maxLength: 3,
  }),
  securityBindings: fc.array(fc.record({ authnService: anyId, principalName: anyUnits }), {
    maxLength: 3,
  }),
});

function int(type: Type, bits: number, signed: boolean): Typed {
  const min = signed ? -(2 ** (bits - 1)) : 0;
  return { type, values: fc.integer({ min, max: min + 2 ** bits - 1 }) };
}

const COLOR = enumeration("COLOR", { RED: 0, GREEN: 1 });
const COLOR_V1 = enumeration("COLOR_V1", { RED: 0, GREEN: 1 }, { v1: true });

/** Every type that holds no other. */
export const LEAVES: readonly Typed[] = [
  int(CHAR, 8, true),
  int(BYTE, 8, false),
  int(SHORT, 16, true),
  int(USHORT, 16, false),
  int(LONG, 32, true),
  int(ULONG, 32, false),
  { type: LONGLONG, values: fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }) },
  { type: ULONGLONG, values: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }) },
  { type: FLOAT, values: fc.float() },
  { type: DOUBLE, values: fc.double() },
  { type: BOOL, values: fc.boolean() },
  { type: BOOLEAN, values: fc.boolean() },
  { type: VARIANT_BOOL, values: fc.boolean() },
  { type: GUID, values: anyGuid },
  int(COLOR, 16, true),
  int(COLOR_V1, 32, true),
  { type: LPWSTR, values: fc.option(anyUnits) },
  { type: BSTR, values: fc.option(fc.oneof(anyUnits, fc.constant("a\0b"))) },
  {
    type: pointerTo(IUnknown),
    values: fc.option(fc.uint8Array({ minLength: 1, maxLength: 30 })),
  },
];

/** `count` elements in the shape that arrays of the element have. */
function elements(element: Typed, length: { minLength: number; maxLength: number }) {
  const kind = typedArrayOf(element.type);
  const plain = fc.array(element.values, length);
  return kind === null ? plain : plain.map((values) => new kind(values as never));
}

const CONFORMANT = { minLength: 0, maxLength: 5 };

function fixedArrayOf(element: Typed, length: number): Typed {
  const values = elements(element, { minLength: length, maxLength: length });
  return { type: array(element.type, { length }), values };
}

function pointersTo(target: Typed, kind: "ref" | "unique"): Typed {
  if (kind === "ref") return { type: ref(target.type), values: target.values };
  return { type: unique(target.type), values: fc.option(target.values) };
}

function structOf(members: readonly Typed[]): Typed {
  const fields = Object.fromEntries(members.map(({ type }, i) => [`m${i}`, type]));
  const values = Object.fromEntries(members.map((member, i) => [`m${i}`, member.values]));
  return { type: struct("S", fields), values: fc.record(values, { noNullPrototype: true }) };
}

/** A conformant array, which may stand behind a pointer or at the end of a structure. */
function conformantOf(element: Typed): Typed {
  return { type: array(element.type, {}), values: elements(element, CONFORMANT) };
}

const trees = fc.letrec<{ type: Typed; conformant: Typed; outermost: Typed }>((tie) => ({
  type: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(...LEAVES),
    fc.tuple(tie("outermost"), fc.constantFrom("ref", "unique")).map(([t, k]) => pointersTo(t, k)),
    fc.tuple(tie("type"), fc.integer({ min: 1, max: 4 })).map(([t, n]) => fixedArrayOf(t, n)),
    fc.array(tie("type"), { minLength: 1, maxLength: 5 }).map(structOf),
  ),
  conformant: fc.oneof(
    { depthSize: "small" },
    tie("type").map(conformantOf),
    fc
      .tuple(fc.array(tie("type"), { maxLength: 3 }), tie("conformant"))
      .map(([front, last]) => structOf([...front, last])),
  ),
  outermost: fc.oneof({ depthSize: "small" }, tie("type"), tie("conformant")),
}));

/** Any type that a parameter can have, with its values. */
export const anyTyped: fc.Arbitrary<Typed> = trees.outermost;
