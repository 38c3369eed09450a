import { type ArrayType, typedArrayOf, typeName } from "@callfactory/core";
import {
  type Elements,
  elementsOf,
  flatArray,
  placed,
  UNSENT,
  unsentElement,
} from "./array-elements.ts";
import { type Extent, type Span, writeSpan } from "./array-extent.ts";
import { type Codec, liftFlat, oneCount, type Scope } from "./codec.ts";

/** What an array of one dimension is compiled from. */
export interface ArrayParts {
  readonly type: ArrayType;
  readonly element: Codec;
  readonly extent: Extent;
}

/**
 * An array: fixed (the elements), varying (offset and actual_count before them), conformant
 * (max_count hoisted to the front of the construct) or both (C706 14.3.3).
 *
 * The elements are aligned even when there are none, as the NDR engine does.
 *
 * @throws TypeError when the elements are conformant themselves.
 */
export function arrayCodec(parts: ArrayParts): Codec {
  const { type, element, extent } = parts;
  if (element.conformance !== null) throw new TypeError(`${typeName(type)}: conformant elements`);
  const elements = elementsOf(type, element);
  if (extent.length === null) return conformantArray(parts, elements);
  if (extent.varying) return varyingArray(parts, elements, extent.length);
  return fixedArray(parts, elements, extent.length);
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
    ...referentsOf(element, () => ({ first: 0, count: length })),
    zero: (scope) => elements.zero(length, scope),
  };
}

function varyingArray(parts: ArrayParts, elements: Elements, length: number): Codec {
  const { element, extent } = parts;
  const spanOf = (values: ArrayLike<unknown>, scope: Scope): Span =>
    extent.span(values.length, length, scope);
  return {
    alignment: Math.max(4, element.alignment),
    leastBytes: 8,
    flat: null,
    conformance: null,
    write(writer, value, scope) {
      const values = value as ArrayLike<unknown>;
      const span = spanOf(values, scope);
      writeSpan(writer, span);
      elements.write(writer, from(values, span), span.count, scope);
    },
    read(reader, scope) {
      const span = extent.readSpan(reader, length, scope);
      const read = elements.read(reader, span.count, scope);
      return placed(read, { elements, reader, scope, span, total: length });
    },
    ...referentsOf(element, spanOf),
    zero: (scope) => elements.zero(length, scope),
  };
}

function conformantArray(parts: ArrayParts, elements: Elements): Codec {
  const { element, extent } = parts;
  const { varying } = extent;
  const spanOf = (values: ArrayLike<unknown>, scope: Scope): Span => {
    const max = extent.max(values.length, scope);
    return varying ? extent.span(values.length, max, scope) : { first: 0, count: max };
  };
  return {
    // Outside a structure the counts come first, and each part aligns itself.
    alignment: varying ? Math.max(4, element.alignment) : element.alignment,
    leastBytes: 0,
    flat: null,
    conformance: oneCount((value, scope) =>
      extent.max((value as ArrayLike<unknown>).length, scope),
    ),
    write(writer, value, scope) {
      const values = value as ArrayLike<unknown>;
      if (!varying) {
        elements.write(writer, values, extent.max(values.length, scope), scope);
        return;
      }
      const span = spanOf(values, scope);
      writeSpan(writer, span);
      elements.write(writer, from(values, span), span.count, scope);
    },
    read(reader, scope) {
      const max = scope.maxCount;
      extent.agreeMax(reader, max, scope);
      if (!varying) return elements.read(reader, max, scope);
      const span = extent.readSpan(reader, max, scope);
      const read = elements.read(reader, span.count, scope);
      return placed(read, { elements, reader, scope, span, total: span.first + span.count });
    },
    ...referentsOf(element, spanOf),
    zero: (scope) => elements.zero(varying ? 0 : extent.max(0, scope), scope),
  };
}

/** The values from the first one on that travels. */
export function from(values: ArrayLike<unknown>, { first }: Span): ArrayLike<unknown> {
  if (first === 0) return values;
  return Array.isArray(values) ? values.slice(first) : (values as Uint8Array).subarray(first);
}

type SpanOf = (values: ArrayLike<unknown>, scope: Scope) => Span;

function referentsOf(
  element: Codec,
  spanOf: SpanOf,
): Pick<Codec, "writeReferents" | "readReferents"> {
  const { writeReferents, readReferents } = element;
  if (writeReferents === null || readReferents === null) {
    return { writeReferents: null, readReferents: null };
  }
  return {
    writeReferents(writer, value, scope) {
      const values = value as unknown[];
      const { first, count } = spanOf(values, scope);
      for (let i = first; i < first + count; i++) writeReferents(writer, values[i], scope);
    },
    readReferents(reader, standIn, scope) {
      const values = standIn as unknown[];
      for (let i = 0; i < values.length; i++) {
        values[i] =
          values[i] === UNSENT
            ? unsentElement(element, reader, scope)
            : readReferents(reader, values[i], scope);
      }
      return values;
    },
  };
}
