// Words: GUIDs, HRESULTs, errors.
export { GUID_NULL, type Guid, guid, guidFromBytes, guidToBytes, isGuid } from "./guid.ts";
export { failed, type HResult, hresult, hresultFromWin32, succeeded } from "./hresult.ts";
export { hresultName } from "./hresult-name.ts";
// biome-ignore format: as many names to a line as fit.
export {
  S_OK, S_FALSE, MK_S_MONIKERALREADYREGISTERED, CO_S_NOTALLINTERFACES, E_PENDING, E_NOTIMPL,
  E_NOINTERFACE, E_POINTER, E_FAIL, CO_E_WRONG_SERVER_IDENTITY, CO_E_NOT_SUPPORTED,
  CO_E_ASYNC_WORK_REJECTED, E_HANDLE, E_UNEXPECTED, RPC_E_CALL_REJECTED, RPC_E_CALL_CANCELED,
  RPC_E_CANTPOST_INSENDCALL, RPC_E_CANTCALLOUT_INASYNCCALL, RPC_E_CANTCALLOUT_INEXTERNALCALL,
  RPC_E_CONNECTION_TERMINATED, RPC_E_SERVER_DIED, RPC_E_CLIENT_DIED, RPC_E_INVALID_DATAPACKET,
  RPC_E_CANTTRANSMIT_CALL, RPC_E_CLIENT_CANTMARSHAL_DATA, RPC_E_CLIENT_CANTUNMARSHAL_DATA,
  RPC_E_SERVER_CANTMARSHAL_DATA, RPC_E_SERVER_CANTUNMARSHAL_DATA, RPC_E_INVALID_DATA,
  RPC_E_INVALID_PARAMETER, RPC_E_CANTCALLOUT_AGAIN, RPC_E_SERVER_DIED_DNE, RPC_E_SYS_CALL_FAILED,
  RPC_E_OUT_OF_RESOURCES, RPC_E_ATTEMPTED_MULTITHREAD, RPC_E_NOT_REGISTERED, RPC_E_FAULT,
  RPC_E_SERVERFAULT, RPC_E_CHANGED_MODE, RPC_E_INVALIDMETHOD, RPC_E_DISCONNECTED, RPC_E_RETRY,
  RPC_E_SERVERCALL_RETRYLATER, RPC_E_SERVERCALL_REJECTED, RPC_E_INVALID_CALLDATA,
  RPC_E_CANTCALLOUT_ININPUTSYNCCALL, RPC_E_WRONG_THREAD, RPC_E_THREAD_NOT_INIT,
  RPC_E_VERSION_MISMATCH, RPC_E_INVALID_HEADER, RPC_E_INVALID_EXTENSION, RPC_E_INVALID_IPID,
  RPC_E_INVALID_OBJECT, RPC_S_CALLPENDING, RPC_S_WAITONTIMER, RPC_E_CALL_COMPLETE,
  RPC_E_UNSECURE_CALL, RPC_E_TOO_LATE, RPC_E_NO_GOOD_SECURITY_PACKAGES, RPC_E_ACCESS_DENIED,
  RPC_E_REMOTE_DISABLED, RPC_E_INVALID_OBJREF, RPC_E_NO_CONTEXT, RPC_E_TIMEOUT, RPC_E_NO_SYNC,
  CO_E_CANCEL_DISABLED, RPC_E_UNEXPECTED, STG_E_INVALIDFUNCTION, DISP_E_PARAMNOTFOUND,
  STG_E_INVALIDPOINTER, STG_E_READFAULT, MK_E_UNAVAILABLE, CLASS_E_NOAGGREGATION,
  CLASS_E_CLASSNOTAVAILABLE, CONNECT_E_NOCONNECTION, CONNECT_E_ADVISELIMIT, CONNECT_E_CANNOTCONNECT,
  CONNECT_E_OVERRIDDEN, REGDB_E_CLASSNOTREG, REGDB_E_IIDNOTREG, REGDB_E_BADTHREADINGMODEL,
  CO_E_NOTINITIALIZED, CO_E_ALREADYINITIALIZED, CO_E_OBJNOTCONNECTED, CO_E_RELEASED, E_ACCESSDENIED,
  E_OUTOFMEMORY, E_INVALIDARG, HRESULT_ERROR_BAD_IMPERSONATION_LEVEL,
  HRESULT_ERROR_CANT_OPEN_ANONYMOUS, HRESULT_RPC_S_SERVER_UNAVAILABLE, HRESULT_RPC_S_CALL_FAILED,
  HRESULT_RPC_S_CALL_CANCELLED, CO_E_SERVER_EXEC_FAILURE,
} from "./hresult-constants.ts";
export type { ErrorInfo } from "./error-info.ts";
export { ComError, type ComErrorOptions, throwIfFailed } from "./com-error.ts";

