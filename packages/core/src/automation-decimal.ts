import {
  type DecimalParts,
  formatDecimal,
  parseDecimal,
  reduced,
} from "./automation-decimal-text.ts";

const MOST_SCALE = 28;
const DIGIT_BITS = 96;

/**
 * A DECIMAL: a sign, 96 bits of digits and how many of those stand behind the point
 * ([MS-OAUT] 2.2.26). Immutable. `1.50` and `1.5` differ in scale, and so do 0 and -0 in sign.
 */
export class Decimal implements DecimalParts {
  readonly negative: boolean;
  readonly digits: bigint;
  readonly scale: number;

  /**
   * Takes the stored form.
   *
   * @throws RangeError when the digits do not fit 96 bits or the scale is not 0 to 28.
   */
  constructor({ negative, digits, scale }: DecimalParts) {
    if (BigInt.asUintN(DIGIT_BITS, digits) !== digits) {
      throw new RangeError("the digits of a DECIMAL do not fit 96 bits");
    }
    if (!(Number.isInteger(scale) && scale >= 0 && scale <= MOST_SCALE)) {
      throw new RangeError(`the scale of a DECIMAL must be 0 to ${MOST_SCALE}, got ${scale}`);
    }
    this.negative = negative;
    this.digits = digits;
    this.scale = scale;
    Object.freeze(this);
  }

  /** The exact value with all decimals of its scale: `-1.50`. */
  toString(): string {
    return formatDecimal(this);
  }

  /** The nearest number. */
  toNumber(): number {
    return Number(this.toString());
  }

  /** The exact value as text, because a number could lose some of it. */
  toJSON(): string {
    return this.toString();
  }
}

/**
 * Makes a DECIMAL of a decimal text, a number (by its shortest decimal form) or a bigint. A text
 * keeps its scale: `decimal("1.50")` has two decimals.
 *
 * @throws TypeError when `value` is no decimal number; RangeError when it would have to be rounded.
 */
export function decimal(value: string | number | bigint): Decimal {
  const parts = parseDecimal(value, "a DECIMAL");
  const fits = parts.scale <= MOST_SCALE && parts.digits >> BigInt(DIGIT_BITS) === 0n;
  return new Decimal(fits ? parts : reduced(parts));
}
