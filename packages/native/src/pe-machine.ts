import { closeSync, openSync, readSync } from "node:fs";

/** IMAGE_FILE_MACHINE_* and the name that Node gives the same architecture. */
const MACHINES: ReadonlyMap<number, string> = new Map([
  [0x014c, "ia32"],
  [0x01c4, "arm"],
  [0x8664, "x64"],
  [0xaa64, "arm64"],
]);

/** Where a DOS header says how far away the PE header is. */
const OFFSET_OF_PE_OFFSET_BYTES = 0x3c;

/**
 * Reads for which architecture a DLL is made: a name as in `process.arch`, or the machine field in
 * hexadecimal; `null` when the file is no PE image.
 *
 * @throws Error (of `node:fs`) when the file cannot be read.
 */
export function readPeMachine(path: string): string | null {
  const file = openSync(path, "r");
  try {
    const dos = readAt(file, 0, OFFSET_OF_PE_OFFSET_BYTES + 4);
    if (dos === null || dos.getUint16(0, true) !== 0x5a4d) return null;
    const pe = readAt(file, dos.getUint32(OFFSET_OF_PE_OFFSET_BYTES, true), 6);
    if (pe === null || pe.getUint32(0, true) !== 0x00004550) return null;
    const machine = pe.getUint16(4, true);
    return MACHINES.get(machine) ?? `0x${machine.toString(16)}`;
  } finally {
    closeSync(file);
  }
}

function readAt(file: number, offsetBytes: number, sizeBytes: number): DataView | null {
  const bytes = new Uint8Array(sizeBytes);
  const read = readSync(file, bytes, 0, sizeBytes, offsetBytes);
  return read === sizeBytes ? new DataView(bytes.buffer) : null;
}