// Types and their values.
// biome-ignore format: as many names to a line as fit.
export {
  type ArrayBound, type ArrayType, array, BOOL, BOOLEAN, BSTR, BYTE, type BoolType, type BstrType,
  CHAR, type CharsBound, type CharsType, DOUBLE, DWORD, type EnumType, enumeration, error_status_t,
  FLOAT, type Fields, type FloatType, GUID, type GuidType, HRESULT, type HyperType,
  type InterfaceType, type IntType, type LazyType, lazy, LONG, LONGLONG, LPWSTR, type PointerKind,
  type PointerType, pointerByIid, pointerTo, ptr, ref, resolved, SHORT, type StringType,
  type StructType, stringOf, struct, type Type, typeName, ULONG, ULONGLONG, USHORT, unique,
  VARIANT_BOOL, WCHAR,
} from "./type.ts";
// biome-ignore format: as many names to a line as fit.
export {
  arm, armOf, type Discriminant, defaultArm, type Label, switchIs, type UnionArm, type UnionType,
  union,
} from "./union.ts";
export type { ArrayValue, Value } from "./value.ts";

// OLE Automation's types and values.
export { MAX_VARIANT_DEPTH } from "./automation-check.ts";
export { Currency, currency } from "./automation-currency.ts";
export { type DateZone, OleDate, oleDate } from "./automation-date.ts";
export type { DecimalParts } from "./automation-decimal-text.ts";
export { Decimal, decimal } from "./automation-decimal.ts";
export { DISPPARAMS, EXCEPINFO, IDispatch } from "./automation-dispatch.ts";
// biome-ignore format: as many names to a line as fit.
export {
  defaultFeatures, elementCount, FADF_AUTO, FADF_BSTR, FADF_DISPATCH, FADF_EMBEDDED, FADF_FIXEDSIZE,
  FADF_HAVEIID, FADF_HAVEVARTYPE, FADF_RECORD, FADF_STATIC, FADF_UNKNOWN, FADF_VARIANT, SafeArray,
  type SafeArrayBound, type SafeArrayParts,
} from "./automation-safe-array.ts";
// biome-ignore format: as many names to a line as fit.
export {
  type AutomationType, CURRENCY, type CurrencyType, DATE, type DateType, DECIMAL, type DecimalType,
  type SafeArrayType, VARIANT, type VariantType,
} from "./automation-type.ts";
// biome-ignore format: as many names to a line as fit.
export type {
  AutomationValue, Given, Received, Returnable, SafeArrayValue,
} from "./automation-value.ts";
export { MISSING, type SafeArrayOptions, safeArray, variant } from "./automation-values.ts";
export { Variant, type VariantInput, type VariantValue } from "./automation-variant.ts";
export { SAFEARRAY, typeOfVt, vtOfType } from "./automation-vt-type.ts";
// biome-ignore format: as many names to a line as fit.
export {
  VT_ARRAY, VT_BOOL, VT_BSTR, VT_BYREF, VT_CY, VT_DATE, VT_DECIMAL, VT_DISPATCH, VT_EMPTY, VT_ERROR,
  VT_I1, VT_I2, VT_I4, VT_I8, VT_INT, VT_NULL, VT_R4, VT_R8, VT_RECORD, VT_TYPEMASK, VT_UI1, VT_UI2,
  VT_UI4, VT_UI8, VT_UINT, VT_UNKNOWN, VT_VARIANT, vtName,
} from "./automation-vt.ts";

// Interfaces, and what their descriptors say.
// biome-ignore format: as many names to a line as fit.
export {
  type AsyncInterface, buildInterface, type Direction, defineInterface, type Interface,
  type InterfaceSpec, type Method, type MethodSpec, method, type Param, param, type ReturnType,
} from "./interface.ts";
export type { AsyncMethods, InArgs, MethodsOf, Result } from "./signature.ts";
export { asyncOf } from "./async-of.ts";
export { countOf, holdsInterface, holdsType } from "./extent.ts";
export { checkArgs, checkOuts, type TypedArrayConstructor, typedArrayOf } from "./check.ts";
export { mapArgs, mapOuts, type PointerMap } from "./map-pointers.ts";
export { shapeResult, spreadResult } from "./result.ts";

