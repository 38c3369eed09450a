declare const brand: unique symbol;

/** A GUID in its canonical text form: 36 lowercase characters, no braces. */
export type Guid = string & { readonly [brand]: "Guid" };

const PATTERN = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i;

/** Offsets of the 16 bytes of a GUID in the order in which its text shows them. */
const TEXT_ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** The value of each hexadecimal digit, by character code. */
const DIGITS = new Uint8Array(128);
for (const [value, digit] of [..."0123456789abcdef"].entries()) {
  DIGITS[digit.charCodeAt(0)] = value;
}

const HYPHEN = 0x2d;

/** The GUID of all zeros (IID_NULL, CLSID_NULL). */
export const GUID_NULL = "00000000-0000-0000-0000-000000000000" as Guid;

/**
 * Parses a GUID, with or without braces, in any letter case.
 *
 * @throws TypeError when `text` is not a GUID.
 */
export function guid(text: string): Guid {
  const match = typeof text === "string" ? PATTERN.exec(text) : null;
  if (match === null) {
    throw new TypeError(
      `not a GUID: ${JSON.stringify(text)}; expected xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`,
    );
  }
  return (match[1] as string).toLowerCase() as Guid;
}

/** Tells whether `value` is a GUID in any of the forms that {@link guid} takes. */
export function isGuid(value: unknown): value is string {
  return typeof value === "string" && PATTERN.test(value);
}

/** Writes the 16 bytes of `value` at `offsetBytes`: the first three fields little-endian, as in memory and in NDR. */
export function guidToBytes(value: Guid, into: Uint8Array, offsetBytes = 0): void {
  let char = 0;
  for (let i = 0; i < 16; i++) {
    if (value.charCodeAt(char) === HYPHEN) char++;
    const high = DIGITS[value.charCodeAt(char)] as number;
    const low = DIGITS[value.charCodeAt(char + 1)] as number;
    into[offsetBytes + (TEXT_ORDER[i] as number)] = (high << 4) | low;
    char += 2;
  }
}

/** Reads 16 bytes at `offsetBytes` as a GUID. */
export function guidFromBytes(bytes: Uint8Array, offsetBytes = 0): Guid {
  let text = "";
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += "-";
    text += HEX[bytes[offsetBytes + (TEXT_ORDER[i] as number)] as number];
  }
  return text as Guid;
}
