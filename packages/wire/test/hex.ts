import { readFileSync } from "node:fs";

/** Bytes from hexadecimal digits; white space is ignored. */
export function bytesOf(hex: string): Uint8Array {
  const digits = hex.replace(/\s+/g, "");
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Hexadecimal digits of bytes. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A file of golden/: hexadecimal digits, with lines of comment that begin with '#'. */
export function golden(name: string): Uint8Array {
  const text = readFileSync(new URL(`golden/${name}.hex`, import.meta.url), "utf8");
  return bytesOf(text.replace(/^#.*$/gm, ""));
}