// The seam, and what callers hold.
// biome-ignore format: as many names to a line as fit.
export type {
  Activation, Awaitable, Backend, BackendApartment, BackendCall, BackendName, BackendObject,
  BackendProcess, ApartmentKind, Clock, Feature, MarshalOptions, OnCancel, Reply,
} from "./backend.ts";
// biome-ignore format: as many names to a line as fit.
export type {
  CallRequest, ClassRegistration, ServerCall, ServerHost, ServerObject,
} from "./server-object.ts";
export type { Identity, ProcessOptions } from "./process-options.ts";
export type { TraceEvent, TraceListener } from "./trace.ts";
// biome-ignore format: as many names to a line as fit.
export type {
  CallBase, CallOptions, ClientCall, ComCall, CreateCallOptions, InterfacePointer, Lane,
  PointerBase, SynchronizeHooks,
} from "./pointer.ts";

// COM's functions.
export { type ComFunctionCalls, ComFunctions } from "./functions/com-functions.ts";
export { IChannelHook } from "./well-known/channel-hook.ts";
export { defineFunctions, type FunctionTable, type Functions } from "./functions/function-table.ts";
// biome-ignore format: as many names to a line as fit.
export {
  COWAIT_ALERTABLE, COWAIT_DEFAULT, COWAIT_DISPATCH_CALLS, COWAIT_DISPATCH_WINDOW_MESSAGES,
  COWAIT_INPUTAVAILABLE, COWAIT_WAITALL, CWMO_DEFAULT, CWMO_DISPATCH_CALLS,
  CWMO_DISPATCH_WINDOW_MESSAGES, CWMO_MAX_HANDLES, MSG, PM_NOREMOVE, PM_REMOVE, QS_ALLPOSTMESSAGE,
  QS_POSTMESSAGE, WAIT_IO_COMPLETION, WAIT_OBJECT_0, WAIT_TIMEOUT, WM_DDE_FIRST, WM_USER,
} from "./functions/wait-functions.ts";

