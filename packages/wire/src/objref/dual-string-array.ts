import type { NdrReader } from "../ndr/ndr-reader.ts";
import type { NdrWriter } from "../ndr/ndr-writer.ts";

/** How to reach an object exporter: a protocol tower and an address such as `host[135]`. */
export interface StringBinding {
  /** 7 is ncacn_ip_tcp. */
  readonly towerId: number;
  readonly networkAddress: string;
}

/** How to authenticate to it ([MS-DCOM] 2.2.19.4). */
export interface SecurityBinding {
  readonly authnService: number;
  readonly principalName: string;
}

/** DUALSTRINGARRAY: string bindings, then security bindings ([MS-DCOM] 2.2.19). */
export interface DualStringArray {
  readonly stringBindings: readonly StringBinding[];
  readonly securityBindings: readonly SecurityBinding[];
}

/** What stands in the reserved authorization field of a security binding. */
const COM_C_AUTHZ_NONE = 0xffff;

/** Writes a DUALSTRINGARRAY, unaligned: header, bindings, and a NUL after either list. */
export function writeDualStringArray(writer: NdrWriter, array: DualStringArray): void {
  const units: number[] = [];
  for (const { towerId, networkAddress } of array.stringBindings) {
    units.push(towerId);
    pushText(units, networkAddress);
  }
  units.push(0);
  const securityOffset = units.length;
  for (const { authnService, principalName } of array.securityBindings) {
    units.push(authnService, COM_C_AUTHZ_NONE);
    pushText(units, principalName);
  }
  units.push(0);
  if (units.length > 0xffff) {
    throw new RangeError(`the bindings take ${units.length} units; a DUALSTRINGARRAY holds 65535`);
  }
  writer.writeUint16(units.length);
  writer.writeUint16(securityOffset);
  for (const unit of units) writer.writeUint16(unit);
}

/** Reads a DUALSTRINGARRAY; the reader's blame applies. */
export function readDualStringArray(reader: NdrReader): DualStringArray {
  const entries = reader.readUint16();
  const securityOffset = reader.readUint16();
  if (securityOffset > entries) reader.fail(`security bindings at ${securityOffset} of ${entries}`);
  const text = reader.readUtf16(entries);
  return {
    stringBindings: stringBindings(text.slice(0, securityOffset)),
    securityBindings: securityBindings(text.slice(securityOffset)),
  };
}

function pushText(units: number[], text: string): void {
  for (let i = 0; i < text.length; i++) units.push(text.charCodeAt(i));
  units.push(0);
}

/** Lists end at the first binding whose id is 0, or with the text. */
function stringBindings(text: string): StringBinding[] {
  const bindings: StringBinding[] = [];
  for (let at = 0; at < text.length && text.charCodeAt(at) !== 0; ) {
    const end = endOfText(text, at + 1);
    bindings.push({ towerId: text.charCodeAt(at), networkAddress: text.slice(at + 1, end) });
    at = end + 1;
  }
  return bindings;
}

function securityBindings(text: string): SecurityBinding[] {
  const bindings: SecurityBinding[] = [];
  for (let at = 0; at < text.length && text.charCodeAt(at) !== 0; ) {
    const end = endOfText(text, at + 2);
    bindings.push({ authnService: text.charCodeAt(at), principalName: text.slice(at + 2, end) });
    at = end + 1;
  }
  return bindings;
}

function endOfText(text: string, from: number): number {
  const end = text.indexOf("\0", from);
  return end < 0 ? text.length : end;
}
