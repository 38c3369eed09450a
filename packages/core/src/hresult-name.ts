import * as constants from "./hresult-constants.ts";
import type { HResult } from "./hresult.ts";

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(constants).map(([name, value]) => [value, name]),
);

/** The name that winerror.h gives `hr`, or its eight hexadecimal digits. */
export function hresultName(hr: HResult): string {
  return NAMES.get(hr) ?? `0x${hr.toString(16).toUpperCase().padStart(8, "0")}`;
}
