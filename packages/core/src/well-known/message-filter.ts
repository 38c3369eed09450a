import { defineInterface, method, param } from "../interface.ts";
import { DWORD, GUID, pointerTo, struct, USHORT, unique } from "../type.ts";
import { IUnknown } from "../well-known.ts";

/** The types of incoming calls (APT-10). */
export const CALLTYPE_TOPLEVEL = 1;
export const CALLTYPE_NESTED = 2;
export const CALLTYPE_ASYNC = 3;
export const CALLTYPE_TOPLEVEL_CALLPENDING = 4;
export const CALLTYPE_ASYNC_CALLPENDING = 5;

/** What HandleInComingCall decides (APT-09). */
export const SERVERCALL_ISHANDLED = 0;
export const SERVERCALL_REJECTED = 1;
export const SERVERCALL_RETRYLATER = 2;

/** Whether the call that waits while a message arrives was made inside another (APT-13). */
export const PENDINGTYPE_TOPLEVEL = 1;
export const PENDINGTYPE_NESTED = 2;

/** What MessagePending decides (APT-13). */
export const PENDINGMSG_CANCELCALL = 0;
export const PENDINGMSG_WAITNOPROCESS = 1;
export const PENDINGMSG_WAITDEFPROCESS = 2;

/** The method that is called: `wMethod` is its place in the vtable, IUnknown's three counted. */
export const INTERFACEINFO = struct("INTERFACEINFO", {
  pUnk: pointerTo(IUnknown),
  iid: GUID,
  wMethod: USHORT,
});

/** An STA's say in the calls that come in, are rejected elsewhere, or wait (APT-09, APT-11, APT-13). */
export const IMessageFilter = defineInterface({
  name: "IMessageFilter",
  iid: "00000016-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [
    method(
      "HandleInComingCall",
      [
        param.in("dwCallType", DWORD),
        param.in("htaskCaller", DWORD),
        param.in("dwTickCount", DWORD),
        param.in("lpInterfaceInfo", unique(INTERFACEINFO)),
      ],
      "ULONG",
    ),
    method(
      "RetryRejectedCall",
      [
        param.in("htaskCallee", DWORD),
        param.in("dwTickCount", DWORD),
        param.in("dwRejectType", DWORD),
      ],
      "ULONG",
    ),
    method(
      "MessagePending",
      [
        param.in("htaskCallee", DWORD),
        param.in("dwTickCount", DWORD),
        param.in("dwPendingType", DWORD),
      ],
      "ULONG",
    ),
  ],
});
