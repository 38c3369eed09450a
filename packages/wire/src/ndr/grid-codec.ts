import { type ArrayType, typeName } from "@callfactory/core";
import { from } from "./array-codec.ts";
import {
  type Elements,
  elementsOf,
  placed,
  spare,
  UNSENT,
  unsentElement,
} from "./array-elements.ts";
import { type Extent, type Span, writeSpan } from "./array-extent.ts";
import type { Codec, Scope } from "./codec.ts";
import type { NdrReader } from "./ndr-reader.ts";
import type { NdrWriter } from "./ndr-writer.ts";

/** Rows without elements cost no bytes: this limits how many a message may announce. */
const MAX_EMPTY_ROWS = 4096;

/** What an array of several dimensions is compiled from, outermost dimension first. */
export interface GridParts {
  /** The innermost array. */
  readonly rows: ArrayType;
  readonly element: Codec;
  readonly extents: readonly Extent[];
}

type Rows = ArrayLike<unknown>;

/**
 * An array of several dimensions that is conformant or varying: the max_counts of all dimensions,
 * hoisted as one, then offset and actual_count of each, then the elements, the last index running
 * fastest (C706 14.3.3).
 *
 * @throws TypeError when the elements are conformant themselves.
 */
export function gridCodec(parts: GridParts): Codec {
  const { rows, element, extents } = parts;
  if (element.conformance !== null) throw new TypeError(`${typeName(rows)}: conformant elements`);
  const varying = extents.some((extent) => extent.varying);
  const conformant = extents.some((extent) => extent.length === null);
  const grid = new Grid(parts);
  return {
    alignment: varying ? Math.max(4, element.alignment) : element.alignment,
    leastBytes: 0,
    flat: null,
    conformance: conformant
      ? {
          write: (writer, value, scope) => {
            for (const max of grid.maxima(value as Rows, scope)) writer.writeUint32(max);
          },
          read: (reader, scope) => {
            scope.maxCounts = extents.map(() => reader.readUint32());
          },
        }
      : null,
    write(writer, value, scope) {
      const spans = grid.spans(value as Rows, scope);
      if (varying) for (const span of spans) writeSpan(writer, span);
      writer.align(element.alignment);
      grid.write(writer, value as Rows, spans, scope);
    },
    read(reader, scope) {
      const maxima = conformant ? scope.maxCounts : extents.map(({ length }) => length ?? 0);
      const spans = grid.readSpans(reader, maxima, scope);
      reader.align(element.alignment);
      return grid.read(reader, spans, scope);
    },
    ...grid.referents(),
    zero: (scope) => grid.zero(scope),
  };
}

class Grid {
  readonly #element: Codec;
  readonly #elements: Elements;
  readonly #extents: readonly Extent[];

  constructor({ rows, element, extents }: GridParts) {
    this.#element = element;
    this.#elements = elementsOf(rows, element);
    this.#extents = extents;
  }

