import { type Guid, guidFromBytes, guidToBytes, RPC_E_INVALID_OBJREF } from "@callfactory/core";
import { NdrReader } from "../ndr/ndr-reader.ts";
import { NdrWriter } from "../ndr/ndr-writer.ts";
import {
  type DualStringArray,
  readDualStringArray,
  writeDualStringArray,
} from "./dual-string-array.ts";

/** STDOBJREF: one reference to one interface of an exported object ([MS-DCOM] 2.2.18.2). */
export interface StdObjRef {
  /** SORF_*: {@link SORF_NOPING}, or 0. */
  readonly flags: number;
  /** Public references that the receiver comes to own. */
  readonly publicRefs: number;
  /** The object exporter. */
  readonly oxid: bigint;
  /** The object. */
  readonly oid: bigint;
  /** The interface of the object. */
  readonly ipid: Guid;
}

/** The object needs no pings (MAR-04). */
export const SORF_NOPING = 0x1000;

/** A data element of an extended OBJREF. */
export interface ObjRefElement {
  readonly id: Guid;
  readonly data: Uint8Array;
}

/** OBJREF: an interface pointer as bytes ([MS-DCOM] 2.2.18). */
export type ObjRef =
  | {
      readonly kind: "standard";
      readonly iid: Guid;
      readonly std: StdObjRef;
      readonly resolver: DualStringArray;
    }
  | {
      readonly kind: "handler";
      readonly iid: Guid;
      readonly std: StdObjRef;
      /** The in-process handler's class (MAR-12). */
      readonly clsid: Guid;
      readonly resolver: DualStringArray;
    }
  | {
      readonly kind: "custom";
      readonly iid: Guid;
      /** The unmarshaler's class (MAR-01). */
      readonly clsid: Guid;
      readonly data: Uint8Array;
    }
  | {
      readonly kind: "extended";
      readonly iid: Guid;
      readonly std: StdObjRef;
      readonly resolver: DualStringArray;
      readonly element: ObjRefElement;
    };

const SIGNATURE_MEOW = 0x574f454d;
/** Both signatures of OBJREF_EXTENDED ([MS-DCOM] 2.2.18.7). */
const SIGNATURE_EXTENDED = 0x4e535956;

const FLAGS = { standard: 1, handler: 2, custom: 4, extended: 8 } as const;

/** Encodes an OBJREF; the bytes are the caller's own. */
export function encodeObjRef(objref: ObjRef): Uint8Array<ArrayBuffer> {
  const writer = new NdrWriter(128);
  writer.writeUint32(SIGNATURE_MEOW);
  writer.writeUint32(FLAGS[objref.kind]);
  writer.writeGuid(objref.iid);
  switch (objref.kind) {
    case "standard":
      writeStdObjRef(writer, objref.std);
      writeDualStringArray(writer, objref.resolver);
      break;
    case "handler":
      writeStdObjRef(writer, objref.std);
      writer.writeGuid(objref.clsid);
      writeDualStringArray(writer, objref.resolver);
      break;
    case "custom":
      writer.writeGuid(objref.clsid);
      writer.writeUint32(0); // cbExtension
      writer.writeUint32(objref.data.length);
      writer.writeBytes(objref.data);
      break;
    case "extended":
      writeStdObjRef(writer, objref.std);
      writer.writeUint32(SIGNATURE_EXTENDED);
      writeDualStringArray(writer, objref.resolver);
      writeElement(writer, objref.element);
      break;
  }
  return writer.bytes();
}

/**
 * Decodes an OBJREF; the result shares nothing with `bytes`.
 *
 * @throws ComError RPC_E_INVALID_OBJREF when the bytes are none.
 */
export function decodeObjRef(bytes: Uint8Array): ObjRef {
  const reader = new NdrReader(bytes);
  reader.blame(RPC_E_INVALID_OBJREF, "OBJREF");
  if (reader.readUint32() !== SIGNATURE_MEOW) reader.fail("no MEOW");
  const flags = reader.readUint32();
  const iid = reader.readGuid();
  switch (flags) {
    case FLAGS.standard: {
      const std = readStdObjRef(reader);
      return { kind: "standard", iid, std, resolver: readDualStringArray(reader) };
    }
    case FLAGS.handler: {
      const std = readStdObjRef(reader);
      const clsid = reader.readGuid();
      return { kind: "handler", iid, std, clsid, resolver: readDualStringArray(reader) };
    }
    case FLAGS.custom: {
      const clsid = reader.readGuid();
      reader.readUint32(); // cbExtension
      reader.readUint32(); // reserved: a size that receivers ignore
      return { kind: "custom", iid, clsid, data: reader.readBytes(reader.remaining) };
    }
    case FLAGS.extended: {
      const std = readStdObjRef(reader);
      if (reader.readUint32() !== SIGNATURE_EXTENDED) reader.fail("first signature");
      const resolver = readDualStringArray(reader);
      return { kind: "extended", iid, std, resolver, element: readElement(reader) };
    }
    default:
      return reader.fail(`unknown flags ${flags}`);
  }
}

/** Writes a STDOBJREF, 40 bytes. */
export function writeStdObjRef(writer: NdrWriter, std: StdObjRef): void {
  writer.writeUint32(std.flags);
  writer.writeUint32(std.publicRefs);
  writer.writeUint64(std.oxid);
  writer.writeUint64(std.oid);
  writer.writeGuid(std.ipid);
}

/** Reads a STDOBJREF; the reader's blame applies. */
export function readStdObjRef(reader: NdrReader): StdObjRef {
  const flags = reader.readUint32();
  const publicRefs = reader.readUint32();
  const oxid = reader.readUint64();
  const oid = reader.readUint64();
  return { flags, publicRefs, oxid, oid, ipid: reader.readGuid() };
}

// The OBJREF is raw little-endian, not NDR: after a DUALSTRINGARRAY nothing is aligned.

function writeElement(writer: NdrWriter, element: ObjRefElement): void {
  const rounded = (element.data.length + 7) & ~7;
  writeRaw32(writer, 1); // nElms
  writeRaw32(writer, SIGNATURE_EXTENDED);
  const offset = writer.reserve(1, 16);
  guidToBytes(element.id, writer.borrow(), offset);
  writeRaw32(writer, element.data.length);
  writeRaw32(writer, rounded);
  writer.writeBytes(element.data);
  writer.clear(writer.reserve(1, rounded - element.data.length), rounded - element.data.length);
}

function readElement(reader: NdrReader): ObjRefElement {
  if (readRaw32(reader) !== 1) reader.fail("number of elements");
  if (readRaw32(reader) !== SIGNATURE_EXTENDED) reader.fail("second signature");
  const id = guidFromBytes(reader.readBytes(16));
  const size = readRaw32(reader);
  const rounded = readRaw32(reader);
  if (size > rounded) reader.fail(`an element of ${size} bytes in ${rounded}`);
  const data = reader.readBytes(size);
  reader.take(1, rounded - size);
  return { id, data };
}

function writeRaw32(writer: NdrWriter, value: number): void {
  const offset = writer.reserve(1, 4);
  writer.view.setUint32(offset, value, true);
}

function readRaw32(reader: NdrReader): number {
  return reader.view.getUint32(reader.take(1, 4), true);
}
