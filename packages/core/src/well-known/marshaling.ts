import { guid } from "../guid.ts";
import { defineInterface, method, param } from "../interface.ts";
import { BOOL, DWORD, GUID, pointerByIid, pointerTo, ULONG, unique } from "../type.ts";
import { IUnknown } from "../well-known.ts";
import { IStream } from "./streams.ts";

// Interfaces, classes and constants of marshaling and lifetime, with the names of objidl.h.

/** Where a packet is unmarshaled: another process of this machine (MAR-01). */
export const MSHCTX_LOCAL = 0;
/** Another process that shares no memory. */
export const MSHCTX_NOSHAREDMEM = 1;
/** Another machine. */
export const MSHCTX_DIFFERENTMACHINE = 2;
/** Another apartment of the process (MAR-10). */
export const MSHCTX_INPROC = 3;
/** Another context of the apartment. */
export const MSHCTX_CROSSCTX = 4;

/** A packet for one unmarshal (MAR-02). */
export const MSHLFLAGS_NORMAL = 0;
/** A packet for any number of unmarshals that keeps the object alive (MAR-03). */
export const MSHLFLAGS_TABLESTRONG = 1;
/** A packet for any number of unmarshals that does not (MAR-03). */
export const MSHLFLAGS_TABLEWEAK = 2;
/** The object is not pinged (MAR-04). */
export const MSHLFLAGS_NOPING = 4;

/** CLSID of the global interface table (GIT-01). */
export const CLSID_StdGlobalInterfaceTable = guid("00000323-0000-0000-c000-000000000046");
/** CLSID of the free-threaded marshaler's packets (MAR-10). */
export const CLSID_InProcFreeMarshaler = guid("0000001c-0000-0000-c000-000000000046");
/** CLSID of the standard marshaler, for an IMarshal that leaves a destination to it. */
export const CLSID_StdMarshal = guid("00000017-0000-0000-c000-000000000046");

/** `void *pvDestContext` is reserved: always NULL. */
const reserved = param.in("pvDestContext", unique(ULONG));

/** Custom marshaling: an object that writes its own packets (MAR-01, MAR-11). */
export const IMarshal = defineInterface({
  name: "IMarshal",
  iid: "00000003-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [
    method("GetUnmarshalClass", [
      param.in("riid", GUID),
      param.in("pv", pointerByIid(IUnknown, "riid")),
      param.in("dwDestContext", DWORD),
      reserved,
      param.in("mshlflags", DWORD),
      param.retval("pCid", GUID),
    ]),
    method("GetMarshalSizeMax", [
      param.in("riid", GUID),
      param.in("pv", pointerByIid(IUnknown, "riid")),
      param.in("dwDestContext", DWORD),
      reserved,
      param.in("mshlflags", DWORD),
      param.retval("pSize", DWORD),
    ]),
    method("MarshalInterface", [
      param.in("pStm", pointerTo(IStream)),
      param.in("riid", GUID),
      param.in("pv", pointerByIid(IUnknown, "riid")),
      param.in("dwDestContext", DWORD),
      reserved,
      param.in("mshlflags", DWORD),
    ]),
    method("UnmarshalInterface", [
      param.in("pStm", pointerTo(IStream)),
      param.in("riid", GUID),
      param.retval("ppv", pointerByIid(IUnknown, "riid")),
    ]),
    method("ReleaseMarshalData", [param.in("pStm", pointerTo(IStream))]),
    method("DisconnectObject", [param.in("dwReserved", DWORD)]),
  ],
});

/** Names the class that is loaded into clients as the object's handler (MAR-12). */
export const IStdMarshalInfo = defineInterface({
  name: "IStdMarshalInfo",
  iid: "00000018-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [
    method("GetClassForHandler", [
      param.in("dwDestContext", DWORD),
      reserved,
      param.retval("pClsid", GUID),
    ]),
  ],
});

/** An object says with it that its pointers are good in every apartment (MAR-10). */
export const IAgileObject = defineInterface({
  name: "IAgileObject",
  iid: "94ea2b94-e9cc-49e0-c0ff-ee64ca8f5b90",
  base: IUnknown,
  methods: [],
});

/** An object says with it that it is never marshaled. */
export const INoMarshal = defineInterface({
  name: "INoMarshal",
  iid: "ecc8691b-c1db-4dc0-855e-65f6c551af49",
  base: IUnknown,
  methods: [],
});

/** A pointer that any apartment of the process resolves for itself. */
export const IAgileReference = defineInterface({
  name: "IAgileReference",
  iid: "c03f6a43-65a4-9818-987e-e0b810d2a6f2",
  base: IUnknown,
  methods: [
    method("Resolve", [
      param.in("riid", GUID),
      param.retval("ppv", pointerByIid(IUnknown, "riid")),
    ]),
  ],
});

/** The global interface table: pointers for every apartment of the process, by cookie (GIT-01). */
export const IGlobalInterfaceTable = defineInterface({
  name: "IGlobalInterfaceTable",
  iid: "00000146-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [
    method("RegisterInterfaceInGlobal", [
      param.in("pUnk", pointerByIid(IUnknown, "riid")),
      param.in("riid", GUID),
      param.retval("pdwCookie", DWORD),
    ]),
    method("RevokeInterfaceFromGlobal", [param.in("dwCookie", DWORD)]),
    method("GetInterfaceFromGlobal", [
      param.in("dwCookie", DWORD),
      param.in("riid", GUID),
      param.retval("ppv", pointerByIid(IUnknown, "riid")),
    ]),
  ],
});

/** The kind of connection that keeps an object alive. */
export const EXTCONN_STRONG = 1;

/** Told of the object's strong external connections (LIFE-05). */
export const IExternalConnection = defineInterface({
  name: "IExternalConnection",
  iid: "00000019-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [
    method("AddConnection", [param.in("extconn", DWORD), param.in("reserved", DWORD)], "ULONG"),
    method(
      "ReleaseConnection",
      [
        param.in("extconn", DWORD),
        param.in("reserved", DWORD),
        param.in("fLastReleaseCloses", BOOL),
      ],
      "ULONG",
    ),
  ],
});
