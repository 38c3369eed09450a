import { type Codec, readWhole, writeWhole } from "./codec.ts";

/** A `[unique]` pointer: a referent id, 0 for NULL; the referent is deferred (C706 14.3.12). */
export function uniqueCodec(target: Codec): Codec {
  return {
    alignment: 4,
    leastBytes: 4,
    flat: null,
    conformance: null,
    write(writer, value) {
      if (value === null) writer.writeUint32(0);
      else writer.writeReferent();
    },
    read: (reader) => reader.readUint32() !== 0,
    writeReferents(writer, value, scope) {
      if (value !== null) writeWhole(target, writer, value, scope);
    },
    readReferents: (reader, present, scope) =>
      present === true ? readWhole(target, reader, scope) : null,
    zero: () => null,
  };
}

/**
 * A `[ref]` pointer inside a structure or an array: four bytes that say nothing, and a deferred
 * referent. Anywhere else a `[ref]` pointer is its target alone (C706 14.3.12.1).
 */
export function embeddedRefCodec(target: Codec): Codec {
  return {
    alignment: 4,
    leastBytes: 4,
    flat: null,
    conformance: null,
    write(writer) {
      writer.writeReferent();
    },
    read(reader) {
      if (reader.readUint32() === 0) reader.fail("NULL in a [ref] pointer");
      return true;
    },
    writeReferents: (writer, value, scope) => writeWhole(target, writer, value, scope),
    readReferents: (reader, _present, scope) => readWhole(target, reader, scope),
    zero: (scope) => target.zero(scope),
  };
}
