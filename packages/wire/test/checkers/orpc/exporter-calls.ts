import {
  array,
  BYTE,
  GUID,
  type Guid,
  guid,
  HRESULT,
  method,
  param,
  ref,
  struct,
  ULONG,
  ULONGLONG,
  unique,
  USHORT,
} from "@callfactory/core";
import { placed } from "../../calls.ts";

// IRemUnknown2 ([MS-DCOM] 3.1.1.5.6, 3.1.1.5.7) and IObjectExporter (3.1.2.5.1).

export const IID_IRemUnknown = guid("00000131-0000-0000-c000-000000000046");
export const IID_IObjectExporter = guid("99fcfec4-5260-101b-bbcb-00aa0021347a");

const STDOBJREF = struct("STDOBJREF", {
  flags: ULONG,
  cPublicRefs: ULONG,
  oxid: ULONGLONG,
  oid: ULONGLONG,
  ipid: GUID,
});
const REMQIRESULT = struct("REMQIRESULT", { hResult: HRESULT, std: STDOBJREF });
const MINTERFACEPOINTER = struct("MInterfacePointer", {
  ulCntData: ULONG,
  abData: array(BYTE, { sizeIs: "ulCntData" }),
});

/** An interface of an object, as RemQueryInterface tells it. */
export function queried(ipid: Guid, oid: bigint): Record<string, unknown> {
  return { hResult: 0, std: { flags: 0, cPublicRefs: 5, oxid: 0x0102030405060708n, oid, ipid } };
}

export const remQueryInterface = placed(
  method("RemQueryInterface", [
    param.in("ripid", ref(GUID)),
    param.in("cRefs", ULONG),
    param.in("cIids", USHORT),
    param.in("iids", array(GUID, { sizeIs: "cIids" })),
    param.out("ppQIResults", unique(array(REMQIRESULT, { sizeIs: "cIids" }))),
  ]),
);
export const remQueryInterface2 = placed(
  method("RemQueryInterface2", [
    param.in("ripid", ref(GUID)),
    param.in("cIids", USHORT),
    param.in("iids", array(GUID, { sizeIs: "cIids" })),
    param.out("phr", array(HRESULT, { sizeIs: "cIids" })),
    param.out("ppMIF", array(unique(MINTERFACEPOINTER), { sizeIs: "cIids" })),
  ]),
);
const OIDS = (sizeIs: string) => unique(array(ULONGLONG, { sizeIs }));
export const simplePing = placed(method("SimplePing", [param.in("pSetId", ULONGLONG)]));
export const complexPing = placed(
  method("ComplexPing", [
    param.inout("pSetId", ULONGLONG),
    param.in("SequenceNum", USHORT),
    param.in("cAddToSet", USHORT),
    param.in("cDelFromSet", USHORT),
    param.in("AddToSet", OIDS("cAddToSet")),
    param.in("DelFromSet", OIDS("cDelFromSet")),
    param.out("pPingBackoffFactor", USHORT),
  ]),
);
