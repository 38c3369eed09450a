import { SafeArray } from "./automation-safe-array.ts";
import { Variant } from "./automation-variant.ts";
import { VT_ARRAY, VT_DISPATCH, VT_TYPEMASK, VT_UNKNOWN, VT_VARIANT } from "./automation-vt.ts";

type PointerMap = (pointer: NonNullable<unknown>) => unknown;

/** Maps the interface pointers in a VARIANT; the same one when it can hold none. */
export function mapVariant(value: unknown, map: PointerMap): unknown {
  if (!(value instanceof Variant)) return value;
  const { vt, value: content } = value;
  const base = vt & VT_TYPEMASK;
  const mapped =
    (vt & VT_ARRAY) === 0 && holdsPointers(base)
      ? mapElement(base, content, map)
      : mapElements(base, content, map);
  return mapped === content ? value : new Variant(vt, mapped);
}

/** Maps the interface pointers in an array or a SafeArray of `vt`, which hold them or VARIANTs. */
export function mapElements(vt: number, value: unknown, map: PointerMap): unknown {
  if (value instanceof SafeArray) {
    // Its own VARTYPE counts, which need not be that of its VARIANT.
    if (!holdsPointers(value.vt)) return value;
    const values = Array.from(value.values, (e) => mapElement(value.vt, e, map));
    return new SafeArray({ ...value, values });
  }
  return holdsPointers(vt) && Array.isArray(value)
    ? value.map((e) => mapElement(vt, e, map))
    : value;
}

function mapElement(vt: number, value: unknown, map: PointerMap): unknown {
  if (value === null || value === undefined) return value;
  return vt === VT_VARIANT ? mapVariant(value, map) : map(value);
}

function holdsPointers(vt: number): boolean {
  return vt === VT_UNKNOWN || vt === VT_DISPATCH || vt === VT_VARIANT;
}
