import type { Type } from "./type.ts";

/** A VARIANT by value; a `Variant`, for which arguments may be what `VariantInput` lists. */
export interface VariantType {
  readonly kind: "variant";
  readonly name: "VARIANT";
}

/** A pointer to a SAFEARRAY; a (typed) array where that says it all, else a `SafeArray`, or `null`. */
export interface SafeArrayType<T extends Type = Type> {
  readonly kind: "safearray";
  readonly element: T;
}

/** A fixed-point number with four decimals; a `Currency`. */
export interface CurrencyType {
  readonly kind: "currency";
  readonly name: "CURRENCY";
}

/** A decimal number of up to 28 digits and a scale; a `Decimal`. */
export interface DecimalType {
  readonly kind: "decimal";
  readonly name: "DECIMAL";
}

/** A day and time in an unnamed time zone; an `OleDate`. */
export interface DateType {
  readonly kind: "date";
  readonly name: "DATE";
}

/** The types of OLE Automation beyond BSTR and VARIANT_BOOL ([MS-OAUT] 2.2). */
export type AutomationType = VariantType | SafeArrayType | CurrencyType | DecimalType | DateType;

export const VARIANT: VariantType = { kind: "variant", name: "VARIANT" };
export const CURRENCY: CurrencyType = { kind: "currency", name: "CURRENCY" };
export const DECIMAL: DecimalType = { kind: "decimal", name: "DECIMAL" };
export const DATE: DateType = { kind: "date", name: "DATE" };
