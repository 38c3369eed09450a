import { method, param } from "../interface.ts";
import { DWORD, GUID, pointerByIid, pointerTo } from "../type.ts";
import { IMessageFilter } from "../well-known/message-filter.ts";
import { IUnknown } from "../well-known.ts";
import { defineFunctions } from "./function-table.ts";

/** In and out of apartments, and what is had of one. */
export const ApartmentFunctions = defineFunctions("ole32", [
  /** Puts the handle's thread into an apartment: COINIT_APARTMENTTHREADED, or 0 for the MTA (APT-01). */
  method("CoInitializeEx", [param.in("dwCoInit", DWORD)]),
  /** Balances one CoInitializeEx; the last ends an STA, and the MTA with its last thread (APT-02). */
  method("CoUninitialize", [], "void"),
  /** The thread's context: IComThreadingInfo. */
  method("CoGetObjectContext", [
    param.in("riid", GUID),
    param.retval("ppv", pointerByIid(IUnknown, "riid")),
  ]),
  /** Gives the thread's STA a message filter, or none, and the one before back (APT-09, APT-20). */
  method("CoRegisterMessageFilter", [
    param.in("lpMessageFilter", pointerTo(IMessageFilter)),
    param.out("lplpMessageFilter", pointerTo(IMessageFilter)),
  ]),
  /** A class's factory, in the apartment that the class prefers (ACT-01, ACT-03). */
  method("CoGetClassObject", [
    param.in("rclsid", GUID),
    param.in("riid", GUID),
    param.retval("ppv", pointerByIid(IUnknown, "riid")),
  ]),
]);
