import { type ArrayType, typedArrayOf, typeName } from "@callfactory/core";
import { type Elements, elementsOf, flatArray } from "./array-elements.ts";
import { type Codec, liftFlat, type Lookup, type Scope } from "./codec.ts";
import type { NdrReader } from "./ndr-reader.ts";

/** What an array is compiled from; a lookup is `null` where the bound names nothing. */
export interface ArrayParts {
  readonly type: ArrayType;
  readonly element: Codec;
  readonly sizeIs: Lookup | null;
  readonly lengthIs: Lookup | null;
}

/**
 * An array: fixed (the elements), varying (offset and actual_count before them), conformant
 * (max_count hoisted to the front of the construct) or both (C706 14.3.3).
 *
 * The elements are aligned even when there are none, as the NDR engine does.
 *
 * @throws TypeError when the elements are conformant or varying themselves, or a fixed array has
 *   none.
 */
export function arrayCodec(parts: ArrayParts): Codec {
  const { type, element } = parts;
  const { length } = type.bound;
  if (element.conformance !== null) throw new TypeError(`${typeName(type)}: conformant elements`);
  if (length !== undefined && !(Number.isInteger(length) && length > 0)) {
    throw new TypeError(`${typeName(type)}: a fixed array has at least one element`);
  }
  const elements = elementsOf(type, element);
  if (length === undefined) return conformantArray(parts, elements);
  if (type.bound.lengthIs !== undefined) return varyingArray(parts, elements, length);
  return fixedArray(parts, elements, length);
}

function fixedArray({ type, element }: ArrayParts, elements: Elements, length: number): Codec {
  if (element.flat !== null) {
    return liftFlat(flatArray(element.flat, typedArrayOf(type.element), length));
  }
  return {
    alignment: element.alignment,
    leastBytes: element.leastBytes * length,
    flat: null,
    conformance: null,
    write: (writer, value, scope) =>
      elements.write(writer, value as ArrayLike<unknown>, length, scope),
    read: (reader, scope) => elements.read(reader, length, scope),
    ...referentsOf(element, () => length),
    zero: (scope) => elements.zero(length, scope),
  };
}

function varyingArray(parts: ArrayParts, elements: Elements, length: number): Codec {
  const { type, element, lengthIs } = parts;
  if (element.writeReferents !== null) {
    throw new TypeError(`${typeName(type)}: pointers in a fixed array with length_is`);
  }
  return {
    alignment: Math.max(4, element.alignment),
    leastBytes: 8,
    flat: null,
    conformance: null,
    write(writer, value, scope) {
      const values = value as ArrayLike<unknown>;
      const count = extent(lengthIs, scope) ?? values.length;
      if (count > length) throw new RangeError(`${count} elements in an array of ${length}`);
      writer.writeUint32(0); // offset
      writer.writeUint32(count);
      elements.write(writer, values, count, scope);
    },
    read(reader, scope) {
      const count = readVariance(reader, length);
      agree(reader, scope, count, lengthIs, "length_is");
      const read = elements.read(reader, count, scope);
      return count === length ? read : padded(read, elements.zero(length, scope));
    },
    writeReferents: null,
    readReferents: null,
    zero: (scope) => elements.zero(length, scope),
  };
}

function conformantArray(parts: ArrayParts, elements: Elements): Codec {
  const { type, element, sizeIs, lengthIs } = parts;
  const varying = type.bound.lengthIs !== undefined;
  const countOf = (values: ArrayLike<unknown>, scope: Scope): number => {
    const max = extent(sizeIs, scope) ?? values.length;
    const count = varying ? (extent(lengthIs, scope) ?? values.length) : max;
    if (count > max) throw new RangeError(`length_is ${count} exceeds size_is ${max}`);
    return count;
  };
  return {
    // Outside a structure the counts come first, and each part aligns itself.
    alignment: varying ? Math.max(4, element.alignment) : element.alignment,
    leastBytes: 0,
    flat: null,
    conformance: {
      count: (value, scope) => extent(sizeIs, scope) ?? (value as ArrayLike<unknown>).length,
    },
    write(writer, value, scope) {
      const values = value as ArrayLike<unknown>;
      const count = countOf(values, scope);
      if (varying) {
        writer.writeUint32(0); // offset
        writer.writeUint32(count);
      }
      elements.write(writer, values, count, scope);
    },
    read(reader, scope) {
      const max = scope.maxCount;
      agree(reader, scope, max, sizeIs, "size_is");
      if (!varying) return elements.read(reader, max, scope);
      const count = readVariance(reader, max);
      agree(reader, scope, count, lengthIs, "length_is");
      return elements.read(reader, count, scope);
    },
    ...referentsOf(element, countOf),
    zero: (scope) => elements.zero(varying ? 0 : (extent(sizeIs, scope) ?? 0), scope),
  };
}

/** The value of an extent's parameter, when it is at hand. */
function extent(lookup: Lookup | null, scope: Scope): number | undefined {
  const value = lookup?.(scope);
  if (typeof value !== "number" && typeof value !== "bigint") return undefined;
  const count = Number(value);
  if (!(count >= 0 && count <= 0xffffffff)) throw new RangeError(`an extent of ${count}`);
  return count;
}

/** Extents in the bytes must equal their parameters; those still to come are compared later. */
function agree(
  reader: NdrReader,
  scope: Scope,
  count: number,
  lookup: Lookup | null,
  name: string,
): void {
  if (lookup === null) return;
  const value = lookup(scope);
  if (value === undefined) (scope.later ??= []).push({ count, lookup, name });
  else if (Number(value) !== count)
    reader.fail(`${name} is ${String(value)}, the array's ${count}`);
}

function readVariance(reader: NdrReader, max: number): number {
  const offset = reader.readUint32();
  const count = reader.readUint32();
  if (offset !== 0) reader.fail(`an array from element ${offset} on`);
  if (count > max) reader.fail(`${count} elements in an array of ${max}`);
  return count;
}

function padded(read: ArrayLike<unknown>, zero: ArrayLike<unknown>): ArrayLike<unknown> {
  for (let i = 0; i < read.length; i++) (zero as unknown[])[i] = read[i];
  return zero;
}

type CountOf = (values: ArrayLike<unknown>, scope: Scope) => number;

function referentsOf(
  element: Codec,
  countOf: CountOf,
): Pick<Codec, "writeReferents" | "readReferents"> {
  const { writeReferents, readReferents } = element;
  if (writeReferents === null || readReferents === null) {
    return { writeReferents: null, readReferents: null };
  }
  return {
    writeReferents(writer, value, scope) {
      const values = value as unknown[];
      const count = countOf(values, scope);
      for (let i = 0; i < count; i++) writeReferents(writer, values[i], scope);
    },
    readReferents(reader, standIn, scope) {
      const values = standIn as unknown[];
      for (let i = 0; i < values.length; i++) {
        values[i] = readReferents(reader, values[i], scope);
      }
      return values;
    },
  };
}
