import {
  arm,
  array,
  BOOL,
  BOOLEAN,
  BSTR,
  BYTE,
  CHAR,
  DOUBLE,
  defaultArm,
  enumeration,
  FLOAT,
  GUID,
  type Guid,
  guidFromBytes,
  IUnknown,
  type Label,
  lazy,
  LONG,
  LONGLONG,
  LPWSTR,
  pointerTo,
  ptr,
  ref,
  SHORT,
  stringOf,
  struct,
  type Type,
  typedArrayOf,
  ULONG,
  ULONGLONG,
  union,
  unique,
  USHORT,
  VARIANT_BOOL,
  WCHAR,
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

/** Characters of one byte, short enough for `length` with the NUL. */
function anyLatin1(maxLength: number): fc.Arbitrary<string> {
  return fc
    .array(fc.integer({ min: 1, max: 0xff }), { maxLength })
    .map((units) => String.fromCharCode(...units));
}

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
  { type: COLOR, values: fc.integer({ min: 0, max: 0x7fff }) },
  int(COLOR_V1, 32, true),
  { type: LPWSTR, values: fc.option(anyUnits) },
  { type: stringOf(WCHAR, { length: 41 }), values: anyUnits },
  { type: stringOf(BYTE, { length: 6 }), values: anyLatin1(5) },
  { type: ref(stringOf(WCHAR)), values: anyUnits },
  { type: unique(stringOf(CHAR)), values: fc.option(anyLatin1(300)) },
  { type: ptr(stringOf(WCHAR)), values: fc.option(anyUnits) },
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

function pointersTo(target: Typed, kind: "ref" | "unique" | "ptr"): Typed {
  if (kind === "ref") return { type: ref(target.type), values: target.values };
  const make = kind === "unique" ? unique : ptr;
  return { type: make(target.type), values: fc.option(target.values) };
}

const DISCRIMINANTS: readonly (readonly [Parameters<typeof union>[1], readonly Label[]])[] = [
  [BYTE, [0, 255]],
  [SHORT, [-1, 7]],
  [ULONG, [0xffffffff, 1]],
  [COLOR, [0, 1]],
  [COLOR_V1, [-1, 1]],
  [LONGLONG, [-1n, 5n]],
  [BOOLEAN, [true, false]],
];

/** A union of an arm with a value, one that may be empty, and a default where one is possible. */
function unionOf(one: Typed, other: Typed | null, which: number): Typed {
  const [discriminant, labels] = DISCRIMINANTS.at(which) ?? [BYTE, [0, 1]];
  const [first, second] = labels as [Label, Label];
  const tagged = (tag: Label, of: Typed | null): fc.Arbitrary<unknown> =>
    (of?.values ?? fc.constant(undefined)).map((value) => ({ tag, value }));
  const arms = [arm(first, one.type), other === null ? arm(second) : arm(second, other.type)];
  const values = [tagged(first, one), tagged(second, other)];
  if (discriminant === SHORT) {
    arms.push(defaultArm(one.type));
    values.push(tagged(1000, one));
  }
  return { type: union("U", discriminant, arms), values: fc.oneof(...values) };
}

/** A structure whose pointers lead to arrays that its members size. */
function sizedStructOf(element: Typed): Typed {
  const bound = { sizeIs: "size", lengthIs: "length" };
  const fields = {
    size: ULONG,
    all: unique(array(element.type, { sizeIs: "size" })),
    some: ptr(array(element.type, bound)),
    part: array(element.type, { length: 5, lengthIs: "length" }),
    length: USHORT,
  };
  const values = fc
    .tuple(elements(element, { minLength: 5, maxLength: 5 }), fc.nat(5), fc.boolean())
    .map(([five, length, isNull]) => ({
      size: 5,
      all: isNull ? null : five,
      some: five.slice(0, length),
      part: five,
      length,
    }))
    .filter(({ length }) => length === 5);
  return { type: struct("SIZED", fields), values };
}

interface Node {
  value: unknown;
  next: Node | null;
  other: Node | null;
}

/** Nodes that lead to each other and to themselves by [ptr] pointers, or down a tree by [unique] ones. */
function graphOf(element: Typed, kind: "unique" | "ptr"): Typed {
  const pointer = kind === "ptr" ? ptr : unique;
  const self = lazy<Node>((): Type => NODE);
  const NODE = struct("NODE", { value: element.type, next: pointer(self), other: pointer(self) });
  const anyEdge = fc.option(fc.nat(5));
  const anyNode = fc.record({ value: element.values, next: anyEdge, other: anyEdge });
  const values = fc.array(anyNode, { minLength: 1, maxLength: 6 }).map((drafts) => {
    const nodes = drafts.map(({ value }): Node => ({ value, next: null, other: null }));
    // A tree has an edge to each node but the first one, from the one before it.
    const at = (i: number, edge: number | null, tree: boolean): Node | null => {
      if (kind === "unique") return tree && edge !== null ? (nodes[i + 1] ?? null) : null;
      return edge === null ? null : (nodes[edge] ?? null);
    };
    for (const [i, node] of nodes.entries()) {
      const { next, other } = drafts.at(i) ?? { next: null, other: null };
      node.next = at(i, next, true);
      node.other = at(i, other, next === null);
    }
    return nodes[0];
  });
  return { type: pointer(NODE), values };
}

/** Two dimensions, or three, whose counts travel. */
function gridOf(element: Typed, depth: number): Typed {
  const row = array(element.type, {});
  const type = depth === 2 ? array(row, {}) : array(array(row, {}), {});
  const values = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat(3)).chain(([outer, inner]) => {
    const rows = (of: fc.Arbitrary<unknown>) =>
      fc.array(of, { minLength: outer, maxLength: outer });
    const one = elements(element, { minLength: inner, maxLength: inner });
    return depth === 2 ? rows(one) : rows(rows(one));
  });
  return { type, values };
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

const anyPointer = fc.constantFrom("ref" as const, "unique" as const, "ptr" as const);
const anyRecursion = fc.constantFrom("unique" as const, "ptr" as const);

const trees = fc.letrec<{ type: Typed; conformant: Typed; outermost: Typed }>((tie) => ({
  type: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(...LEAVES),
    fc.tuple(tie("outermost"), anyPointer).map(([t, k]) => pointersTo(t, k)),
    fc.tuple(tie("type"), fc.integer({ min: 1, max: 4 })).map(([t, n]) => fixedArrayOf(t, n)),
    fc.array(tie("type"), { minLength: 1, maxLength: 5 }).map(structOf),
    fc
      .tuple(tie("type"), fc.option(tie("type")), fc.nat(6))
      .map(([one, other, which]) => unionOf(one, other, which)),
    tie("type").map(sizedStructOf),
    fc.tuple(tie("type"), anyRecursion).map(([t, k]) => graphOf(t, k)),
  ),
  conformant: fc.oneof(
    { depthSize: "small" },
    tie("type").map(conformantOf),
    fc.tuple(fc.constantFrom(...LEAVES), fc.constantFrom(2, 3)).map(([t, n]) => gridOf(t, n)),
    fc
      .tuple(fc.array(tie("type"), { maxLength: 3 }), tie("conformant"))
      .map(([front, last]) => structOf([...front, last])),
  ),
  outermost: fc.oneof({ depthSize: "small" }, tie("type"), tie("conformant")),
}));

/** Any type that a parameter can have, with its values. */
export const anyTyped: fc.Arbitrary<Typed> = trees.outermost;
