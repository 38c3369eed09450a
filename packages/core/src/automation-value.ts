import type { Currency } from "./automation-currency.ts";
import type { OleDate } from "./automation-date.ts";
import type { Decimal } from "./automation-decimal.ts";
import type { SafeArray } from "./automation-safe-array.ts";
import type {
  AutomationType,
  CurrencyType,
  DateType,
  DecimalType,
  SafeArrayType,
  VariantType,
} from "./automation-type.ts";
import type { Variant, VariantInput } from "./automation-variant.ts";
import type { PointerType, Type } from "./type.ts";
import type { ArrayValue, Value } from "./value.ts";

/** The JavaScript type of a value of a type of OLE Automation. */
export type AutomationValue<T extends AutomationType> = T extends VariantType
  ? Variant
  : T extends CurrencyType
    ? Currency
    : T extends DecimalType
      ? Decimal
      : T extends DateType
        ? OleDate
        : T extends SafeArrayType<infer E>
          ? SafeArrayValue<E>
          : never;

/** An array where that says it all: one dimension from 0 on, made as usual. */
export type SafeArrayValue<E extends Type> = ArrayValue<E> | SafeArray | null;

/** What may be passed for `T`: more than {@link Value} has, for a VARIANT. */
export type Given<T extends Type> = Type extends T
  ? unknown
  : T extends VariantType
    ? VariantInput
    : T extends PointerType<VariantType, "ref">
      ? VariantInput
      : Value<T>;

/** The arguments `A` as a server receives them: what was given for a VARIANT has its VARTYPE. */
export type Received<A extends readonly unknown[]> = {
  [I in keyof A]: IsExactly<A[I], VariantInput> extends true ? Variant : A[I];
};

/** What a server may return for the result `R`. */
export type Returnable<R> = IsExactly<R, Variant> extends true ? VariantInput : R;

type IsExactly<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
