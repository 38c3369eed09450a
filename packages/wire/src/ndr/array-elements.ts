import { type ArrayType, type TypedArrayConstructor, typedArrayOf } from "@callfactory/core";
import type { Span } from "./array-extent.ts";
import { LITTLE_ENDIAN } from "./byte-order.ts";
import { type Codec, type FlatCodec, type Scope, strideOf } from "./codec.ts";
import type { NdrReader } from "./ndr-reader.ts";
import type { NdrWriter } from "./ndr-writer.ts";

/** What an element of a plain array that does not travel is taken to need. */
const PLAIN_ELEMENT_BYTES = 64;

/** From here on two views and a copy cost less than a loop. */
export const LEAST_COPIED_BYTES = 128;

/** Writes and reads a run of elements; the count has been checked against the bytes that are left. */
export interface Elements {
  write(writer: NdrWriter, values: ArrayLike<unknown>, count: number, scope: Scope): void;
  read(reader: NdrReader, count: number, scope: Scope): ArrayLike<unknown>;
  /** `count` elements that nobody has written to. */
  zero(count: number, scope: Scope): ArrayLike<unknown>;
  /** The typed array of the elements; `null` when they go into a plain one. */
  readonly kind: TypedArrayConstructor | null;
  /** An element that does not travel; `UNSENT` when it can be made only with the referents. */
  unsent(scope: Scope): unknown;
}

/** Stands for an element that does not travel until the referents of the others are read. */
export const UNSENT: unique symbol = Symbol("unsent");

/** Elements that have been read, and where they belong. */
export interface Placing {
  readonly elements: Elements;
  readonly reader: NdrReader;
  readonly scope: Scope;
  readonly span: Span;
  readonly total: number;
}

/** Accounts for `count` elements that do not travel; a message can have only so many. */
export function spare(
  count: number,
  { reader, scope }: Pick<Placing, "reader" | "scope">,
  elementBytes = PLAIN_ELEMENT_BYTES,
): void {
  refusing(reader, () => makeUp(count, elementBytes, scope));
}

/** Makes up what an element holds that does not travel; the bytes are to blame when it cannot be. */
export function unsentElement(element: Codec, reader: NdrReader, scope: Scope): unknown {
  return refusing(reader, () => element.zero(scope));
}

function refusing<T>(reader: NdrReader, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) return reader.fail(error.message);
    throw error;
  }
}

/** Puts elements that travelled among those that did not. */
export function placed(
  read: ArrayLike<unknown>,
  { elements, reader, scope, span, total }: Placing,
): ArrayLike<unknown> {
  if (span.count === total) return read;
  const { kind } = elements;
  spare(total - span.count, { reader, scope }, kind?.BYTES_PER_ELEMENT);
  if (kind !== null) {
    const values = new kind(total);
    values.set(read as never, span.first);
    return values;
  }
  const values: unknown[] = [];
  for (let i = 0; i < total; i++) {
    const travels = i >= span.first && i < span.first + span.count;
    const unsent = (): unknown => elements.unsent(scope);
    values.push(travels ? read[i - span.first] : refusing(reader, unsent));
  }
  return values;
}

/** How the elements of an array are read and written. */
export function elementsOf(type: ArrayType, element: Codec): Elements {
  const kind = typedArrayOf(type.element);
  if (element.flat === null) return streamed(element);
  return kind === null ? flats(element.flat) : numbers(kind, element.flat);
}

