import type { Codec } from "./codec.ts";
import type { NdrReader } from "./ndr-reader.ts";
import type { NdrWriter } from "./ndr-writer.ts";

const NOTHING = (): null => null;

/** What stands for a [wire_marshal] pointer that is marshaled by a routine of its own: "User". */
export const USER_MARSHAL_MARKER = 0x72657355;
/** cBytes of a NULL BSTR ([MS-OAUT] 2.2.23.1). */
const NULL_BSTR_BYTES = 0xffffffff;

/**
 * `[unique, string] WCHAR *`: a referent id; deferred a conformant varying array of code units
 * that ends with NUL, which all three counts include (C706 14.3.4.2).
 */
export const LPWSTR_CODEC: Codec = {
  alignment: 4,
  leastBytes: 4,
  flat: null,
  conformance: null,
  write(writer, value) {
    if (value === null) writer.writeUint32(0);
    else writer.writeReferent();
  },
  read: (reader) => reader.readUint32() !== 0,
  writeReferents(writer, value) {
    if (value !== null) writeString(writer, value as string);
  },
  readReferents: (reader, present) => (present === true ? readString(reader) : null),
  zero: NOTHING,
};

/**
 * A BSTR as `[wire_marshal]` puts it: the marker "User" where a referent id would be, NULL or not;
 * deferred a FLAGGED_WORD_BLOB ([MS-OAUT] 2.2.23): max_count = clSize, cBytes, clSize, code units
 * without a terminator. NULL is cBytes 0xffffffff with clSize 0, apart from "" with cBytes 0.
 */
export const BSTR_CODEC: Codec = {
  alignment: 4,
  leastBytes: 4,
  flat: null,
  conformance: null,
  write: (writer) => writer.writeUint32(USER_MARSHAL_MARKER),
  // Other implementations put a referent id, and 0 for NULL.
  read: (reader) => reader.readUint32() !== 0,
  writeReferents: (writer, value) => writeBlob(writer, value as string | null),
  readReferents: (reader, present) => (present === true ? readBlob(reader) : null),
  zero: NOTHING,
};

/** Writes the referent of an LPWSTR. */
export function writeString(writer: NdrWriter, text: string): void {
  const { length } = text;
  const units = length + 1;
  let at = writer.reserve(4, 12 + units * 2);
  const { view } = writer;
  view.setUint32(at, units, true); // max_count
  view.setUint32(at + 4, 0, true); // offset
  view.setUint32(at + 8, units, true); // actual_count
  at += 12;
  for (let i = 0; i < length; i++, at += 2) view.setUint16(at, text.charCodeAt(i), true);
  view.setUint16(at, 0, true);
}

/** Reads what {@link writeString} writes. */
export function readString(reader: NdrReader): string {
  const max = reader.readUint32();
  const offset = reader.readUint32();
  const units = reader.readUint32();
  if (offset !== 0) reader.fail(`a string at offset ${offset}`);
  if (units === 0 || units > max) reader.fail(`a string of ${units} units in ${max}`);
  const text = reader.readUtf16(units);
  const end = text.indexOf("\0");
  if (end < 0) reader.fail("a string without NUL");
  return text.slice(0, end);
}

/** Writes the FLAGGED_WORD_BLOB of a BSTR. */
export function writeBlob(writer: NdrWriter, text: string | null): void {
  const units = text === null ? 0 : text.length;
  writer.writeUint32(units); // max_count
  writer.writeUint32(text === null ? NULL_BSTR_BYTES : units * 2); // cBytes
  writer.writeUint32(units); // clSize
  if (text !== null) writer.writeUtf16(text);
}

/** Reads what {@link writeBlob} writes. */
export function readBlob(reader: NdrReader): string | null {
  const max = reader.readUint32();
  const byteCount = reader.readUint32();
  const units = reader.readUint32();
  if (max !== units) reader.fail(`a BSTR of ${units} units in ${max}`);
  if (byteCount === NULL_BSTR_BYTES && units === 0) return null;
  // SysAllocStringByteLen makes BSTRs of an odd number of bytes; they round up to whole units.
  if ((byteCount + 1) >>> 1 !== units) reader.fail(`a BSTR of ${byteCount} bytes, ${units} units`);
  return reader.readUtf16(units);
}
