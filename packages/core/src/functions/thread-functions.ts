import { method, param } from "../interface.ts";
import { DWORD, GUID, ULONG } from "../type.ts";
import { defineFunctions } from "./function-table.ts";

/** What a thread asks about itself and its apartment. */
export const ThreadFunctions = defineFunctions("ole32", [
  /** The calling thread's id, as other functions want it (CAN-19). */
  method("GetCurrentThreadId", [param.retval("dwThreadId", DWORD)]),
  /** APTTYPE and APTTYPEQUALIFIER of the calling thread. */
  method("CoGetApartmentType", [param.out("pAptType", ULONG), param.out("pAptQualifier", ULONG)]),
  /** The causality id of the call that the thread is in, or of its next one (APT-15). */
  method("CoGetCurrentLogicalThreadId", [param.retval("pguid", GUID)]),
]);
