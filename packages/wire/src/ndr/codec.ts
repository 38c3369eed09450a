import type { FullPointers } from "./full-pointers.ts";
import type { NdrHost } from "./host.ts";
import type { NdrReader } from "./ndr-reader.ts";
import type { NdrWriter } from "./ndr-writer.ts";

/** The values of the call at hand, for size_is, length_is and iid_is. */
export interface Scope {
  readonly host: NdrHost;
  /** The request's values; filled as they are read. */
  readonly ins: readonly unknown[];
  /** The reply's values; filled as they are read. */
  readonly outs: readonly unknown[];
  /** The structure whose members are at work: members may size each other. */
  owner: Readonly<Record<string, unknown>> | null;
  /** The conformance that was read ahead of the construct at work (C706 14.3.7.1). */
  maxCount: number;
  /** The same for each dimension of an array that has several. */
  maxCounts: readonly number[];
  /** What the [ptr] pointers of this message lead to; made when the first one is met. */
  full: FullPointers | null;
  /** Set in the referent ids of [ptr] pointers that are new in a reply. */
  replyBits: number;
  /** How often types that contain themselves have been entered. */
  nesting: number;
  /** How much may yet be made up for the parts of arrays that do not travel. */
  spareBytes: number;
  /** Extents whose parameter comes later; compared when all have been read. */
  later: LaterCheck[] | null;
  /** A first reading for the sake of IIDs that come after their pointers: the host is not asked. */
  readonly probing: boolean;
}

/** An extent or a tag seen in the bytes, and where the value that must agree with it will be. */
export interface LaterCheck {
  readonly seen: number;
  readonly lookup: Lookup;
  readonly name: string;
  readonly owner: Scope["owner"];
}

/** Finds a value that an extent or IID refers to; `undefined` when it has not been read yet. */
export type Lookup = (scope: Scope) => unknown;

/**
 * Reads and writes one type.
 *
 * `write` and `read` take the part that stands in line. Pointers leave their referents for later:
 * `writeReferents` and `readReferents` take those once the outermost construct is complete, in the
 * order of the pointers, each with its own referents right behind it (C706 14.3.12.3). `read` may
 * return a stand-in that `readReferents` turns into the value.
 */
export interface Codec {
  /** What the in-line part is aligned to: 1, 2, 4 or 8. */
  readonly alignment: number;
  /** The fewest bytes that one value takes in line: at least 1, but for conformant constructs. */
  readonly leastBytes: number;
  /** Present when every value has the same size and no pointers. */
  readonly flat: FlatCodec | null;
  /** Present when the construct begins with a max_count, which outer constructs hoist. */
  readonly conformance: Conformance | null;
  write(writer: NdrWriter, value: unknown, scope: Scope): void;
  read(reader: NdrReader, scope: Scope): unknown;
  readonly writeReferents: ((writer: NdrWriter, value: unknown, scope: Scope) => void) | null;
  readonly readReferents: ((reader: NdrReader, standIn: unknown, scope: Scope) => unknown) | null;
  /** What a location that nobody has written to holds: zero, NULL, empty. */
  zero(scope: Scope): unknown;
}

/** The max_counts of a conformant construct, which stand before it; one a dimension. */
export interface Conformance {
  write(writer: NdrWriter, value: unknown, scope: Scope): void;
  /** Reads into the scope, where the array that they belong to finds them. */
  read(reader: NdrReader, scope: Scope): void;
}

/** The conformance of one max_count. */
export function oneCount(countOf: (value: unknown, scope: Scope) => number): Conformance {
  return {
    write: (writer, value, scope) => writer.writeUint32(countOf(value, scope)),
    read: (reader, scope) => {
      scope.maxCount = reader.readUint32();
    },
  };
}

/** The bytes at work: one range, seen in two ways. */
export interface Memory {
  readonly view: DataView;
  readonly raw: Uint8Array;
}

/** Reads and writes a type of one size at a given place; `put` leaves gaps as they are. */
export interface FlatCodec {
  readonly alignment: number;
  readonly sizeBytes: number;
  /** Some bytes within are padding, which the caller clears first. */
  readonly gaps: boolean;
  put(memory: Memory, offset: number, value: unknown): void;
  get(memory: Memory, offset: number): unknown;
  zero(): unknown;
}

/** The distance between two elements of an array of `flat`. */
export function strideOf(flat: FlatCodec): number {
  return (flat.sizeBytes + flat.alignment - 1) & -flat.alignment;
}

/** A codec that reserves once and puts everything in place. */
export function liftFlat(flat: FlatCodec): Codec {
  const { alignment, sizeBytes, gaps } = flat;
  return {
    alignment,
    leastBytes: sizeBytes,
    flat,
    conformance: null,
    write(writer, value) {
      const offset = writer.reserve(alignment, sizeBytes);
      if (gaps) writer.clear(offset, sizeBytes);
      flat.put(writer, offset, value);
    },
    read: (reader) => {
      const offset = reader.take(alignment, sizeBytes);
      return flat.get(reader, offset);
    },
    writeReferents: null,
    readReferents: null,
    zero: () => flat.zero(),
  };
}

/** Writes an outermost construct: conformance, what stands in line, referents. */
export function writeWhole(codec: Codec, writer: NdrWriter, value: unknown, scope: Scope): void {
  if (codec.conformance !== null) codec.conformance.write(writer, value, scope);
  codec.write(writer, value, scope);
  if (codec.writeReferents !== null) codec.writeReferents(writer, value, scope);
}

/** Reads what {@link writeWhole} writes. */
export function readWhole(codec: Codec, reader: NdrReader, scope: Scope): unknown {
  if (codec.conformance !== null) codec.conformance.read(reader, scope);
  const inline = codec.read(reader, scope);
  return codec.readReferents === null ? inline : codec.readReferents(reader, inline, scope);
}
