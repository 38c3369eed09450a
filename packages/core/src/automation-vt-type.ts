import { IDispatch, isDispatch } from "./automation-dispatch.ts";
import { CURRENCY, DATE, DECIMAL, type SafeArrayType, VARIANT } from "./automation-type.ts";
import {
  VT_BOOL,
  VT_BSTR,
  VT_CY,
  VT_DATE,
  VT_DECIMAL,
  VT_DISPATCH,
  VT_ERROR,
  VT_I1,
  VT_I2,
  VT_I4,
  VT_I8,
  VT_INT,
  VT_R4,
  VT_R8,
  VT_UI1,
  VT_UI2,
  VT_UI4,
  VT_UI8,
  VT_UINT,
  VT_UNKNOWN,
  VT_VARIANT,
} from "./automation-vt.ts";
import {
  BSTR,
  BYTE,
  CHAR,
  DOUBLE,
  FLOAT,
  HRESULT,
  type IntType,
  LONG,
  LONGLONG,
  pointerTo,
  SHORT,
  type Type,
  typeName,
  ULONG,
  ULONGLONG,
  USHORT,
  VARIANT_BOOL,
} from "./type.ts";
import { IUnknown } from "./well-known.ts";

const TYPES: ReadonlyMap<number, Type> = new Map<number, Type>([
  [VT_I1, CHAR],
  [VT_UI1, BYTE],
  [VT_I2, SHORT],
  [VT_UI2, USHORT],
  [VT_I4, LONG],
  [VT_UI4, ULONG],
  [VT_INT, LONG],
  [VT_UINT, ULONG],
  [VT_I8, LONGLONG],
  [VT_UI8, ULONGLONG],
  [VT_R4, FLOAT],
  [VT_R8, DOUBLE],
  [VT_BOOL, VARIANT_BOOL],
  [VT_ERROR, HRESULT],
  [VT_CY, CURRENCY],
  [VT_DATE, DATE],
  [VT_DECIMAL, DECIMAL],
  [VT_BSTR, BSTR],
  [VT_VARIANT, VARIANT],
  [VT_UNKNOWN, pointerTo(IUnknown)],
  [VT_DISPATCH, pointerTo(IDispatch)],
]);

/** The type of the value that a VARTYPE without VT_ARRAY and VT_BYREF stands for; `null` for all else. */
export function typeOfVt(vt: number): Type | null {
  return TYPES.get(vt) ?? null;
}

/** The VARTYPE of `type`; `null` when no VARIANT holds such a value. */
export function vtOfType(type: Type): number | null {
  switch (type.kind) {
    case "int":
      return vtOfInt(type);
    case "hyper":
      return type.signed ? VT_I8 : VT_UI8;
    case "float":
      return type.sizeBytes === 4 ? VT_R4 : VT_R8;
    case "bool":
      return type.name === VARIANT_BOOL.name ? VT_BOOL : null;
    case "bstr":
      return VT_BSTR;
    case "variant":
      return VT_VARIANT;
    case "currency":
      return VT_CY;
    case "date":
      return VT_DATE;
    case "decimal":
      return VT_DECIMAL;
    case "interface":
      return isDispatch(type.resolve()) ? VT_DISPATCH : VT_UNKNOWN;
    default:
      return null;
  }
}

function vtOfInt({ name, sizeBytes, signed }: IntType): number {
  if (name === HRESULT.name) return VT_ERROR;
  if (sizeBytes === 1) return signed ? VT_I1 : VT_UI1;
  if (sizeBytes === 2) return signed ? VT_I2 : VT_UI2;
  return signed ? VT_I4 : VT_UI4;
}

/**
 * IDL's `SAFEARRAY(T)`: an array that brings its bounds and the VARTYPE of its elements along.
 *
 * @throws TypeError when `element` has no VARTYPE.
 */
export function SAFEARRAY<T extends Type>(element: T): SafeArrayType<T> {
  // Interfaces may not be defined yet.
  if (element.kind !== "interface" && vtOfType(element) === null) {
    throw new TypeError(`SAFEARRAY(${typeName(element)}): no VARIANT holds such a value`);
  }
  return { kind: "safearray", element };
}
