import { IDispatch } from "./automation-dispatch.ts";
import {
  defaultFeatures,
  FADF_HAVEIID,
  SafeArray,
  type SafeArrayBound,
} from "./automation-safe-array.ts";
import { VARIANT } from "./automation-type.ts";
import { Variant, type VariantValue } from "./automation-variant.ts";
import { VT_ARRAY, VT_DISPATCH, VT_ERROR, vtName } from "./automation-vt.ts";
import { typeOfVt } from "./automation-vt-type.ts";
import { checkAlone } from "./check.ts";
import type { Guid } from "./guid.ts";
import { DISP_E_PARAMNOTFOUND } from "./hresult-constants.ts";
import { IUnknown } from "./well-known.ts";

/** What {@link safeArray} takes besides the elements. */
export interface SafeArrayOptions {
  /** The dimensions, the leftmost index first; one from 0 on unless told otherwise. */
  readonly bounds?: readonly SafeArrayBound[];
  /** FADF_* flags beyond those that SafeArrayCreate sets for the VARTYPE. */
  readonly features?: number;
  /** The interface of the pointers in it, as SafeArrayCreateEx takes it. */
  readonly iid?: Guid;
}

/**
 * Makes a VARIANT of exactly the VARTYPE `vt`.
 *
 * @throws TypeError, RangeError when `value` is not of the kind that `vt` holds, and for VARTYPEs
 *   that no VARIANT here can hold, VT_RECORD among them.
 */
export function variant<V extends number>(vt: V, value: VariantValue<V>): Variant<V> {
  return checkAlone(VARIANT, new Variant(vt, value), `variant(${vtName(vt)})`) as Variant<V>;
}

/** Stands for an optional argument that is left out: VT_ERROR with DISP_E_PARAMNOTFOUND. */
export const MISSING: Variant<typeof VT_ERROR> = new Variant(VT_ERROR, DISP_E_PARAMNOTFOUND);

/**
 * Makes a SAFEARRAY of the VARTYPE `vt`; `values` are all elements, the leftmost index varying
 * fastest: a typed array of exactly the kind for numbers, else an array.
 *
 * @throws TypeError, RangeError when an element is not of the kind that `vt` holds, or the bounds
 *   do not fit.
 */
export function safeArray(
  vt: number,
  values: ArrayLike<unknown>,
  options: SafeArrayOptions = {},
): SafeArray {
  if (typeOfVt(vt) === null) throw new TypeError(`no SAFEARRAY of ${vtName(vt)} can be made here`);
  const features = defaultFeatures(vt) | (options.features ?? 0);
  const ownIid = vt === VT_DISPATCH ? IDispatch.iid : IUnknown.iid;
  const array = new SafeArray({
    vt,
    bounds: options.bounds ?? [{ lowerBound: 0, elements: values.length }],
    values,
    features,
    iid: (features & FADF_HAVEIID) === 0 ? null : (options.iid ?? ownIid),
  });
  const holder = new Variant(VT_ARRAY | vt, array);
  const checked = checkAlone(VARIANT, holder, `safeArray(${vtName(vt)})`) as Variant;
  return checked.value as SafeArray;
}
