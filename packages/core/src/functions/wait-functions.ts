import { method, param } from "../interface.ts";
import { array, BOOL, DWORD, LONGLONG, struct, ULONG, ULONGLONG, unique } from "../type.ts";
import { defineFunctions } from "./function-table.ts";

/** Limits, flags and results of waits, as the headers of Windows have them. */
export const WAIT_OBJECT_0 = 0x00000000;
export const WAIT_TIMEOUT = 0x00000102;
/** The index of a wait that asynchronous procedure calls ended (SYNC-32). */
export const WAIT_IO_COMPLETION = 0x000000c0;

export const COWAIT_DEFAULT = 0;
export const COWAIT_WAITALL = 1;
export const COWAIT_ALERTABLE = 2;
export const COWAIT_INPUTAVAILABLE = 4;
export const COWAIT_DISPATCH_CALLS = 8;
export const COWAIT_DISPATCH_WINDOW_MESSAGES = 16;

export const CWMO_DEFAULT = 0;
export const CWMO_DISPATCH_CALLS = 1;
export const CWMO_DISPATCH_WINDOW_MESSAGES = 2;
/** How many handles CoWaitForMultipleObjects takes (SYNC-35). */
export const CWMO_MAX_HANDLES = 56;

export const WM_DDE_FIRST = 0x03e0;
export const WM_USER = 0x0400;
export const PM_NOREMOVE = 0;
export const PM_REMOVE = 1;
export const QS_POSTMESSAGE = 0x0008;
export const QS_ALLPOSTMESSAGE = 0x0100;

/** A message posted to a thread, without the window that it has none of; `time` in milliseconds. */
export const MSG = struct("MSG", {
  message: DWORD,
  wParam: ULONGLONG,
  lParam: LONGLONG,
  time: DWORD,
});

/**
 * Handles and waits of the kernel. A handle is a number, as ISynchronizeHandle::GetHandle gives it;
 * one that is not, or not the caller's to close, fails with E_HANDLE.
 */
export const KernelFunctions = defineFunctions("kernel32", [
  /** An event without a name; its handle is the caller's to close. */
  method("CreateEventW", [
    param.in("bManualReset", BOOL),
    param.in("bInitialState", BOOL),
    param.retval("hEvent", ULONGLONG),
  ]),
  method("SetEvent", [param.in("hEvent", ULONGLONG)]),
  method("ResetEvent", [param.in("hEvent", ULONGLONG)]),
  /** Fails for the handle of a synchronization object, which owns it (SYNC-14). */
  method("CloseHandle", [param.in("hObject", ULONGLONG)]),
  /** Another handle, of this process, of what the handle leads to. */
  method("DuplicateHandle", [
    param.in("hSourceHandle", ULONGLONG),
    param.retval("lpTargetHandle", ULONGLONG),
  ]),
  /** WAIT_OBJECT_0 or WAIT_TIMEOUT. Blocks the thread: an STA serves no calls meanwhile. */
  method("WaitForSingleObject", [
    param.in("hHandle", ULONGLONG),
    param.in("dwMilliseconds", DWORD),
    param.retval("result", DWORD),
  ]),
  /** Queues a procedure that does nothing: it ends an alertable wait of the thread. */
  method("QueueUserAPC", [param.in("dwThreadId", DWORD)]),
]);

const waitParams = [
  param.in("dwFlags", DWORD),
  param.in("dwTimeout", DWORD),
  param.in("cHandles", ULONG),
  param.in("pHandles", unique(array(ULONGLONG, { sizeIs: "cHandles" }))),
  param.retval("lpdwindex", DWORD),
] as const;

/** Waits that serve COM calls in an STA; both give the index of the signaled handle (SYNC-28). */
export const WaitFunctions = defineFunctions("ole32", [
  /** `dwFlags` are COWAIT_FLAGS. RPC_S_CALLPENDING when the time is over (SYNC-30). */
  method("CoWaitForMultipleHandles", waitParams),
  /** `dwFlags` are CWMO_FLAGS; at most CWMO_MAX_HANDLES handles (SYNC-35). */
  method("CoWaitForMultipleObjects", waitParams),
]);

/** Messages posted to a thread: an STA's has a queue, another one gets its queue by asking for it. */
export const MessageFunctions = defineFunctions("user32", [
  method("PostThreadMessageW", [
    param.in("idThread", DWORD),
    param.in("Msg", DWORD),
    param.in("wParam", ULONGLONG),
    param.in("lParam", LONGLONG),
  ]),
  /** The first message in the range, both 0 for any; `null` when there is none. */
  method("PeekMessageW", [
    param.in("wMsgFilterMin", DWORD),
    param.in("wMsgFilterMax", DWORD),
    param.in("wRemoveMsg", DWORD),
    param.retval("lpMsg", unique(MSG)),
  ]),
  /** QS_* flags: what is in the queue in the high word, what of it is new in the low one. */
  method("GetQueueStatus", [param.in("flags", DWORD), param.retval("status", DWORD)]),
]);
