import {
  array,
  GUID,
  guid,
  IUnknown,
  LONG,
  LONGLONG,
  LPWSTR,
  method,
  param,
  pointerTo,
  ULONG,
  unique,
  USHORT,
} from "@callfactory/core";
import { expect, test } from "vitest";
import { placed, request } from "../calls.ts";
import { golden } from "../hex.ts";
import { CID, call, EXTENT } from "./call-bytes.ts";
import { bindPdu, requestPdu } from "./pdu.ts";
import { runTshark } from "./run-tool.ts";

/** What tshark finds in a request; the first two tell that it is malformed or too long. */
function dissected(
  { iid, opnum, stub }: { iid: string; opnum: number; stub: Uint8Array },
  fields: readonly string[],
): string[] {
  const messages = [bindPdu(guid(iid)), requestPdu({ opnum, object: CID, stub })];
  const lines = runTshark(messages, ["_ws.malformed", "dcerpc.long_frame", ...fields]);
  return (lines.at(1) ?? "").split("\t");
}

const IID_IRemUnknown = "00000131-0000-0000-c000-000000000046";
const queryInterface = placed(
  method("RemQueryInterface", [
    param.in("ripid", GUID),
    param.in("cRefs", ULONG),
    param.in("cIids", USHORT),
    param.in("iids", array(GUID, { sizeIs: "cIids" })),
  ]),
);

test("tshark finds ORPCTHIS, extent and IIDs in a request", () => {
  const stub = call(queryInterface, [CID, 5, 1, [IUnknown.iid]], [EXTENT]);

  const found = dissected({ iid: IID_IRemUnknown, opnum: 3, stub }, [
    "dcom.version_major",
    "dcom.version_minor",
    "dcom.this.uuid",
    "dcom.extent.id",
    "dcom.iid",
  ]);

  expect(found).toEqual(["", "", "5", "7", CID, EXTENT.id, IUnknown.iid]);
});

test("tshark finds the OBJREF of an interface pointer", () => {
  const createInstance = placed(
    method("RemoteCreateInstance", [
      param.in("pUnkOuter", pointerTo(IUnknown)),
      param.in("pActProperties", pointerTo(IUnknown)),
    ]),
  );
  const stub = call(createInstance, [null, golden("objref-standard")]);

  const found = dissected({ iid: "000001a0-0000-0000-c000-000000000046", opnum: 4, stub }, [
    "dcom.stdobjref.public_refs",
    "dcom.oxid",
    "dcom.oid",
    "dcom.ipid",
    "dcom.dualstringarray.network_addr",
    "dcom.dualstringarray.security_authn_svc",
  ]);

  expect(found).toEqual([
    "",
    "",
    "0x00000005",
    "0x0102030405060708",
    "0x1112131415161718",
    // The object that is called, and the one in the OBJREF.
    `${CID},${CID}`,
    "10.0.0.1[135]",
    "0x000a",
  ]);
});

test("tshark finds the names in an array of strings", () => {
  const getIdsOfNames = placed(
    method("GetIDsOfNames", [
      param.in("riid", GUID),
      param.in("rgszNames", array(LPWSTR, { sizeIs: "cNames" })),
      param.in("cNames", ULONG),
      param.in("lcid", ULONG),
      param.out("rgDispId", array(LONG, { sizeIs: "cNames" })),
    ]),
  );
  // tshark shows each name twice: as a pointer without text, and as its referent.
  const stub = call(getIdsOfNames, [IUnknown.iid, ["Open", "mode"], 2, 0x409]);

  const found = dissected({ iid: "00020400-0000-0000-c000-000000000046", opnum: 5, stub }, [
    "dispatch.riid",
    "dispatch.name",
    "dispatch.names",
    "dispatch.lcid",
  ]);

  expect(found).toEqual(["", "", IUnknown.iid, ",Open,,mode", "2", "0x00000409"]);
});

test("tshark finds the hypers of an array behind a [unique] pointer", () => {
  const OIDS = (sizeIs: string) => unique(array(LONGLONG, { sizeIs }));
  const complexPing = placed(
    method("ComplexPing", [
      param.inout("SetId", LONGLONG),
      param.in("SequenceNum", USHORT),
      param.in("cAddToSet", USHORT),
      param.in("cDelFromSet", USHORT),
      param.in("AddToSet", OIDS("cAddToSet")),
      param.in("DelFromSet", OIDS("cDelFromSet")),
    ]),
  );
  const stub = request(complexPing, [1n, 7, 2, 1, BigInt64Array.of(2n, 3n), BigInt64Array.of(4n)]);

  const found = dissected({ iid: "99fcfec4-5260-101b-bbcb-00aa0021347a", opnum: 2, stub }, [
    "oxid.oid",
  ]);

  expect(found).toEqual(["", "", [2, 3, 4].map((n) => `0x000000000000000${n}`).join(",")]);
});

test("tshark calls the same request malformed when its end is missing", () => {
  const stub = call(queryInterface, [CID, 5, 1, [IUnknown.iid]]).subarray(0, -8);

  const [malformed] = dissected({ iid: IID_IRemUnknown, opnum: 3, stub }, []);

  expect(malformed).not.toBe("");
});
