import { type ArrayType, typeName } from "@callfactory/core";
import { agree } from "./agreement.ts";
import type { Lookup, Scope } from "./codec.ts";
import type { NdrReader } from "./ndr-reader.ts";
import type { NdrWriter } from "./ndr-writer.ts";

/** Finds what a name refers to, `null` for no name; throws when nothing bears it. */
export type Resolve = (name: string | undefined) => Lookup | null;

/** Which part of an array travels. */
export interface Span {
  readonly first: number;
  readonly count: number;
}

/** One dimension of an array: how far it reaches, and which of its elements travel. */
export interface Extent {
  /** Written as offset and actual_count. */
  readonly varying: boolean;
  /** The count of a fixed dimension. */
  readonly length: number | null;
  /** The max_count for `count` elements at hand. */
  max(count: number, scope: Scope): number;
  /** What travels of `count` elements at hand, within `max`. */
  span(count: number, max: number, scope: Scope): Span;
  /** Refuses a max_count that is not what size_is or max_is says. */
  agreeMax(reader: NdrReader, max: number, scope: Scope): void;
  /** Reads offset and actual_count. */
  readSpan(reader: NdrReader, max: number, scope: Scope): Span;
}

/**
 * Compiles one dimension.
 *
 * @throws TypeError when it is fixed at no elements, or has two sizes or two lengths.
 */
export function compileExtent(type: ArrayType, resolve: Resolve): Extent {
  const { length = null, sizeIs, maxIs, lengthIs, lastIs, firstIs } = type.bound;
  if (length !== null && !(Number.isInteger(length) && length > 0)) {
    throw new TypeError(`${typeName(type)}: a fixed array has at least one element`);
  }
  const sizes = [length ?? undefined, sizeIs, maxIs].filter((size) => size !== undefined);
  if (sizes.length > 1 || (lengthIs !== undefined && lastIs !== undefined)) {
    throw new TypeError(`${typeName(type)} is sized twice`);
  }
  const size = resolve(sizeIs) ?? countOf(resolve(maxIs));
  const first = resolve(firstIs);
  const counted = resolve(lengthIs);
  const end = countOf(resolve(lastIs));
  const sizeName = sizeIs === undefined ? "max_is + 1" : "size_is";
  return {
    varying: (lengthIs ?? lastIs ?? firstIs) !== undefined,
    length,
    max: (count, scope) => length ?? valueOf(size, scope) ?? count,
    span(count, max, scope) {
      const from = valueOf(first, scope) ?? 0;
      const to = valueOf(end, scope) ?? count;
      const travels = valueOf(counted, scope) ?? Math.max(0, to - from);
      if (from + travels > max) {
        throw new RangeError(`${travels} elements from ${from} on in an array of ${max}`);
      }
      return { first: from, count: travels };
    },
    agreeMax: (reader, max, scope) => agree(reader, scope, max, size, sizeName),
    readSpan(reader, max, scope) {
      const from = reader.readUint32();
      const count = reader.readUint32();
      if (from + count > max)
        reader.fail(`${count} elements from ${from} on in an array of ${max}`);
      if (first === null && from !== 0) reader.fail(`an array from element ${from} on`);
      agree(reader, scope, from, first, "first_is");
      agree(reader, scope, count, counted, "length_is");
      if (count > 0) agree(reader, scope, from + count, end, "last_is + 1");
      return { first: from, count };
    },
  };
}

/** Writes offset and actual_count. */
export function writeSpan(writer: NdrWriter, { first, count }: Span): void {
  writer.writeUint32(first);
  writer.writeUint32(count);
}

/** The index of a last element, as the count that it means. */
function countOf(lookup: Lookup | null): Lookup | null {
  if (lookup === null) return null;
  return (scope) => {
    const value = lookup(scope);
    return typeof value === "number" || typeof value === "bigint" ? Number(value) + 1 : undefined;
  };
}

/** The value of an extent, when it is at hand. */
function valueOf(lookup: Lookup | null, scope: Scope): number | undefined {
  const value = lookup?.(scope);
  if (typeof value !== "number" && typeof value !== "bigint") return undefined;
  const count = Number(value);
  if (!(count >= 0 && count <= 0xffffffff)) throw new RangeError(`an extent of ${count}`);
  return count;
}
