import { type Guid, RPC_E_INVALID_HEADER, RPC_E_VERSION_MISMATCH } from "@callfactory/core";
import type { NdrReader } from "../ndr/ndr-reader.ts";
import type { NdrWriter } from "../ndr/ndr-writer.ts";
import { type OrpcExtent, readExtents, writeExtents } from "./orpc-extent.ts";

/** COMVERSION: the version of the object RPC protocol ([MS-DCOM] 2.2.11). */
export interface ComVersion {
  readonly major: number;
  readonly minor: number;
}

/** The version that this code speaks: 5.7. */
export const COM_VERSION: ComVersion = { major: 5, minor: 7 };

/** What stands before the [in] parameters of a request ([MS-DCOM] 2.2.13.3). */
export interface OrpcThis {
  readonly version: ComVersion;
  /** ORPCF_*; 0 for a call from another machine, 1 (ORPCF_LOCAL) within one. */
  readonly flags: number;
  /** The causality id: the same in all calls of one call chain. */
  readonly cid: Guid;
  readonly extents: readonly OrpcExtent[] | null;
}

/** What stands before the [out] parameters of a reply ([MS-DCOM] 2.2.13.4). */
export interface OrpcThat {
  readonly flags: number;
  readonly extents: readonly OrpcExtent[] | null;
}

/** Writes an ORPCTHIS: 32 bytes without extents. */
export function writeOrpcThis(writer: NdrWriter, orpcThis: OrpcThis): void {
  writer.align(4);
  writer.writeUint16(orpcThis.version.major);
  writer.writeUint16(orpcThis.version.minor);
  writer.writeUint32(orpcThis.flags);
  writer.writeUint32(0); // reserved1
  writer.writeGuid(orpcThis.cid);
  writeExtents(writer, orpcThis.extents);
}

/**
 * Reads an ORPCTHIS.
 *
 * @throws ComError RPC_E_VERSION_MISMATCH when the major version differs; RPC_E_INVALID_HEADER
 *   when the bytes are no ORPCTHIS.
 */
export function readOrpcThis(reader: NdrReader): OrpcThis {
  reader.blame(RPC_E_INVALID_HEADER, "ORPCTHIS");
  reader.align(4);
  const major = reader.readUint16();
  const minor = reader.readUint16();
  if (major !== COM_VERSION.major) {
    reader.blame(RPC_E_VERSION_MISMATCH, "ORPCTHIS");
    reader.fail(`version ${major}.${minor}, expected ${COM_VERSION.major}.x`);
  }
  const flags = reader.readUint32();
  reader.readUint32(); // reserved1, ignored on receipt
  const cid = reader.readGuid();
  return { version: { major, minor }, flags, cid, extents: readExtents(reader) };
}

/** Writes an ORPCTHAT: 8 bytes without extents. */
export function writeOrpcThat(writer: NdrWriter, orpcThat: OrpcThat): void {
  writer.writeUint32(orpcThat.flags);
  writeExtents(writer, orpcThat.extents);
}

/**
 * Reads an ORPCTHAT.
 *
 * @throws ComError RPC_E_INVALID_HEADER when the bytes are none.
 */
export function readOrpcThat(reader: NdrReader): OrpcThat {
  reader.blame(RPC_E_INVALID_HEADER, "ORPCTHAT");
  const flags = reader.readUint32();
  return { flags, extents: readExtents(reader) };
}
