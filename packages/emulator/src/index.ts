export { createEmulator, type Emulator, type EmulatorOptions } from "./emulator-backend.ts";
export type { LedgerKind } from "./object/ledger.ts";
