import type { ProcessOptions } from "./process-services.ts";

/** What each option of an emulator may be; the text says it to people. */
const KNOWN: Readonly<
  Record<keyof ProcessOptions, readonly [what: string, isValid: (value: unknown) => boolean]>
> = {
  clock: ['"virtual" or "real"', (value) => value === "virtual" || value === "real"],
  seed: ["a whole number", (value) => Number.isSafeInteger(value)],
  ledger: ['"count" or "places"', (value) => value === "count" || value === "places"],
  identity: ["an object with a name", isIdentity],
};

/**
 * Refuses options that an emulator would ignore or misread.
 *
 * @throws TypeError naming the option.
 */
export function checkProcessOptions(options: unknown): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`emulator: options must be an object, got ${String(options)}`);
  }
  for (const [name, value] of Object.entries(options)) {
    const known = Object.hasOwn(KNOWN, name) ? KNOWN[name as keyof ProcessOptions] : undefined;
    if (known === undefined) {
      const names = Object.keys(KNOWN).join(", ");
      throw new TypeError(`emulator: unknown option '${name}'; known are ${names}`);
    }
    const [what, isValid] = known;
    if (value === undefined || isValid(value)) continue;
    throw new TypeError(`emulator: option '${name}' must be ${what}`);
  }
}

function isIdentity(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return typeof (value as { readonly name?: unknown }).name === "string";
}
