import {
  elementCount,
  FADF_DISPATCH,
  FADF_HAVEIID,
  FADF_HAVEVARTYPE,
  type Guid,
  type SafeArray,
  type SafeArrayBound,
  typeOfVt,
  VT_BSTR,
  VT_DECIMAL,
  VT_DISPATCH,
  VT_I1,
  VT_I2,
  VT_I4,
  VT_I8,
  VT_UNKNOWN,
  VT_VARIANT,
  vtName,
} from "@callfactory/core";
import type { NdrReader } from "../ndr/ndr-reader.ts";
import type { NdrWriter } from "../ndr/ndr-writer.ts";
import { codecOfVt } from "./vt-codec.ts";

/** The discriminant of an array that says which interface its pointers are for. */
const SF_HAVEIID = 0x800d;
const BOUND_BYTES = 8;
/** cbElements of pointers and of VARIANTs on the wire ([MS-OAUT] 2.2.8). */
const POINTER_BYTES = 4;
const VARIANT_BYTES = 16;

/** What a SAFEARRAY says before its elements. */
export interface SafeArrayHeader {
  readonly vt: number;
  readonly features: number;
  readonly bounds: readonly SafeArrayBound[];
  readonly iid: Guid | null;
  readonly count: number;
  /** The pointer to the elements is not NULL. */
  readonly hasElements: boolean;
}

/**
 * Writes the conformant structure of [MS-OAUT] 2.2.30.10: max_count, cDims, fFeatures, cbElements,
 * cLocks with the VARTYPE in its high word, the union's discriminant and arm, and the bounds.
 *
 * The bounds stand in the order of their indices, the leftmost first: that is what oleaut32 puts
 * there, turning around what is in memory, although 2.2.30.10 has an example in reverse.
 *
 * @throws TypeError for elements that have no place in the union.
 */
export function writeHeader(writer: NdrWriter, array: SafeArray): void {
  const { vt, features, bounds, iid } = array;
  const kind = discriminantOf(vt, features);
  if (kind === null) throw new TypeError(`a SAFEARRAY of ${vtName(vt)} cannot be marshaled`);
  writer.writeUint32(bounds.length); // max_count
  writer.writeUint16(bounds.length);
  writer.writeUint16(features);
  writer.writeUint32(wireBytesOf(vt));
  writer.writeUint16(0); // cLocks
  writer.writeUint16((features & FADF_HAVEVARTYPE) === 0 ? 0 : vt);
  writer.writeUint32(kind);
  writer.writeUint32(elementCount(bounds));
  writer.writeReferent();
  if (kind === SF_HAVEIID) writer.writeGuid(iid as Guid);
  for (const { lowerBound, elements } of bounds) {
    writer.writeUint32(elements);
    writer.writeUint32(lowerBound >>> 0);
  }
}

/** Reads what {@link writeHeader} writes; cLocks and cbElements say nothing that is needed. */
export function readHeader(reader: NdrReader): SafeArrayHeader {
  const max = reader.readUint32();
  const dimensions = reader.readUint16();
  if (dimensions === 0 || dimensions !== max) {
    reader.fail(`a SAFEARRAY of ${dimensions} dimensions in ${max}`);
  }
  const features = reader.readUint16();
  reader.take(4, 4); // cbElements
  reader.readUint16(); // cLocks
  const named = reader.readUint16();
  const kind = reader.readUint32();
  const vt = (features & FADF_HAVEVARTYPE) === 0 ? impliedVt(kind, features) : named;
  if (typeOfVt(vt) === null || discriminantOf(vt, features) !== kind) {
    reader.fail(`a SAFEARRAY of ${vtName(vt)}, sfType 0x${kind.toString(16)}`);
  }
  const count = reader.readUint32();
  const hasElements = reader.readUint32() !== 0;
  const iid = kind === SF_HAVEIID ? reader.readGuid() : null;
  if (dimensions * BOUND_BYTES > reader.remaining) reader.fail(`${dimensions} bounds announced`);
  const bounds: SafeArrayBound[] = [];
  for (let i = 0; i < dimensions; i++) {
    const elements = reader.readUint32();
    bounds.push({ lowerBound: reader.readUint32() | 0, elements });
  }
  if (elementCount(bounds) !== count) reader.fail(`bounds that do not make ${count} elements`);
  if (!hasElements && count > 0) reader.fail(`${count} elements at NULL`);
  return { vt, features, bounds, iid, count, hasElements };
}

/** sfType ([MS-OAUT] 2.2.8): by what the elements are, numbers by their size. */
function discriminantOf(vt: number, features: number): number | null {
  const isPointer = vt === VT_UNKNOWN || vt === VT_DISPATCH;
  if ((features & FADF_HAVEIID) !== 0) return isPointer ? SF_HAVEIID : null;
  if (isPointer || vt === VT_BSTR || vt === VT_VARIANT) return vt;
  switch (wireBytesOf(vt)) {
    case 1:
      return VT_I1;
    case 2:
      return VT_I2;
    case 4:
      return VT_I4;
    case 8:
      return VT_I8;
    default:
      return null;
  }
}

/** The VARTYPE of elements for which only sfType speaks: its numbers are VARTYPEs. */
function impliedVt(kind: number, features: number): number {
  if (kind !== SF_HAVEIID) return kind;
  return (features & FADF_DISPATCH) === 0 ? VT_UNKNOWN : VT_DISPATCH;
}

function wireBytesOf(vt: number): number {
  if (vt === VT_VARIANT || vt === VT_DECIMAL) return VARIANT_BYTES;
  return codecOfVt(vt)?.flat?.sizeBytes ?? POINTER_BYTES;
}