// What COM itself brings.
// biome-ignore format: as many names to a line as fit.
export {
  AsyncIPipeByte, AsyncIPipeDouble, AsyncIPipeLong, CLSID_ManualResetEvent, CLSID_StdEvent,
  CLSID_SynchronizeContainer, ICallFactory, ICancelMethodCalls, IID_NULL, INFINITE, IPipeByte,
  IPipeDouble, IPipeLong, ISynchronize, ISynchronizeHandle, IUnknown, type NoMethods,
  RPC_C_CANCEL_INFINITE_TIMEOUT,
} from "./well-known.ts";
// biome-ignore format: as many names to a line as fit.
export {
  AsyncIAdviseSink, AsyncIAdviseSink2, FORMATETC, IAdviseSink, IAdviseSink2, STGMEDIUM, TYMED_FILE,
  TYMED_ISTREAM, TYMED_NULL,
} from "./well-known/advise-sink.ts";
// biome-ignore format: as many names to a line as fit.
export {
  APTTYPE_MAINSTA, APTTYPE_MTA, APTTYPE_NA, APTTYPE_STA, APTTYPEQUALIFIER_IMPLICIT_MTA,
  APTTYPEQUALIFIER_NA_ON_IMPLICIT_MTA, APTTYPEQUALIFIER_NA_ON_MAINSTA, APTTYPEQUALIFIER_NA_ON_MTA,
  APTTYPEQUALIFIER_NA_ON_STA, APTTYPEQUALIFIER_NONE, COINIT_APARTMENTTHREADED, COINIT_MULTITHREADED,
  IClassFactory, IComThreadingInfo, THDTYPE_BLOCKMESSAGES, THDTYPE_PROCESSMESSAGES,
} from "./well-known/apartments.ts";
// biome-ignore format: as many names to a line as fit.
export {
  CONNECTDATA, type ConnectionPoint, type ConnectionPointContainer, type EnumConnectionPoints,
  type EnumConnections, IConnectionPoint, IConnectionPointContainer, IEnumConnectionPoints,
  IEnumConnections,
} from "./well-known/connection-points.ts";
// biome-ignore format: as many names to a line as fit.
export {
  AsyncIMultiQI, AsyncIUnknown, IMultiQI, MULTI_QI, type UnknownMethods,
} from "./well-known/identity.ts";
// biome-ignore format: as many names to a line as fit.
export {
  IOleInPlaceActiveObject, IOleInPlaceFrame, IOleInPlaceObject, IOleInPlaceUIWindow, IOleWindow,
  OLEMENUGROUPWIDTHS, RECT,
} from "./well-known/in-place.ts";
// biome-ignore format: as many names to a line as fit.
export {
  CLSID_InProcFreeMarshaler, CLSID_StdGlobalInterfaceTable, CLSID_StdMarshal, EXTCONN_STRONG,
  IAgileObject, IAgileReference, IExternalConnection, IGlobalInterfaceTable, IMarshal, INoMarshal,
  IStdMarshalInfo, MSHCTX_CROSSCTX, MSHCTX_DIFFERENTMACHINE, MSHCTX_INPROC, MSHCTX_LOCAL,
  MSHCTX_NOSHAREDMEM, MSHLFLAGS_NOPING, MSHLFLAGS_NORMAL, MSHLFLAGS_TABLESTRONG,
  MSHLFLAGS_TABLEWEAK,
} from "./well-known/marshaling.ts";
// biome-ignore format: as many names to a line as fit.
export {
  CALLTYPE_ASYNC, CALLTYPE_ASYNC_CALLPENDING, CALLTYPE_NESTED, CALLTYPE_TOPLEVEL,
  CALLTYPE_TOPLEVEL_CALLPENDING, IMessageFilter, INTERFACEINFO, PENDINGMSG_CANCELCALL,
  PENDINGMSG_WAITDEFPROCESS, PENDINGMSG_WAITNOPROCESS, PENDINGTYPE_NESTED, PENDINGTYPE_TOPLEVEL,
  SERVERCALL_ISHANDLED, SERVERCALL_REJECTED, SERVERCALL_RETRYLATER,
} from "./well-known/message-filter.ts";
// biome-ignore format: as many names to a line as fit.
export {
  IEnumMoniker, IMoniker, IPersist, IPersistStream, IROTData, IRunningObjectTable,
  ROTFLAGS_ALLOWANYCLIENT, ROTFLAGS_REGISTRATIONKEEPSALIVE,
} from "./well-known/monikers.ts";
// biome-ignore format: as many names to a line as fit.
export {
  coAuthIdentity, COAUTHIDENTITY, EOAC_DEFAULT, EOAC_DYNAMIC_CLOAKING, EOAC_NONE, EOAC_SECURE_REFS,
  EOAC_STATIC_CLOAKING, IClientSecurity, IServerSecurity, RPC_C_AUTHN_DEFAULT,
  RPC_C_AUTHN_LEVEL_CALL, RPC_C_AUTHN_LEVEL_CONNECT, RPC_C_AUTHN_LEVEL_DEFAULT,
  RPC_C_AUTHN_LEVEL_NONE, RPC_C_AUTHN_LEVEL_PKT, RPC_C_AUTHN_LEVEL_PKT_INTEGRITY,
  RPC_C_AUTHN_LEVEL_PKT_PRIVACY, RPC_C_AUTHN_NONE, RPC_C_AUTHN_WINNT, RPC_C_AUTHZ_DEFAULT,
  RPC_C_AUTHZ_NONE, RPC_C_IMP_LEVEL_ANONYMOUS, RPC_C_IMP_LEVEL_DEFAULT, RPC_C_IMP_LEVEL_DELEGATE,
  RPC_C_IMP_LEVEL_IDENTIFY, RPC_C_IMP_LEVEL_IMPERSONATE, SEC_WINNT_AUTH_IDENTITY_UNICODE,
} from "./well-known/security.ts";
// biome-ignore format: as many names to a line as fit.
export {
  FILETIME, ISequentialStream, IStream, STATSTG, STREAM_SEEK_CUR, STREAM_SEEK_END, STREAM_SEEK_SET,
} from "./well-known/streams.ts";
// biome-ignore format: as many names to a line as fit.
export {
  ISynchronizeContainer, ISynchronizeEvent, ISynchronizeMutex,
} from "./well-known/synchronizers.ts";
