/** A decimal number: (-1)^negative * digits / 10^scale. */
export interface DecimalParts {
  readonly negative: boolean;
  readonly digits: bigint;
  /** How many of the digits stand behind the point. */
  readonly scale: number;
}

const PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i;
/** Beyond this no number here has use for a text, and reading it would take long. */
const MOST_CHARACTERS = 400;

/**
 * Reads a decimal number without rounding it: digits, one point, an exponent, nothing else.
 *
 * @throws TypeError naming `what` when `value` is no such text, or a number that is not finite.
 */
export function parseDecimal(value: string | number | bigint, what: string): DecimalParts {
  const text = Object.is(value, -0) ? "-0" : String(value);
  const match = text.length > MOST_CHARACTERS ? null : PATTERN.exec(text);
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match ?? [];
  if (match === null || whole + fraction === "") {
    throw new TypeError(`${what} must be a decimal number, got ${JSON.stringify(text)}`);
  }
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  if (scale >= 0) return { negative: sign === "-", digits, scale };
  return { negative: sign === "-", digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

/** The number as text: all digits of its scale, no exponent. */
export function formatDecimal({ negative, digits, scale }: DecimalParts): string {
  const text = digits.toString().padStart(scale + 1, "0");
  const whole = text.slice(0, text.length - scale);
  const fraction = scale === 0 ? "" : `.${text.slice(text.length - scale)}`;
  return `${negative ? "-" : ""}${whole}${fraction}`;
}

/** The same number with the least scale that loses nothing, but not below `leastScale`. */
export function reduced({ negative, digits, scale }: DecimalParts, leastScale = 0): DecimalParts {
  let [least, rest] = [scale, digits];
  while (least > leastScale && rest % 10n === 0n) {
    rest /= 10n;
    least--;
  }
  return { negative, digits: rest, scale: least };
}
