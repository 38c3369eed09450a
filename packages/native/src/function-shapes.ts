import type { ComFunctionCalls } from "@callfactory/core";

/** The functions that core describes. */
export type FunctionName = keyof ComFunctionCalls;

/** What the register of a function's result says; the numbers of function_table.h. */
export const RETURNS = { hresult: 0, void: 1, bool: 2, handle: 3, wait: 4, value: 5 } as const;

/**
 * Where a function runs; the numbers of function_table.h. What may block runs beside the
 * apartment's own thread in an MTA, and on it in an STA, where COM's waits serve calls.
 */
export const PLACES = { thread: 0, "thread, in COM or not": 1, anywhere: 2 } as const;

/** How a function of core's tables looks in C, and where it is found. */
export interface FunctionShape {
  /** The DLL; `null` for a function of the addon, which stands in for Windows' own. */
  readonly library: string | null;
  /** The arguments in C: parameters by name, and what is always the same; core's own by default. */
  readonly args?: readonly (string | number)[];
  /** HRESULT by default. */
  readonly returns?: keyof typeof RETURNS;
  /** The parameter that is no argument, but the result. */
  readonly result?: string;
  /** The apartment's own thread by default. */
  readonly place?: keyof typeof PLACES;
  /** True when the call may wait, or speaks to another apartment. */
  readonly blocks?: boolean | ((args: readonly unknown[]) => boolean);
}

const NULL = 0;
const TRUE = 1;
const SELF = -1;
/** CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER, as for createInstance. */
const CLSCTX = 5;
const COWAIT_ALERTABLE = 2;

const OLE32 = "ole32.dll";
const OLEAUT32 = "oleaut32.dll";
const KERNEL32 = "kernel32.dll";
const USER32 = "user32.dll";

/** Ordinary functions of ole32. */
const plain: FunctionShape = { library: OLE32 };
/** The same, when they may have to speak to other apartments. */
const calling: FunctionShape = { library: OLE32, blocks: true };
const own: FunctionShape = { library: null };
/** Kernel calls that never wait, and belong to no thread. */
const ownAnywhere: FunctionShape = { library: null, place: "anywhere" };

/** An alertable wait is for the thread that procedures are queued to (SYNC-32). */
const waiting: FunctionShape = {
  library: OLE32,
  blocks: ([flags, timeoutMs]) => timeoutMs !== 0 && ((flags as number) & COWAIT_ALERTABLE) === 0,
};

/** Every function of core's tables. */
export const FUNCTION_SHAPES: Readonly<Record<FunctionName, FunctionShape>> = {
  CoInitializeEx: { library: null, place: "thread, in COM or not" },
  CoUninitialize: { library: null, place: "thread, in COM or not" },
  CoGetObjectContext: plain,
  CoRegisterMessageFilter: plain,
  CoGetClassObject: { ...calling, args: ["rclsid", CLSCTX, NULL, "riid", "ppv"] },

  GetCurrentThreadId: {
    library: KERNEL32,
    args: [],
    returns: "value",
    result: "dwThreadId",
    place: "thread, in COM or not",
  },
  CoGetApartmentType: plain,
  CoGetCurrentLogicalThreadId: plain,

  CreateStreamOnHGlobal: { ...plain, args: [NULL, TRUE, "ppstm"] },
  CoMarshalInterface: {
    ...calling,
    args: ["pStm", "riid", "pUnk", "dwDestContext", NULL, "mshlflags"],
  },
  CoUnmarshalInterface: calling,
  CoReleaseMarshalData: calling,
  CoGetMarshalSizeMax: {
    ...calling,
    args: ["pulSize", "riid", "pUnk", "dwDestContext", NULL, "mshlflags"],
  },
  CoGetStandardMarshal: {
    ...calling,
    args: ["riid", "pUnk", "dwDestContext", NULL, "mshlflags", "ppMarshal"],
  },
  CoMarshalInterThreadInterfaceInStream: calling,
  CoGetInterfaceAndReleaseStream: { ...own, blocks: true },
  CoLockObjectExternal: calling,
  CoDisconnectObject: calling,
  CoIsHandlerConnected: { ...plain, args: ["pUnk"], returns: "value", result: "isConnected" },
  RoGetAgileReference: { ...calling, library: "combase.dll" },
  CoRegisterChannelHook: plain,
  GetRunningObjectTable: { ...plain, args: [NULL, "pprot"] },
  CreateItemMoniker: plain,
  RegisterActiveObject: { ...calling, library: OLEAUT32 },
  RevokeActiveObject: { ...calling, library: OLEAUT32, args: ["dwRegister", NULL] },
  GetActiveObject: { ...calling, library: OLEAUT32, args: ["rclsid", NULL, "ppunk"] },

  CoEnableCallCancellation: { ...plain, args: [NULL] },
  CoDisableCallCancellation: { ...plain, args: [NULL] },
  CoCancelCall: { ...plain, blocks: ([threadId]) => threadId !== 0 },
  CoGetCancelObject: plain,
  CoSetCancelObject: plain,
  CoTestCancel: plain,

  CoGetCallContext: plain,
  CoSwitchCallContext: own,
  CoInitializeSecurity: {
    ...plain,
    args: [NULL, SELF, NULL, NULL, "dwAuthnLevel", "dwImpLevel", NULL, "dwCapabilities", NULL],
  },
  CoQueryProxyBlanket: {
    ...plain,
    args: [
      "pProxy",
      "pwAuthnSvc",
      "pAuthzSvc",
      "pServerPrincName",
      "pAuthnLevel",
      "pImpLevel",
      NULL,
      "pCapabilites",
    ],
  },
  CoSetProxyBlanket: plain,
  CoCopyProxy: plain,
  CoQueryClientBlanket: own,
  CoImpersonateClient: plain,
  CoRevertToSelf: plain,
  GetUserNameW: own,

  CreateEventW: ownAnywhere,
  DuplicateHandle: ownAnywhere,
  CloseHandle: ownAnywhere,
  QueueUserAPC: ownAnywhere,
  SetEvent: { library: KERNEL32, returns: "bool", place: "anywhere" },
  ResetEvent: { library: KERNEL32, returns: "bool", place: "anywhere" },
  WaitForSingleObject: {
    library: KERNEL32,
    args: ["hHandle", "dwMilliseconds"],
    returns: "wait",
    result: "result",
    blocks: ([, timeoutMs]) => timeoutMs !== 0,
  },

  CoWaitForMultipleHandles: waiting,
  CoWaitForMultipleObjects: waiting,

  PostThreadMessageW: { library: USER32, returns: "bool", place: "anywhere" },
  PeekMessageW: own,
  GetQueueStatus: own,
};
