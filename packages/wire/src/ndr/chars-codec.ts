import type { CharsType } from "@callfactory/core";
import { type Codec, type Lookup, oneCount, type Scope } from "./codec.ts";
import type { NdrReader } from "./ndr-reader.ts";
import type { NdrWriter } from "./ndr-writer.ts";

/**
 * `[string]` characters: a varying array that ends with NUL, which actual_count includes; without
 * a fixed length conformant as well (C706 14.3.4).
 *
 * `size` is where size_is comes from: the characters that a buffer has room for.
 */
export function charsCodec({ unitBytes, bound }: CharsType, size: Lookup | null): Codec {
  const { length } = bound;
  const sizeOf = (text: string, scope: Scope): number => {
    const said = length ?? size?.(scope);
    const room = typeof said === "number" || typeof said === "bigint" ? Number(said) : Infinity;
    if (text.length >= room) throw new RangeError(`${text.length} characters and NUL in ${room}`);
    return room === Infinity ? text.length + 1 : room;
  };
  return {
    alignment: 4,
    leastBytes: 8 + unitBytes,
    flat: null,
    conformance:
      length === undefined ? oneCount((value, scope) => sizeOf(value as string, scope)) : null,
    write(writer, value, scope) {
      if (length !== undefined) sizeOf(value as string, scope);
      writeVarying(writer, value as string, unitBytes);
    },
    read: (reader, scope) => readVarying(reader, length ?? scope.maxCount, unitBytes),
    writeReferents: null,
    readReferents: null,
    zero: () => "",
  };
}

function writeVarying(writer: NdrWriter, text: string, unitBytes: 1 | 2): void {
  writer.writeUint32(0); // offset
  writer.writeUint32(text.length + 1);
  if (unitBytes === 2) {
    writer.writeUtf16(text);
    writer.writeUint16(0);
  } else {
    writer.writeLatin1(text);
    writer.writeUint8(0);
  }
}

function readVarying(reader: NdrReader, max: number, unitBytes: 1 | 2): string {
  const offset = reader.readUint32();
  const units = reader.readUint32();
  if (offset !== 0) reader.fail(`a string at offset ${offset}`);
  if (units === 0 || units > max) reader.fail(`a string of ${units} units in ${max}`);
  const text = unitBytes === 2 ? reader.readUtf16(units) : reader.readLatin1(units);
  const end = text.indexOf("\0");
  if (end < 0) reader.fail("a string without NUL");
  return text.slice(0, end);
}
