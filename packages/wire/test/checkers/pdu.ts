import { type Guid, guid } from "@callfactory/core";
import { NdrWriter } from "../../src/index.ts";

// The least of connection-oriented DCE/RPC (C706 12.6) that a dissector wants to see.

const NDR_SYNTAX = guid("8a885d04-1ceb-11c9-9fe8-08002b104860");

function pdu(ptype: number, flags: number, body: (writer: NdrWriter) => void): Uint8Array {
  const writer = new NdrWriter();
  writer.writeBytes(Uint8Array.of(5, 0, ptype, flags, 0x10, 0, 0, 0));
  writer.writeUint16(0); // frag_length, put in place below
  writer.writeUint16(0); // auth_length
  writer.writeUint32(1); // call_id
  body(writer);
  writer.view.setUint16(8, writer.length, true);
  return writer.bytes();
}

/** A bind to version `major`.0 of `iid`, as presentation context 0. */
export function bindPdu(iid: Guid, major = 0): Uint8Array {
  return pdu(11, 3, (writer) => {
    writer.writeUint16(5840);
    writer.writeUint16(5840);
    writer.writeUint32(0); // assoc_group_id
    writer.writeUint32(1); // one context
    writer.writeUint16(0); // its id
    writer.writeUint16(1); // one transfer syntax
    writer.writeGuid(iid);
    writer.writeUint32(major);
    writer.writeGuid(NDR_SYNTAX);
    writer.writeUint32(2);
  });
}

/** A request to `object` in one fragment. */
export function requestPdu(parts: { opnum: number; object: Guid; stub: Uint8Array }): Uint8Array {
  const { opnum, object, stub } = parts;
  return pdu(0, 0x83, (writer) => {
    writer.writeUint32(stub.length); // alloc_hint
    writer.writeUint16(0); // context id
    writer.writeUint16(opnum);
    writer.writeGuid(object);
    writer.writeBytes(stub);
  });
}

/** The response to the request before it, in one fragment. */
export function responsePdu(stub: Uint8Array): Uint8Array {
  return pdu(2, 3, (writer) => {
    writer.writeUint32(stub.length); // alloc_hint
    writer.writeUint16(0); // context id
    writer.writeUint16(0); // cancel count, and a reserved byte
    writer.writeBytes(stub);
  });
}
