import {
  type ArrayType,
  type TypedArrayConstructor,
  typedArrayOf,
  typeName,
} from "@callfactory/core";
import { type Codec, type FlatCodec, type Lookup, type Scope, strideOf } from "./codec.ts";
import type { NdrReader } from "./ndr-reader.ts";
import type { NdrWriter } from "./ndr-writer.ts";

/*
 * The caller chooses size_is, and a server that fails leaves its [out] arrays unset: these limit
 * what such a call can make it allocate.
 */
const MAX_ZERO_BYTES = 0x4000000;
const MAX_ZERO_ELEMENTS = 0x100000;

/** What an array is compiled from; a lookup is `null` where the bound names nothing. */
export interface ArrayParts {
  readonly type: ArrayType;
  readonly element: Codec;
  readonly sizeIs: Lookup | null;
  readonly lengthIs: Lookup | null;
}

/** Writes and reads a run of elements; the count has been checked against the bytes that are left. */
interface Elements {
  write(writer: NdrWriter, values: ArrayLike<unknown>, count: number, scope: Scope): void;
  read(reader: NdrReader, count: number, scope: Scope): ArrayLike<unknown>;
  /** `count` elements that nobody has written to. */
  zero(count: number, scope: Scope): ArrayLike<unknown>;
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
  const kind = typedArrayOf(type.element);
  return {
    alignment: element.alignment,
    leastBytes: element.leastBytes * length,
    flat: element.flat && flatArray(element.flat, kind, length),
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

function elementsOf(type: ArrayType, element: Codec): Elements {
  const kind = typedArrayOf(type.element);
  if (kind !== null) return numbers(kind);
  return element.flat === null ? streamed(element) : flats(element.flat);
}

function numbers(kind: TypedArrayConstructor): Elements {
  return {
    write(writer, values, count) {
      if (!(values instanceof kind)) throw new TypeError(`not a ${kind.name}`);
      if (values.length < count) throw tooShort(values, count);
      writer.writeTypedArray(values, count);
    },
    read: (reader, count) => reader.readTypedArray(kind, count) as unknown as ArrayLike<unknown>,
    zero(count) {
      if (count * kind.BYTES_PER_ELEMENT > MAX_ZERO_BYTES) throw tooMany(count);
      return new kind(count);
    },
  };
}

function flats(flat: FlatCodec): Elements {
  const stride = strideOf(flat);
  const { alignment, sizeBytes } = flat;
  const clears = flat.gaps || stride !== sizeBytes;
  const spanOf = (count: number): number => (count === 0 ? 0 : (count - 1) * stride + sizeBytes);
  return {
    write(writer, values, count) {
      if (values.length < count) throw tooShort(values, count);
      const span = spanOf(count);
      const offset = writer.reserve(alignment, span);
      if (clears) writer.clear(offset, span);
      const { view } = writer;
      for (let i = 0; i < count; i++) flat.put(view, offset + i * stride, values[i]);
    },
    read(reader, count) {
      const offset = reader.take(alignment, spanOf(count));
      const { view } = reader;
      const values: unknown[] = [];
      for (let i = 0; i < count; i++) values.push(flat.get(view, offset + i * stride));
      return values;
    },
    zero: (count) => filled(count, () => flat.zero()),
  };
}

function streamed(element: Codec): Elements {
  return {
    write(writer, values, count, scope) {
      if (values.length < count) throw tooShort(values, count);
      writer.align(element.alignment);
      for (let i = 0; i < count; i++) element.write(writer, values[i], scope);
    },
    read(reader, count, scope) {
      reader.align(element.alignment);
      if (count * element.leastBytes > reader.remaining) reader.fail(`${count} elements announced`);
      const values: unknown[] = [];
      for (let i = 0; i < count; i++) values.push(element.read(reader, scope));
      return values;
    },
    zero: (count, scope) => filled(count, () => element.zero(scope)),
  };
}

/** Within a fixed layout an array is its elements, one stride apart. */
function flatArray(flat: FlatCodec, kind: TypedArrayConstructor | null, length: number): FlatCodec {
  const stride = strideOf(flat);
  const fill = (make: (i: number) => unknown): unknown => {
    const values = (kind === null ? new Array(length) : new kind(length)) as unknown[];
    for (let i = 0; i < length; i++) values[i] = make(i);
    return values;
  };
  return {
    alignment: flat.alignment,
    sizeBytes: (length - 1) * stride + flat.sizeBytes,
    gaps: flat.gaps || stride !== flat.sizeBytes,
    put(view, at, value) {
      const values = value as ArrayLike<unknown>;
      if (values.length < length) throw tooShort(values, length);
      for (let i = 0; i < length; i++) flat.put(view, at + i * stride, values[i]);
    },
    get: (view, at) => fill((i) => flat.get(view, at + i * stride)),
    zero: () => fill(() => flat.zero()),
  };
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

function filled(count: number, make: () => unknown): unknown[] {
  if (count > MAX_ZERO_ELEMENTS) throw tooMany(count);
  return Array.from({ length: count }, make);
}

function tooMany(count: number): RangeError {
  return new RangeError(`an array of ${count} elements that was left unset`);
}

function tooShort(values: ArrayLike<unknown>, count: number): RangeError {
  return new RangeError(`${values.length} elements, fewer than ${count}`);
}
