import { method, param } from "../interface.ts";
import { DWORD, GUID, pointerByIid, pointerTo, ULONG } from "../type.ts";
import { IUnknown } from "../well-known.ts";
import { defineFunctions } from "./function-table.ts";

/** Cancellation of synchronous calls, which belong to a thread (CAN-14). */
export const CancelFunctions = defineFunctions("ole32", [
  /** Lets calls that this thread makes from now on be canceled; counts (CAN-14). */
  method("CoEnableCallCancellation", []),
  /** Takes one CoEnableCallCancellation back; CO_E_CANCEL_DISABLED without one (CAN-15). */
  method("CoDisableCallCancellation", []),
  /**
   * Cancels the innermost call of thread `dwThreadId`, 0 being the current one, and waits
   * `ulTimeout` *seconds* for its server (CAN-19).
   */
  method("CoCancelCall", [param.in("dwThreadId", DWORD), param.in("ulTimeout", ULONG)]),
  /** The cancel object of the innermost call of a thread (CAN-20). */
  method("CoGetCancelObject", [
    param.in("dwThreadId", DWORD),
    param.in("iid", GUID),
    param.out("ppUnk", pointerByIid(IUnknown, "iid")),
  ]),
  /** Pushes a custom marshaler's cancel object; NULL pops it (CAN-21). */
  method("CoSetCancelObject", [param.in("pUnk", pointerTo(IUnknown))]),
  /** Fails with RPC_S_CALLPENDING, or RPC_E_CALL_CANCELED when the client has canceled (CAN-22). */
  method("CoTestCancel", []),
]);
