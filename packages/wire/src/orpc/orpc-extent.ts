import type { Guid } from "@callfactory/core";
import type { NdrReader } from "../ndr/ndr-reader.ts";
import type { NdrWriter } from "../ndr/ndr-writer.ts";

/** A block of data that travels beside a call; unknown ones are ignored ([MS-DCOM] 2.2.21.2). */
export interface OrpcExtent {
  readonly id: Guid;
  readonly data: Uint8Array;
}

/** Writes the unique pointer to an ORPC_EXTENT_ARRAY and, when there are extents, the array. */
export function writeExtents(writer: NdrWriter, extents: readonly OrpcExtent[] | null): void {
  if (extents === null) {
    writer.writeUint32(0);
    return;
  }
  // [size_is((size+1)&~1)]: an odd number of pointers is filled up with a NULL.
  const slots = (extents.length + 1) & ~1;
  writer.writeReferent();
  writer.writeUint32(extents.length);
  writer.writeUint32(0); // reserved
  writer.writeReferent();
  writer.writeUint32(slots);
  for (let i = 0; i < slots; i++) {
    if (i < extents.length) writer.writeReferent();
    else writer.writeUint32(0);
  }
  for (const { id, data } of extents) {
    const room = (data.length + 7) & ~7;
    writer.writeUint32(room);
    writer.writeGuid(id);
    writer.writeUint32(data.length);
    writer.writeBytes(data);
    writer.clear(writer.reserve(1, room - data.length), room - data.length);
  }
}

/** Reads what {@link writeExtents} writes; the reader's blame applies. */
export function readExtents(reader: NdrReader): OrpcExtent[] | null {
  if (reader.readUint32() === 0) return null;
  const size = reader.readUint32();
  reader.readUint32(); // reserved, ignored on receipt
  if (reader.readUint32() === 0) {
    if (size !== 0) reader.fail(`${size} extents behind NULL`);
    return [];
  }
  const slots = reader.readUint32();
  if (slots !== size + 1 - ((size + 1) % 2)) reader.fail(`${slots} slots for ${size} extents`);
  if (slots * 4 > reader.remaining) reader.fail(`${slots} extents announced`);
  let present = 0;
  for (let i = 0; i < slots; i++) if (reader.readUint32() !== 0) present++;
  return Array.from({ length: present }, () => readExtent(reader));
}

function readExtent(reader: NdrReader): OrpcExtent {
  const room = reader.readUint32();
  const id = reader.readGuid();
  const size = reader.readUint32();
  if (size > room) reader.fail(`an extent of ${size} bytes in ${room}`);
  const data = reader.readBytes(size);
  reader.take(1, room - size);
  return { id, data };
}
