import {
  type BoolType,
  type EnumType,
  type FloatType,
  GUID_NULL,
  type Guid,
  guidFromBytes,
  guidToBytes,
  type HyperType,
  type IntType,
} from "@callfactory/core";
import type { FlatCodec } from "./codec.ts";

type Put = FlatCodec["put"];
type Get = FlatCodec["get"];

const zeroNumber = (): number => 0;
const zeroHyper = (): bigint => 0n;

function primitive(sizeBytes: number, zero: () => unknown, get: Get, put: Put): FlatCodec {
  return { alignment: sizeBytes, sizeBytes, gaps: false, put, get, zero };
}

const INT8 = primitive(
  1,
  zeroNumber,
  ({ view }, at) => view.getInt8(at),
  ({ view }, at, value) => view.setInt8(at, value as number),
);
const UINT8 = primitive(
  1,
  zeroNumber,
  ({ view }, at) => view.getUint8(at),
  ({ view }, at, value) => view.setUint8(at, value as number),
);
const INT16 = primitive(
  2,
  zeroNumber,
  ({ view }, at) => view.getInt16(at, true),
  ({ view }, at, value) => view.setInt16(at, value as number, true),
);
const UINT16 = primitive(
  2,
  zeroNumber,
  ({ view }, at) => view.getUint16(at, true),
  ({ view }, at, value) => view.setUint16(at, value as number, true),
);
const INT32 = primitive(
  4,
  zeroNumber,
  ({ view }, at) => view.getInt32(at, true),
  ({ view }, at, value) => view.setInt32(at, value as number, true),
);
const UINT32 = primitive(
  4,
  zeroNumber,
  ({ view }, at) => view.getUint32(at, true),
  ({ view }, at, value) => view.setUint32(at, value as number, true),
);
const INT64 = primitive(
  8,
  zeroHyper,
  ({ view }, at) => view.getBigInt64(at, true),
  ({ view }, at, value) => view.setBigInt64(at, value as bigint, true),
);
const UINT64 = primitive(
  8,
  zeroHyper,
  ({ view }, at) => view.getBigUint64(at, true),
  ({ view }, at, value) => view.setBigUint64(at, value as bigint, true),
);
const FLOAT32 = primitive(
  4,
  zeroNumber,
  ({ view }, at) => view.getFloat32(at, true),
  ({ view }, at, value) => view.setFloat32(at, value as number, true),
);
const FLOAT64 = primitive(
  8,
  zeroNumber,
  ({ view }, at) => view.getFloat64(at, true),
  ({ view }, at, value) => view.setFloat64(at, value as number, true),
);

/** Integers of up to four bytes (C706 14.2.5). */
export function intCodec({ sizeBytes, signed }: IntType): FlatCodec {
  if (sizeBytes === 1) return signed ? INT8 : UINT8;
  if (sizeBytes === 2) return signed ? INT16 : UINT16;
  return signed ? INT32 : UINT32;
}

/** Hypers, aligned to eight (C706 14.2.5). */
export function hyperCodec({ signed }: HyperType): FlatCodec {
  return signed ? INT64 : UINT64;
}

/** IEEE floats (C706 14.2.6). */
export function floatCodec({ sizeBytes }: FloatType): FlatCodec {
  return sizeBytes === 4 ? FLOAT32 : FLOAT64;
}

/** Truth values as integers of their size; anything but 0 reads as true. */
export function boolCodec({ sizeBytes, trueBits }: BoolType): FlatCodec {
  const bits = sizeBytes === 1 ? UINT8 : sizeBytes === 2 ? UINT16 : UINT32;
  return primitive(
    sizeBytes,
    () => false,
    (memory, at) => bits.get(memory, at) !== 0,
    (memory, at, value) => bits.put(memory, at, value === true ? trueBits : 0),
  );
}

/** Signed shorts (C706 14.2.5); four bytes for [v1_enum]. Values without a name pass too. */
export function enumCodec({ wireBytes }: EnumType): FlatCodec {
  return wireBytes === 2 ? INT16 : INT32;
}

/** A structure of long, short, short and eight bytes: aligned to four, no gaps. */
export const GUID_CODEC: FlatCodec = {
  alignment: 4,
  sizeBytes: 16,
  gaps: false,
  put: ({ raw }, at, value) => guidToBytes(value as Guid, raw, at),
  get: ({ raw }, at) => guidFromBytes(raw, at),
  zero: () => GUID_NULL,
};
