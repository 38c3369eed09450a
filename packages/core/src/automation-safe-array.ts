import type { Guid } from "./guid.ts";
import { VT_BSTR, VT_DISPATCH, VT_RECORD, VT_UNKNOWN, VT_VARIANT } from "./automation-vt.ts";

// The ADVFEATUREFLAGS of [MS-OAUT] 2.2.9.
export const FADF_AUTO = 0x0001;
export const FADF_STATIC = 0x0002;
export const FADF_EMBEDDED = 0x0004;
export const FADF_FIXEDSIZE = 0x0010;
export const FADF_RECORD = 0x0020;
export const FADF_HAVEIID = 0x0040;
export const FADF_HAVEVARTYPE = 0x0080;
export const FADF_BSTR = 0x0100;
export const FADF_UNKNOWN = 0x0200;
export const FADF_DISPATCH = 0x0400;
export const FADF_VARIANT = 0x0800;

const MOST_DIMENSIONS = 0xffff;
const LEAST_BOUND = -0x80000000;
const MOST_BOUND = 0x7fffffff;

/** One dimension: the index of its first element, and how many it has. */
export interface SafeArrayBound {
  readonly lowerBound: number;
  readonly elements: number;
}

/** What a SAFEARRAY is made of. */
export interface SafeArrayParts<T = unknown> {
  /** The VARTYPE of the elements. */
  readonly vt: number;
  /** The dimensions in the order of their indices, the leftmost first. */
  readonly bounds: readonly SafeArrayBound[];
  /** All elements; the leftmost index varies fastest. A typed array for numbers, else an array. */
  readonly values: ArrayLike<T>;
  /** FADF_* flags. */
  readonly features: number;
  /** The interface that pointers among the elements are for; `null` unless FADF_HAVEIID. */
  readonly iid: Guid | null;
}

/**
 * A SAFEARRAY with all that it says of itself. Where nothing but the elements is remarkable, an
 * array or typed array stands for it.
 */
export class SafeArray<T = unknown> implements SafeArrayParts<T> {
  readonly vt: number;
  readonly bounds: readonly SafeArrayBound[];
  readonly values: ArrayLike<T>;
  readonly features: number;
  readonly iid: Guid | null;

  /** @throws RangeError when the bounds do not fit the values, or FADF_HAVEIID goes without an IID. */
  constructor(parts: SafeArrayParts<T>) {
    this.vt = parts.vt;
    this.bounds = parts.bounds;
    this.values = parts.values;
    this.features = parts.features;
    this.iid = parts.iid;
    checkShape(this);
  }

  /**
   * The element at one index for each dimension, the leftmost first.
   *
   * @throws RangeError when there is none.
   */
  at(...indices: readonly number[]): T {
    if (indices.length !== this.bounds.length) {
      throw new RangeError(`${this.bounds.length} indices expected, got ${indices.length}`);
    }
    let place = 0;
    let stride = 1;
    for (const [i, { lowerBound, elements }] of this.bounds.entries()) {
      const index = (indices[i] as number) - lowerBound;
      if (!(Number.isInteger(index) && index >= 0 && index < elements)) {
        throw new RangeError(`no element at (${indices.join(", ")})`);
      }
      place += index * stride;
      stride *= elements;
    }
    return this.values[place] as T;
  }
}

/** The features of an array that SafeArrayCreate makes, by the VARTYPE of its elements. */
export function defaultFeatures(vt: number): number {
  switch (vt) {
    case VT_BSTR:
      return FADF_BSTR | FADF_HAVEVARTYPE;
    case VT_VARIANT:
      return FADF_VARIANT | FADF_HAVEVARTYPE;
    case VT_UNKNOWN:
      return FADF_UNKNOWN | FADF_HAVEIID;
    case VT_DISPATCH:
      return FADF_DISPATCH | FADF_HAVEIID;
    case VT_RECORD:
      return FADF_RECORD;
    default:
      return FADF_HAVEVARTYPE;
  }
}

/** The number of elements within `bounds`; NaN when a bound is not one. */
export function elementCount(bounds: readonly SafeArrayBound[]): number {
  return bounds.reduce((product, { elements }) => product * elements, 1);
}

function checkShape({ vt, bounds, values, features, iid }: SafeArray): void {
  if (!(Number.isInteger(features) && features >= 0 && features <= 0xffff)) {
    throw new RangeError(`the features of a SAFEARRAY are 16 bits, got ${features}`);
  }
  const hasIid = (features & FADF_HAVEIID) !== 0;
  if (hasIid !== (iid !== null) || (hasIid && vt !== VT_UNKNOWN && vt !== VT_DISPATCH)) {
    throw new RangeError("FADF_HAVEIID goes with an IID, for interface pointers");
  }
  if (bounds.length === 0 || bounds.length > MOST_DIMENSIONS) {
    throw new RangeError(`a SAFEARRAY has 1 to ${MOST_DIMENSIONS} dimensions`);
  }
  for (const { lowerBound, elements } of bounds) {
    if (!(Number.isInteger(elements) && elements >= 0 && elements <= 0xffffffff)) {
      throw new RangeError(`a dimension of ${elements} elements`);
    }
    if (!(Number.isInteger(lowerBound) && lowerBound >= LEAST_BOUND && lowerBound <= MOST_BOUND)) {
      throw new RangeError(`a lower bound of ${lowerBound}`);
    }
  }
  const count = elementCount(bounds);
  if (count !== values.length) {
    throw new RangeError(`bounds for ${count} elements, ${values.length} values`);
  }
}
