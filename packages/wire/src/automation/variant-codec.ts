import {
  type Decimal,
  MAX_VARIANT_DEPTH,
  Variant,
  VT_ARRAY,
  VT_BSTR,
  VT_BYREF,
  VT_DECIMAL,
  VT_EMPTY,
  VT_NULL,
  VT_TYPEMASK,
  VT_VARIANT,
  vtName,
} from "@callfactory/core";
import { type Codec, readWhole, type Scope, writeWhole } from "../ndr/codec.ts";
import type { NdrReader } from "../ndr/ndr-reader.ts";
import type { NdrWriter } from "../ndr/ndr-writer.ts";
import { BSTR_CODEC } from "../ndr/text-codec.ts";
import { readSafeArray, writeSafeArray } from "./safe-array-codec.ts";
import { userMarshalCodec } from "./user-marshal.ts";
import { codecOfVt } from "./vt-codec.ts";

// clSize 4, rpcReserved 4, vt 2, wReserved 3 * 2, the union's discriminant 4.
const HEADER_BYTES = 20;
const VT_OFFSET = 8;
const RESERVED_OFFSET = 10;
const DISCRIMINANT_OFFSET = 16;
const DECIMAL_NEG = 0x80;
/** What stands for a pointer by reference: the size of its target, at least 4, as oleaut32 has it. */
const POINTER_BYTES = 4;
const VARIANT_BYTES = 16;

/** max_count, cBytes and clSize of a NULL string. */
const NULL_STRING_BYTES = 12;

const EMPTY = new Variant(VT_EMPTY, undefined);

const levels: Codec[] = [];

/**
 * A VARIANT as `[wire_marshal]` puts it ([MS-OAUT] 2.2.29), `depth` VARIANTs further in: aligned to
 * 8, clSize counts 8 bytes each, what is referred to included.
 *
 * @throws RangeError deeper than {@link MAX_VARIANT_DEPTH}.
 */
export function variantCodec(depth = 0): Codec {
  let codec = levels[depth];
  if (codec !== undefined) return codec;
  codec = userMarshalCodec({
    write: (writer, value, scope) => writeVariant(writer, value as Variant, scope, depth),
    read: (reader, scope) => readVariant(reader, scope, depth),
    zero: () => EMPTY,
  });
  levels[depth] = codec;
  return codec;
}

function writeVariant(writer: NdrWriter, variant: Variant, scope: Scope, depth: number): void {
  if (depth > MAX_VARIANT_DEPTH) {
    throw new RangeError(`VARIANTs nested deeper than ${MAX_VARIANT_DEPTH} levels`);
  }
  const { vt, value } = variant;
  const start = writer.reserve(8, HEADER_BYTES);
  writer.clear(start, HEADER_BYTES);
  writer.view.setUint16(start + VT_OFFSET, vt, true);
  writer.view.setUint32(start + DISCRIMINANT_OFFSET, discriminantOf(vt), true);
  const at = writer.length;
  writeContent(writer, vt, value, scope, depth);
  if (vt === VT_DECIMAL) shareDecimal(writer, start, (at + 7) & -8, value as Decimal);
  writer.view.setUint32(start, (writer.length - start + 7) >>> 3, true); // clSize
}

function readVariant(reader: NdrReader, scope: Scope, depth: number): Variant {
  if (depth > MAX_VARIANT_DEPTH) {
    reader.fail(`VARIANTs nested deeper than ${MAX_VARIANT_DEPTH} levels`);
  }
  const start = reader.take(8, HEADER_BYTES);
  const vt = reader.view.getUint16(start + VT_OFFSET, true);
  const discriminant = reader.view.getUint32(start + DISCRIMINANT_OFFSET, true);
  if (discriminant !== discriminantOf(vt)) {
    reader.fail(`a VARIANT of ${vtName(vt)} with the arm of 0x${discriminant.toString(16)}`);
  }
  // clSize serves for one thing only: what is read is checked byte for byte anyway.
  const end = start + reader.view.getUint32(start, true) * 8;
  return new Variant(vt, readContent(reader, vt, { scope, depth, end }));
}

