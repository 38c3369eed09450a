export { createEmulator, type Emulator, type EmulatorOptions } from "./emulator-backend.ts";
export type { LedgerKind, LedgerMode, OpenReference } from "./object/ledger.ts";
