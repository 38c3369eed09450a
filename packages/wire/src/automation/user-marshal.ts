import type { Codec, Scope } from "../ndr/codec.ts";
import type { NdrReader } from "../ndr/ndr-reader.ts";
import type { NdrWriter } from "../ndr/ndr-writer.ts";
import { USER_MARSHAL_MARKER } from "../ndr/text-codec.ts";

/** What is behind the marker; it aligns itself. */
export interface UserMarshaled {
  write(writer: NdrWriter, value: unknown, scope: Scope): void;
  read(reader: NdrReader, scope: Scope): unknown;
  /** The value of a location that nobody has written to, and of a NULL pointer. */
  zero(): unknown;
}

/**
 * A `[wire_marshal]` type whose wire type is a `[unique]` pointer: the marker where a referent id
 * would be, whatever the value; the rest is deferred.
 */
export function userMarshalCodec(data: UserMarshaled): Codec {
  return {
    alignment: 4,
    leastBytes: 4,
    flat: null,
    conformance: null,
    write: (writer) => writer.writeUint32(USER_MARSHAL_MARKER),
    // Other implementations put a referent id, and 0 for NULL.
    read: (reader) => reader.readUint32() !== 0,
    writeReferents: (writer, value, scope) => data.write(writer, value, scope),
    readReferents: (reader, present, scope) =>
      present === true ? data.read(reader, scope) : data.zero(),
    zero: () => data.zero(),
  };
}
