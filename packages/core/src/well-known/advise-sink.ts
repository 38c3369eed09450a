import { asyncOf } from "../async-of.ts";
import { defineInterface, method, param } from "../interface.ts";
import { BYTE, DWORD, LONG, LPWSTR, pointerTo, struct, USHORT, unique } from "../type.ts";
import { arm, union } from "../union.ts";
import { IUnknown } from "../well-known.ts";
import { IMoniker } from "./monikers.ts";
import { IStream } from "./streams.ts";

/** The media of a STGMEDIUM that are described here. */
export const TYMED_NULL = 0;
export const TYMED_FILE = 2;
export const TYMED_ISTREAM = 4;

/** What data is offered, without a target device. */
export const FORMATETC = struct("FORMATETC", {
  cfFormat: USHORT,
  /** DVTARGETDEVICE*, which is not described: null. */
  ptd: unique(BYTE),
  dwAspect: DWORD,
  lindex: LONG,
  tymed: DWORD,
});

/** Data, and who releases it: none, a file's name, or a stream. Valid during a call only (NOT-04). */
export const STGMEDIUM = struct("STGMEDIUM", {
  u: union("STGMEDIUM_UNION", DWORD, [
    arm(TYMED_NULL),
    arm(TYMED_FILE, LPWSTR),
    arm(TYMED_ISTREAM, pointerTo(IStream)),
  ]),
  pUnkForRelease: pointerTo(IUnknown),
});

/** Hears of changes by asynchronous notifications; COM brings its proxy (NOT-01, REG-05). */
export const IAdviseSink = defineInterface({
  name: "IAdviseSink",
  iid: "0000010f-0000-0000-c000-000000000046",
  asyncIid: "00000150-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [
    method(
      "OnDataChange",
      [param.in("pFormatetc", unique(FORMATETC)), param.in("pStgmed", unique(STGMEDIUM))],
      "void",
    ),
    method("OnViewChange", [param.in("dwAspect", DWORD), param.in("lindex", LONG)], "void"),
    method("OnRename", [param.in("pmk", pointerTo(IMoniker))], "void"),
    method("OnSave", [], "void"),
    method("OnClose", [], "void"),
  ],
});
/** The form of call objects; its calls are no notifications (NOT-07). */
export const AsyncIAdviseSink = asyncOf(IAdviseSink);

/** Hears also of a link's source (NOT-01). */
export const IAdviseSink2 = defineInterface({
  name: "IAdviseSink2",
  iid: "00000125-0000-0000-c000-000000000046",
  asyncIid: "00000151-0000-0000-c000-000000000046",
  base: IAdviseSink,
  methods: [method("OnLinkSrcChange", [param.in("pmk", pointerTo(IMoniker))], "void")],
});
export const AsyncIAdviseSink2 = asyncOf(IAdviseSink2);