  /** How many rows, elements a row and so on `value` has. */
  #counts(value: Rows): number[] {
    const counts: number[] = [];
    let rows: Rows | undefined = value;
    for (let i = 0; i < this.#extents.length; i++) {
      counts.push(rows?.length ?? 0);
      rows = rows?.[0] as Rows | undefined;
    }
    return counts;
  }

  maxima(value: Rows, scope: Scope): number[] {
    const counts = this.#counts(value);
    return this.#extents.map((extent, i) => extent.max(counts[i] as number, scope));
  }

  spans(value: Rows, scope: Scope): Span[] {
    const counts = this.#counts(value);
    return this.#extents.map((extent, i) => {
      const count = counts[i] as number;
      const max = extent.max(count, scope);
      return extent.varying ? extent.span(count, max, scope) : { first: 0, count: max };
    });
  }

  readSpans(reader: NdrReader, maxima: readonly number[], scope: Scope): Span[] {
    const varying = this.#extents.some((extent) => extent.varying);
    const spans = this.#extents.map((extent, i) => {
      const max = maxima[i] as number;
      if (extent.length !== null && max !== extent.length) {
        reader.fail(`a dimension of ${max} where the type has ${extent.length}`);
      }
      extent.agreeMax(reader, max, scope);
      return varying ? extent.readSpan(reader, max, scope) : { first: 0, count: max };
    });
    const counts = spans.map(({ count }) => count);
    if (!this.#fits(counts, reader.remaining)) {
      reader.fail(`an array of ${counts.join(" by ")} announced`);
    }
    return spans;
  }

  /** Tells whether `room` bytes can hold so many elements, or the rows without any are few. */
  #fits(counts: readonly number[], room: number): boolean {
    let rows = 1;
    for (const count of counts) {
      if (count === 0) return rows <= MAX_EMPTY_ROWS;
      rows *= count;
    }
    return rows * this.#element.leastBytes <= room;
  }

  write(writer: NdrWriter, value: Rows, spans: readonly Span[], scope: Scope): void {
    const [span, ...inner] = spans as [Span, ...Span[]];
    const values = from(value, span);
    if (inner.length === 0) {
      this.#elements.write(writer, values, span.count, scope);
      return;
    }
    if (values.length < span.count) {
      throw new RangeError(`${values.length} rows, fewer than ${span.count}`);
    }
    for (let i = 0; i < span.count; i++) this.write(writer, values[i] as Rows, inner, scope);
  }

  read(reader: NdrReader, spans: readonly Span[], scope: Scope): Rows {
    const [span, ...inner] = spans as [Span, ...Span[]];
    const total = this.#extents.at(-spans.length)?.length ?? span.first + span.count;
    if (inner.length === 0) {
      const read = this.#elements.read(reader, span.count, scope);
      return placed(read, { elements: this.#elements, reader, scope, span, total });
    }
    spare(total - span.count, { reader, scope });
    const rows: Rows[] = [];
    for (let i = 0; i < total; i++) {
      const travels = i >= span.first && i < span.first + span.count;
      rows.push(travels ? this.read(reader, inner, scope) : this.#unsent(reader, inner, scope));
    }
    return rows;
  }

  /** A row that does not travel, as long as those that do. */
  #unsent(reader: NdrReader, spans: readonly Span[], scope: Scope): Rows {
    const [{ first, count }, ...inner] = spans as [Span, ...Span[]];
    const total = this.#extents.at(-spans.length)?.length ?? first + count;
    if (inner.length > 0) {
      spare(total, { reader, scope });
      return Array.from({ length: total }, () => this.#unsent(reader, inner, scope));
    }
    const none = this.#elements.zero(0, scope);
    const span = { first: 0, count: 0 };
    return placed(none, { elements: this.#elements, reader, scope, span, total });
  }

  referents(): Pick<Codec, "writeReferents" | "readReferents"> {
    const { writeReferents, readReferents } = this.#element;
    if (writeReferents === null || readReferents === null) {
      return { writeReferents: null, readReferents: null };
    }
    const write = (
      writer: NdrWriter,
      value: Rows,
      [span, ...inner]: readonly Span[],
      scope: Scope,
    ): void => {
      const { first, count } = span as Span;
      for (let i = first; i < first + count; i++) {
        if (inner.length === 0) writeReferents(writer, value[i], scope);
        else write(writer, value[i] as Rows, inner, scope);
      }
    };
    const read = (reader: NdrReader, rows: unknown[], depth: number, scope: Scope): unknown[] => {
      for (let i = 0; i < rows.length; i++) {
        if (depth > 1) read(reader, rows[i] as unknown[], depth - 1, scope);
        else if (rows[i] === UNSENT) rows[i] = unsentElement(this.#element, reader, scope);
        else rows[i] = readReferents(reader, rows[i], scope);
      }
      return rows;
    };
    return {
      writeReferents: (writer, value, scope) =>
        write(writer, value as Rows, this.spans(value as Rows, scope), scope),
      readReferents: (reader, standIn, scope) =>
        read(reader, standIn as unknown[], this.#extents.length, scope),
    };
  }

  zero(scope: Scope, depth = 0): Rows {
    const extent = this.#extents[depth] as Extent;
    const count = extent.length ?? (extent.varying ? 0 : extent.max(0, scope));
    if (depth === this.#extents.length - 1) return this.#elements.zero(count, scope);
    if (count > MAX_EMPTY_ROWS) throw new RangeError(`${count} rows that were left unset`);
    return Array.from({ length: count }, () => this.zero(scope, depth + 1));
  }
}
