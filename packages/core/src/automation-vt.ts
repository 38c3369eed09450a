// The VARENUM of [MS-OAUT] 2.2.7, as far as a VARIANT or SAFEARRAY can hold it, in wtypes.h's names.

export const VT_EMPTY = 0x0000;
export const VT_NULL = 0x0001;
export const VT_I2 = 0x0002;
export const VT_I4 = 0x0003;
export const VT_R4 = 0x0004;
export const VT_R8 = 0x0005;
export const VT_CY = 0x0006;
export const VT_DATE = 0x0007;
export const VT_BSTR = 0x0008;
export const VT_DISPATCH = 0x0009;
export const VT_ERROR = 0x000a;
export const VT_BOOL = 0x000b;
export const VT_VARIANT = 0x000c;
export const VT_UNKNOWN = 0x000d;
export const VT_DECIMAL = 0x000e;
export const VT_I1 = 0x0010;
export const VT_UI1 = 0x0011;
export const VT_UI2 = 0x0012;
export const VT_UI4 = 0x0013;
export const VT_I8 = 0x0014;
export const VT_UI8 = 0x0015;
export const VT_INT = 0x0016;
export const VT_UINT = 0x0017;
/** A user-defined structure; nothing here can hold one yet. */
export const VT_RECORD = 0x0024;
/** Added to the type of the elements: a SAFEARRAY of them. */
export const VT_ARRAY = 0x2000;
/** Added to the type of what is pointed at: a pointer to it. */
export const VT_BYREF = 0x4000;
/** The bits of the type itself, without VT_ARRAY and VT_BYREF. */
export const VT_TYPEMASK = 0x0fff;

const NAMES: Readonly<Record<number, string>> = {
  [VT_EMPTY]: "VT_EMPTY",
  [VT_NULL]: "VT_NULL",
  [VT_I2]: "VT_I2",
  [VT_I4]: "VT_I4",
  [VT_R4]: "VT_R4",
  [VT_R8]: "VT_R8",
  [VT_CY]: "VT_CY",
  [VT_DATE]: "VT_DATE",
  [VT_BSTR]: "VT_BSTR",
  [VT_DISPATCH]: "VT_DISPATCH",
  [VT_ERROR]: "VT_ERROR",
  [VT_BOOL]: "VT_BOOL",
  [VT_VARIANT]: "VT_VARIANT",
  [VT_UNKNOWN]: "VT_UNKNOWN",
  [VT_DECIMAL]: "VT_DECIMAL",
  [VT_I1]: "VT_I1",
  [VT_UI1]: "VT_UI1",
  [VT_UI2]: "VT_UI2",
  [VT_UI4]: "VT_UI4",
  [VT_I8]: "VT_I8",
  [VT_UI8]: "VT_UI8",
  [VT_INT]: "VT_INT",
  [VT_UINT]: "VT_UINT",
  [VT_RECORD]: "VT_RECORD",
};

/** The name of a VARTYPE, as `VT_ARRAY | VT_I4`; a number in hexadecimal where it has none. */
export function vtName(vt: number): string {
  const parts: string[] = [];
  if ((vt & VT_BYREF) !== 0) parts.push("VT_BYREF");
  if ((vt & VT_ARRAY) !== 0) parts.push("VT_ARRAY");
  const base = vt & ~(VT_BYREF | VT_ARRAY);
  parts.push(NAMES[base] ?? `0x${base.toString(16).padStart(4, "0")}`);
  return parts.join(" | ");
}