/** The union's arm: of all arrays the same one. */
function discriminantOf(vt: number): number {
  return (vt & VT_ARRAY) === 0 ? vt : vt & ~VT_TYPEMASK;
}

/**
 * In memory a DECIMAL shares its first eight bytes with the VARIANT's own, vt and wReserved*, and
 * oleaut32 sends both as they are.
 */
function shareDecimal({ view }: NdrWriter, start: number, at: number, value: Decimal): void {
  const signScale = ((value.negative ? DECIMAL_NEG : 0) << 8) | value.scale;
  view.setUint16(start + RESERVED_OFFSET, signScale, true);
  view.setUint32(start + RESERVED_OFFSET + 2, Number(value.digits >> 64n), true);
  view.setUint16(at, VT_DECIMAL, true);
}

function writeContent(
  writer: NdrWriter,
  vt: number,
  value: unknown,
  scope: Scope,
  depth: number,
): void {
  if ((vt & VT_BYREF) !== 0) {
    const target = vt & ~VT_BYREF;
    writer.writeUint32(sizeOf(target));
    if (target === VT_VARIANT) writeWhole(variantCodec(depth + 1), writer, value, scope);
    else writeContent(writer, target, value, scope, depth);
  } else if ((vt & VT_ARRAY) !== 0) {
    writer.writeReferent();
    writeSafeArray(writer, value, expected(vt, depth), scope);
  } else if (vt !== VT_EMPTY && vt !== VT_NULL) {
    const codec = codecOfVt(vt);
    if (codec === null) throw new TypeError(`a VARIANT of ${vtName(vt)} cannot be marshaled`);
    writeWhole(codec, writer, value, scope);
  }
}

/** The VARIANT whose content is read, and where it says that it ends. */
interface Reading {
  readonly scope: Scope;
  readonly depth: number;
  readonly end: number;
}

function readContent(reader: NdrReader, vt: number, reading: Reading): unknown {
  const { scope, depth } = reading;
  if ((vt & VT_BYREF) !== 0) return readReferred(reader, vt & ~VT_BYREF, reading);
  if ((vt & VT_ARRAY) !== 0) {
    if (reader.readUint32() === 0) return null;
    return readSafeArray(reader, expected(vt, depth), scope);
  }
  if (vt === VT_EMPTY) return undefined;
  if (vt === VT_NULL) return null;
  if (vt === VT_BSTR) return readString(reader, reading);
  const codec = codecOfVt(vt) ?? reader.fail(`a VARIANT of ${vtName(vt)}`);
  return readWhole(codec, reader, scope);
}

/**
 * A string. Some, Wine and old Windows, have NULL for a pointer to a NULL string and the string
 * behind it all the same: then clSize has room for it.
 */
function readString(reader: NdrReader, { scope, end }: Reading): unknown {
  const isPresent = BSTR_CODEC.read(reader, scope) === true;
  const hasRoom = end >= reader.offset + NULL_STRING_BYTES;
  return BSTR_CODEC.readReferents?.(reader, isPresent || hasRoom, scope);
}

function readReferred(reader: NdrReader, target: number, reading: Reading): unknown {
  if (reader.readUint32() === 0) reader.fail(`${vtName(target)} by reference at NULL`);
  if (target === VT_EMPTY || target === VT_NULL) reader.fail(`${vtName(target)} by reference`);
  if (target !== VT_VARIANT) return readContent(reader, target, reading);
  const referred = readWhole(variantCodec(reading.depth + 1), reader, reading.scope) as Variant;
  if (referred.vt === (VT_VARIANT | VT_BYREF)) reader.fail("a reference to a reference");
  return referred;
}

function expected(vt: number, depth: number) {
  return { vt: vt & ~VT_ARRAY, declared: null, variants: variantCodec(depth + 1) };
}

function sizeOf(target: number): number {
  if (target === VT_VARIANT || target === VT_DECIMAL) return VARIANT_BYTES;
  if ((target & VT_ARRAY) !== 0) return POINTER_BYTES;
  return Math.max(POINTER_BYTES, codecOfVt(target)?.flat?.sizeBytes ?? 0);
}