function numbers(kind: TypedArrayConstructor, flat: FlatCodec): Elements {
  const { sizeBytes } = flat;
  return {
    write(writer, values, count) {
      if (!(values instanceof kind)) throw new TypeError(`not a ${kind.name}`);
      if (values.length < count) throw tooShort(values, count);
      if (count * sizeBytes >= LEAST_COPIED_BYTES) {
        writer.writeTypedArray(values, count);
        return;
      }
      const offset = writer.reserve(sizeBytes, count * sizeBytes);
      for (let i = 0; i < count; i++) flat.put(writer, offset + i * sizeBytes, values[i]);
    },
    read(reader, count) {
      if (count * sizeBytes >= LEAST_COPIED_BYTES) {
        return reader.readTypedArray(kind, count) as unknown as ArrayLike<unknown>;
      }
      const offset = reader.take(sizeBytes, count * sizeBytes);
      const values = new kind(count) as unknown as unknown[];
      for (let i = 0; i < count; i++) values[i] = flat.get(reader, offset + i * sizeBytes);
      return values;
    },
    zero(count, scope) {
      makeUp(count, sizeBytes, scope);
      return new kind(count);
    },
    kind,
    unsent: () => flat.zero(),
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
      for (let i = 0; i < count; i++) flat.put(writer, offset + i * stride, values[i]);
    },
    read(reader, count) {
      const offset = reader.take(alignment, spanOf(count));
      const values: unknown[] = [];
      for (let i = 0; i < count; i++) values.push(flat.get(reader, offset + i * stride));
      return values;
    },
    zero: (count, scope) => filled(count, scope, () => flat.zero()),
    kind: null,
    unsent: () => flat.zero(),
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
    zero: (count, scope) => filled(count, scope, () => element.zero(scope)),
    kind: null,
    unsent: (scope) => (element.readReferents === null ? element.zero(scope) : UNSENT),
  };
}

/** Within a fixed layout an array is its elements, one stride apart. */
export function flatArray(
  flat: FlatCodec,
  kind: TypedArrayConstructor | null,
  length: number,
): FlatCodec {
  const stride = strideOf(flat);
  const sizeBytes = (length - 1) * stride + flat.sizeBytes;
  const layout = {
    alignment: flat.alignment,
    sizeBytes,
    gaps: flat.gaps || stride !== flat.sizeBytes,
  };
  const make = (): unknown[] => (kind === null ? new Array(length) : new kind(length)) as unknown[];
  const zero = kind === null ? () => Array.from({ length }, () => flat.zero()) : make;
  if (kind !== null && LITTLE_ENDIAN && sizeBytes >= LEAST_COPIED_BYTES) {
    return { ...layout, ...copied(kind, length), zero };
  }
  return {
    ...layout,
    put(memory, at, value) {
      const values = value as ArrayLike<unknown>;
      if (values.length < length) throw tooShort(values, length);
      for (let i = 0; i < length; i++) flat.put(memory, at + i * stride, values[i]);
    },
    get(memory, at) {
      const values = make();
      for (let i = 0; i < length; i++) values[i] = flat.get(memory, at + i * stride);
      return values;
    },
    zero,
  };
}

function copied(kind: TypedArrayConstructor, length: number): Pick<FlatCodec, "put" | "get"> {
  const sizeBytes = length * kind.BYTES_PER_ELEMENT;
  return {
    put({ raw }, at, value) {
      if (!(value instanceof kind)) throw new TypeError(`not a ${kind.name}`);
      if (value.length < length) throw tooShort(value, length);
      raw.set(new Uint8Array(value.buffer, value.byteOffset, sizeBytes), at);
    },
    get({ raw }, at) {
      const bytes = new Uint8Array(sizeBytes);
      bytes.set(raw.subarray(at, at + sizeBytes));
      return new kind(bytes.buffer);
    },
  };
}

function filled(count: number, scope: Scope, make: () => unknown): unknown[] {
  makeUp(count, PLAIN_ELEMENT_BYTES, scope);
  return Array.from({ length: count }, make);
}

/**
 * Accounts for `count` elements that nobody has written to. The caller chooses size_is, and a
 * server that fails leaves its [out] arrays unset: this limits what such a call makes it allocate.
 */
function makeUp(count: number, elementBytes: number, scope: Scope): void {
  scope.spareBytes -= count * elementBytes;
  if (scope.spareBytes < 0) throw new RangeError(`${count} elements that do not travel`);
}

function tooShort(values: ArrayLike<unknown>, count: number): RangeError {
  return new RangeError(`${values.length} elements, fewer than ${count}`);
}
