import {
  type ArrayType,
  defaultFeatures,
  FADF_AUTO,
  FADF_EMBEDDED,
  FADF_FIXEDSIZE,
  FADF_HAVEIID,
  FADF_STATIC,
  type Guid,
  type InterfaceType,
  SafeArray,
  type Type,
  typeOfVt,
  VT_DISPATCH,
  VT_UNKNOWN,
  VT_VARIANT,
} from "@callfactory/core";
import { type Elements, elementsOf } from "../ndr/array-elements.ts";
import type { Codec, Scope } from "../ndr/codec.ts";
import type { NdrReader } from "../ndr/ndr-reader.ts";
import type { NdrWriter } from "../ndr/ndr-writer.ts";
import { readHeader, type SafeArrayHeader, writeHeader } from "./safe-array-header.ts";
import { codecOfVt, pointersOf } from "./vt-codec.ts";

/** Flags about the memory that an array was in; the last are Windows' own, FADF_RESERVED. */
const MEMORY_FEATURES = FADF_AUTO | FADF_STATIC | FADF_EMBEDDED | FADF_FIXEDSIZE | 0xf008;

/** What is known of an array before its bytes are. */
export interface Expected {
  /** The VARTYPE of the elements of a plain array, which stands for the usual case. */
  readonly vt: number;
  /** The interface that its pointers were declared for. */
  readonly declared: InterfaceType | null;
  /** VARIANTs as elements, one level further in. */
  readonly variants: Codec;
}

/**
 * Writes what LPSAFEARRAY_UserMarshal writes: a pointer, then the header, then the elements, which
 * are deferred behind it.
 */
export function writeSafeArray(
  writer: NdrWriter,
  value: unknown,
  expected: Expected,
  scope: Scope,
): void {
  writer.writeUint32(value === null ? 0 : 1);
  if (value === null) return;
  const array = value instanceof SafeArray ? value : asSafeArray(value as unknown[], expected);
  writeHeader(writer, array);
  const { values } = array;
  const { codec, elements } = elementsFor(array.vt, array.iid, expected);
  writer.writeUint32(values.length); // max_count
  elements.write(writer, values, values.length, scope);
  if (codec.writeReferents === null) return;
  for (let i = 0; i < values.length; i++) codec.writeReferents(writer, values[i], scope);
}

/** Reads what {@link writeSafeArray} writes: a plain array in the usual case, else a SafeArray. */
export function readSafeArray(reader: NdrReader, expected: Expected, scope: Scope): unknown {
  if (reader.readUint32() === 0) return null;
  const header = readHeader(reader);
  const { codec, elements } = elementsFor(header.vt, header.iid, expected);
  if (header.hasElements && reader.readUint32() !== header.count) {
    reader.fail(`another count than the ${header.count} elements of the SAFEARRAY`);
  }
  // Behind NULL there is nothing, not even what aligns elements.
  const values = header.hasElements
    ? elements.read(reader, header.count, scope)
    : elements.zero(0, scope);
  if (codec.readReferents !== null) {
    const mutable = values as unknown[];
    for (let i = 0; i < mutable.length; i++) {
      mutable[i] = codec.readReferents(reader, mutable[i], scope);
    }
  }
  return isUsual(header, expected) ? values : new SafeArray({ ...header, values });
}

/** One dimension from 0 on, and made as SafeArrayCreate makes it. */
function isUsual({ vt, features, bounds, iid }: SafeArrayHeader, expected: Expected): boolean {
  return (
    vt === expected.vt &&
    bounds.length === 1 &&
    bounds[0]?.lowerBound === 0 &&
    (features & ~MEMORY_FEATURES) === defaultFeatures(vt) &&
    iid === usualIid(expected)
  );
}

function asSafeArray(values: ArrayLike<unknown>, expected: Expected): SafeArray {
  const { vt } = expected;
  const bounds = [{ lowerBound: 0, elements: values.length }];
  return new SafeArray({
    vt,
    bounds,
    values,
    features: defaultFeatures(vt),
    iid: usualIid(expected),
  });
}

function usualIid({ vt, declared }: Expected): Guid | null {
  if ((defaultFeatures(vt) & FADF_HAVEIID) === 0) return null;
  return interfaceFor(vt, declared).resolve().iid;
}

function interfaceFor(vt: number, declared: InterfaceType | null): InterfaceType {
  return declared ?? (typeOfVt(vt) as InterfaceType);
}

interface ElementCodec {
  readonly codec: Codec;
  readonly elements: Elements;
}

function elementsFor(vt: number, iid: Guid | null, { declared, variants }: Expected): ElementCodec {
  if (vt === VT_UNKNOWN || vt === VT_DISPATCH) {
    const type = interfaceFor(vt, declared);
    // What was declared is asked for; an array without an IID has pointers to just that.
    return elementCodec(
      type,
      pointersOf(type, declared?.resolve().iid ?? iid ?? type.resolve().iid),
    );
  }
  const codec = vt === VT_VARIANT ? variants : codecOfVt(vt);
  return elementCodec(typeOfVt(vt) as Type, codec as Codec);
}

function elementCodec(element: Type, codec: Codec): ElementCodec {
  const type: ArrayType = { kind: "array", element, bound: {} };
  return { codec, elements: elementsOf(type, codec) };
}
