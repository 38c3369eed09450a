import { method, param } from "../interface.ts";
import { BOOL, DWORD, GUID, LPWSTR, pointerByIid, pointerTo, ULONG } from "../type.ts";
import { IChannelHook } from "../well-known/channel-hook.ts";
import { IAgileReference, IMarshal } from "../well-known/marshaling.ts";
import { IMoniker, IRunningObjectTable } from "../well-known/monikers.ts";
import { IStream } from "../well-known/streams.ts";
import { IUnknown } from "../well-known.ts";
import { defineFunctions } from "./function-table.ts";

/** `pUnk`, seen as the interface `riid`. */
const pUnk = param.in("pUnk", pointerByIid(IUnknown, "riid"));
const riid = param.in("riid", GUID);
const dwDestContext = param.in("dwDestContext", DWORD);
const mshlflags = param.in("mshlflags", DWORD);
const pStm = param.in("pStm", pointerTo(IStream));

/** Marshaling, lifetime, and the table of running objects. */
export const ObjectFunctions = defineFunctions("ole32", [
  /** A stream over memory of its own, empty. */
  method("CreateStreamOnHGlobal", [param.retval("ppstm", pointerTo(IStream))]),
  /** Writes a packet where the stream stands (MAR-01). */
  method("CoMarshalInterface", [pStm, riid, pUnk, dwDestContext, mshlflags]),
  /** Reads a packet where the stream stands; IID_NULL is the packet's own IID (MAR-05). */
  method("CoUnmarshalInterface", [pStm, riid, param.retval("ppv", pointerByIid(IUnknown, "riid"))]),
  /** Gives back what a packet holds (MAR-02, MAR-03). */
  method("CoReleaseMarshalData", [pStm]),
  /** The greatest length of a packet. */
  method("CoGetMarshalSizeMax", [
    riid,
    pUnk,
    dwDestContext,
    mshlflags,
    param.retval("pulSize", ULONG),
  ]),
  /** The standard marshaler for an object, for an IMarshal that leaves a destination to it. */
  method("CoGetStandardMarshal", [
    riid,
    pUnk,
    dwDestContext,
    mshlflags,
    param.retval("ppMarshal", pointerTo(IMarshal)),
  ]),
  /** Marshals for another apartment of the process; NULL gives an empty stream (MAR-08). */
  method("CoMarshalInterThreadInterfaceInStream", [
    riid,
    pUnk,
    param.retval("ppStm", pointerTo(IStream)),
  ]),
  /** Unmarshals and releases the stream, also when it fails (MAR-08). */
  method("CoGetInterfaceAndReleaseStream", [
    pStm,
    param.in("iid", GUID),
    param.retval("ppv", pointerByIid(IUnknown, "iid")),
  ]),
  /** A strong external reference, or the end of one (LIFE-04). */
  method("CoLockObjectExternal", [
    param.in("pUnk", pointerTo(IUnknown)),
    param.in("fLock", BOOL),
    param.in("fLastUnlockReleases", BOOL),
  ]),
  /** Ends all remote connections of an object (LIFE-02, LIFE-03). */
  method("CoDisconnectObject", [
    param.in("pUnk", pointerTo(IUnknown)),
    param.in("dwReserved", DWORD),
  ]),
  /** Whether a proxy still leads to its object; true of an object in its own apartment. */
  method("CoIsHandlerConnected", [
    param.in("pUnk", pointerTo(IUnknown)),
    param.retval("isConnected", BOOL),
  ]),
  /** A reference that every apartment of the process resolves. `options`: 0 default, 1 delayed. */
  method("RoGetAgileReference", [
    param.in("options", DWORD),
    riid,
    pUnk,
    param.retval("ppAgileReference", pointerTo(IAgileReference)),
  ]),
  /** Sends and hears an extent with every call of the process; NULL takes a hook back (MAR-14). */
  method("CoRegisterChannelHook", [
    param.in("ExtensionUuid", GUID),
    param.in("pChannelHook", pointerTo(IChannelHook)),
  ]),
  method("GetRunningObjectTable", [param.retval("pprot", pointerTo(IRunningObjectTable))]),
  /** The moniker of an item: a delimiter, as "!", and a name. */
  method("CreateItemMoniker", [
    param.in("lpszDelim", LPWSTR),
    param.in("lpszItem", LPWSTR),
    param.retval("ppmk", pointerTo(IMoniker)),
  ]),
  /** The object of a class that others shall find. `dwFlags`: 0 strong, 1 weak. */
  method("RegisterActiveObject", [
    param.in("punk", pointerTo(IUnknown)),
    param.in("rclsid", GUID),
    param.in("dwFlags", DWORD),
    param.retval("pdwRegister", DWORD),
  ]),
  method("RevokeActiveObject", [param.in("dwRegister", DWORD)]),
  /** MK_E_UNAVAILABLE when no object of the class is registered. */
  method("GetActiveObject", [param.in("rclsid", GUID), param.retval("ppunk", pointerTo(IUnknown))]),
]);
