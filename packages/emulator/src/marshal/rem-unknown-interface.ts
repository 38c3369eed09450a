import {
  array,
  BYTE,
  defineInterface,
  GUID,
  type Guid,
  HRESULT,
  IUnknown,
  method,
  param,
  ref,
  struct,
  ULONG,
  ULONGLONG,
  USHORT,
  unique,
} from "@callfactory/core";

/** STDOBJREF: one interface of one exported object, and references to it (MAR-13). */
export const STDOBJREF = struct("STDOBJREF", {
  flags: ULONG,
  cPublicRefs: ULONG,
  oxid: ULONGLONG,
  oid: ULONGLONG,
  ipid: GUID,
});

/** REMQIRESULT: what a remote QueryInterface found for one IID. */
export const REMQIRESULT = struct("REMQIRESULT", { hResult: HRESULT, std: STDOBJREF });

/** REMINTERFACEREF: references of one IPID to add or give back. */
export const REMINTERFACEREF = struct("REMINTERFACEREF", {
  ipid: GUID,
  cPublicRefs: ULONG,
  cPrivateRefs: ULONG,
});

/** IRemUnknown: IUnknown of remote objects, one for each object exporter (MAR-15). */
export const IRemUnknown = defineInterface({
  name: "IRemUnknown",
  iid: "00000131-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [
    method("RemQueryInterface", [
      param.in("ripid", ref(GUID)),
      param.in("cRefs", ULONG),
      param.in("cIids", USHORT),
      param.in("iids", array(GUID, { sizeIs: "cIids" })),
      param.out("ppQIResults", unique(array(REMQIRESULT, { sizeIs: "cIids" }))),
    ]),
    method("RemAddRef", [
      param.in("cInterfaceRefs", USHORT),
      param.in("InterfaceRefs", array(REMINTERFACEREF, { sizeIs: "cInterfaceRefs" })),
      param.out("pResults", array(HRESULT, { sizeIs: "cInterfaceRefs" })),
    ]),
    method("RemRelease", [
      param.in("cInterfaceRefs", USHORT),
      param.in("InterfaceRefs", array(REMINTERFACEREF, { sizeIs: "cInterfaceRefs" })),
    ]),
  ],
});

/** MInterfacePointer: an OBJREF as bytes, so that nobody unmarshals it on the way. */
export const MINTERFACEPOINTER = struct("MInterfacePointer", {
  ulCntData: ULONG,
  abData: array(BYTE, { sizeIs: "ulCntData" }),
});

/** IRemUnknown2: also answers with whole packets, for objects that marshal themselves (MAR-15). */
export const IRemUnknown2 = defineInterface({
  name: "IRemUnknown2",
  iid: "00000143-0000-0000-c000-000000000046",
  base: IRemUnknown,
  methods: [
    method("RemQueryInterface2", [
      param.in("ripid", ref(GUID)),
      param.in("cIids", USHORT),
      param.in("iids", array(GUID, { sizeIs: "cIids" })),
      param.out("phr", array(HRESULT, { sizeIs: "cIids" })),
      param.out("ppMIF", array(unique(MINTERFACEPOINTER), { sizeIs: "cIids" })),
    ]),
  ],
});

/** The JavaScript form of a REMQIRESULT. */
export interface RemQiResult {
  readonly hResult: number;
  readonly std: {
    readonly flags: number;
    readonly cPublicRefs: number;
    readonly oxid: bigint;
    readonly oid: bigint;
    readonly ipid: Guid;
  };
}

/** The JavaScript form of a REMINTERFACEREF. */
export interface RemInterfaceRef {
  readonly ipid: Guid;
  readonly cPublicRefs: number;
  readonly cPrivateRefs: number;
}

/** The JavaScript form of a MInterfacePointer. */
export interface MInterfacePointer {
  readonly ulCntData: number;
  readonly abData: Uint8Array;
}
