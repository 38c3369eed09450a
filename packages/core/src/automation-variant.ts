import type { Currency } from "./automation-currency.ts";
import type { OleDate } from "./automation-date.ts";
import type { Decimal } from "./automation-decimal.ts";
import type { IDispatch } from "./automation-dispatch.ts";
import type { SafeArray } from "./automation-safe-array.ts";
import { vtName } from "./automation-vt.ts";
import type { Interface } from "./interface.ts";
import type { InterfacePointer, PointerBase } from "./pointer.ts";

/** What a VARIANT holds, by VARTYPE; combinations with VT_ARRAY and VT_BYREF are `unknown`. */
interface VariantValues {
  0x00: undefined;
  0x01: null;
  0x02: number;
  0x03: number;
  0x04: number;
  0x05: number;
  0x06: Currency;
  0x07: OleDate;
  0x08: string | null;
  0x09: InterfacePointer<typeof IDispatch extends Interface<infer S> ? S : never> | null;
  0x0a: number;
  0x0b: boolean;
  0x0d: InterfacePointer<unknown> | null;
  0x0e: Decimal;
  0x10: number;
  0x11: number;
  0x12: number;
  0x13: number;
  0x14: bigint;
  0x15: bigint;
  0x16: number;
  0x17: number;
}

/** The JavaScript type of what a VARIANT of the VARTYPE `V` holds. */
export type VariantValue<V extends number> = V extends keyof VariantValues
  ? VariantValues[V]
  : unknown;

/**
 * A VARIANT: a value together with its VARTYPE, which never gets lost. Immutable.
 *
 * VT_BYREF holds what is pointed at; VT_ARRAY a (typed) array, a SafeArray or, for no array, `null`;
 * VT_VARIANT | VT_BYREF another Variant.
 */
export class Variant<V extends number = number> {
  readonly vt: V;
  readonly value: VariantValue<V>;

  /** Takes both as they are; `variant()` checks them. */
  constructor(vt: V, value: VariantValue<V>) {
    this.vt = vt;
    this.value = value;
  }

  /** Tells whether the VARTYPE is exactly `vt`, and types the value accordingly. */
  is<W extends number>(vt: W): this is Variant<W> {
    return (this.vt as number) === vt;
  }

  /** `VT_I4(5)`. */
  toString(): string {
    return `${vtName(this.vt)}(${this.value === undefined ? "" : String(this.value)})`;
  }
}

type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/**
 * What may be passed for a VARIANT; who receives it always gets a {@link Variant}.
 *
 * | JavaScript | VARTYPE |
 * |---|---|
 * | `undefined`, `null`, `boolean`, `string` | VT_EMPTY, VT_NULL, VT_BOOL, VT_BSTR |
 * | `number` | VT_I4 when it is an integer of 32 bits, else VT_R8, as in script engines |
 * | `bigint` | VT_I8, beyond that VT_UI8 |
 * | `Currency`, `Decimal`, `OleDate` | VT_CY, VT_DECIMAL, VT_DATE |
 * | typed array, array, `SafeArray` | VT_ARRAY of its numbers, of VT_VARIANT, of its own VARTYPE |
 * | interface pointer | VT_DISPATCH when its interface derives from IDispatch, else VT_UNKNOWN |
 * | `Date` | refused: `oleDate(date, zone)` says whose clock is meant |
 */
export type VariantInput =
  | undefined
  | null
  | boolean
  | string
  | number
  | bigint
  | Currency
  | Decimal
  | OleDate
  | NumberArray
  | readonly VariantInput[]
  | SafeArray
  | Variant
  | PointerBase<unknown>;
