import { type ErrorInfo, type Guid, GUID_NULL, guid } from "@callfactory/core";
import {
  decodeObjRef,
  encodeObjRef,
  NdrReader,
  NdrWriter,
  type OrpcExtent,
} from "@callfactory/wire";

// What a server says of a failure travels beside the reply: an extent that holds a custom OBJREF
// of an error object ([MS-DCOM] 2.2.21.1 to 2.2.21.3).

/** CLSID_ERROR_EXTENSION: the extent. */
const ERROR_EXTENSION = guid("0000031c-0000-0000-c000-000000000046");
/** CLSID_ErrorObject: who unmarshals what is in it. */
const ERROR_OBJECT = guid("0000031b-0000-0000-c000-000000000046");
/** IID_IErrorInfo. */
const IID_IERRORINFO = guid("1cf2b120-547d-101b-8e65-08002b2bd119");

const PRESENT = 0xffffffff;

/** The extents of a reply: the error info, when the server set it. */
export function extentsFor(info: ErrorInfo | undefined, iid: Guid): OrpcExtent[] {
  if (info === undefined) return [];
  const writer = new NdrWriter(128);
  writer.writeUint32(0); // dwVersion
  writer.writeUint32(info.helpContext ?? 0);
  writer.writeGuid(info.iid ?? iid);
  for (const text of [info.source, info.description, info.helpFile]) writeText(writer, text);
  const data = encodeObjRef({
    kind: "custom",
    iid: IID_IERRORINFO,
    clsid: ERROR_OBJECT,
    data: writer.bytes(),
  });
  return [{ id: ERROR_EXTENSION, data }];
}

/** The error info among the extents of a reply; other extents, and damaged ones, are ignored. */
export function errorInfoOf(extents: readonly OrpcExtent[] | null): ErrorInfo | null {
  const extent = extents?.find(({ id }) => id === ERROR_EXTENSION);
  if (extent === undefined) return null;
  try {
    const objref = decodeObjRef(extent.data);
    if (objref.kind !== "custom" || objref.clsid !== ERROR_OBJECT) return null;
    return readErrorInfo(objref.data);
  } catch {
    return null;
  }
}

function readErrorInfo(data: Uint8Array): ErrorInfo {
  const reader = new NdrReader(data);
  reader.readUint32(); // dwVersion
  const helpContext = reader.readUint32();
  const iid = reader.readGuid();
  const source = readText(reader);
  const description = readText(reader);
  const helpFile = readText(reader);
  return {
    ...(description === null ? {} : { description }),
    ...(source === null ? {} : { source }),
    ...(helpFile === null ? {} : { helpFile }),
    ...(helpContext === 0 ? {} : { helpContext }),
    ...(iid === GUID_NULL ? {} : { iid }),
  };
}

// The error object is written to a stream, not as NDR: after a string nothing is aligned.

/** A signature that says whether an ErrorInfoString follows: its length twice, and the characters with a NUL. */
function writeText(writer: NdrWriter, text: unknown): void {
  // A server in plain JavaScript may say anything: what is no text does not travel.
  const isText = typeof text === "string";
  writeRaw32(writer, isText ? PRESENT : 0);
  if (!isText) return;
  const units = text.length + 1;
  writeRaw32(writer, units); // dwMax
  writeRaw32(writer, 0); // dwOffSet
  writeRaw32(writer, units); // dwActual
  const offset = writer.reserve(1, units * 2);
  for (let i = 0; i < units; i++) {
    writer.view.setUint16(offset + i * 2, i < text.length ? text.charCodeAt(i) : 0, true);
  }
}

function readText(reader: NdrReader): string | null {
  if (readRaw32(reader) !== PRESENT) return null;
  readRaw32(reader); // dwMax
  readRaw32(reader); // dwOffSet
  const units = readRaw32(reader);
  const offset = reader.take(1, units * 2);
  let text = "";
  for (let i = 0; i < units; i++) {
    text += String.fromCharCode(reader.view.getUint16(offset + i * 2, true));
  }
  return text.replace(/\0$/, "");
}

function writeRaw32(writer: NdrWriter, value: number): void {
  // The view is a new one whenever room is made.
  const offset = writer.reserve(1, 4);
  writer.view.setUint32(offset, value, true);
}

function readRaw32(reader: NdrReader): number {
  return reader.view.getUint32(reader.take(1, 4), true);
}
