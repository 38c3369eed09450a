import { formatDecimal, parseDecimal, reduced } from "./automation-decimal-text.ts";

const SCALE = 4;
const UNITS = 10_000n;

/** A CURRENCY: an exact number of ten-thousandths in 64 bits. Immutable; compare `scaled`. */
export class Currency {
  /** The value times 10,000, as it is stored (`int64` of CY). */
  readonly scaled: bigint;

  /**
   * Takes the stored form.
   *
   * @throws RangeError when it does not fit 64 bits.
   */
  constructor(scaled: bigint) {
    if (BigInt.asIntN(64, scaled) !== scaled) {
      throw new RangeError("a CURRENCY does not fit 64 bits of ten-thousandths");
    }
    this.scaled = scaled;
    Object.freeze(this);
  }

  /** The exact value, without zeros at its end: `-12.5`. */
  toString(): string {
    const negative = this.scaled < 0n;
    const digits = negative ? -this.scaled : this.scaled;
    return formatDecimal(reduced({ negative, digits, scale: SCALE }));
  }

  /** The nearest number; exact up to about 900 billion. */
  toNumber(): number {
    return Number(this.toString());
  }

  /** The exact value as text, because a number could lose some of it. */
  toJSON(): string {
    return this.toString();
  }
}

/**
 * Makes a CURRENCY of a decimal text, a number (by its shortest decimal form) or whole units.
 *
 * @throws TypeError when `value` is no decimal number; RangeError when it has more than four
 *   decimals, which would be lost, or does not fit 64 bits.
 */
export function currency(value: string | number | bigint): Currency {
  if (typeof value === "bigint") return new Currency(value * UNITS);
  const { negative, digits, scale } = reduced(parseDecimal(value, "a CURRENCY"));
  if (scale > SCALE) throw new RangeError(`a CURRENCY has four decimals, got ${value}`);
  const scaled = digits * 10n ** BigInt(SCALE - scale);
  return new Currency(negative ? -scaled : scaled);
}
