import { method, param } from "../interface.ts";
import {
  DWORD,
  GUID,
  LPWSTR,
  pointerByIid,
  pointerTo,
  ref,
  stringOf,
  unique,
  WCHAR,
} from "../type.ts";
import { COAUTHIDENTITY } from "../well-known/security.ts";
import { IUnknown } from "../well-known.ts";
import { defineFunctions } from "./function-table.ts";

/** The call context, security blankets and impersonation. */
export const SecurityFunctions = defineFunctions("ole32", [
  /** The context of the call that this thread serves; RPC_E_CALL_COMPLETE when it serves none (SEC-07). */
  method("CoGetCallContext", [
    param.in("riid", GUID),
    param.out("ppInterface", pointerByIid(IUnknown, "riid")),
  ]),
  /** Puts a custom marshaler's call context in place of the present one; neither is AddRef'd (SEC-10). */
  method("CoSwitchCallContext", [
    param.in("pNewObject", pointerTo(IUnknown)),
    param.out("ppOldObject", pointerTo(IUnknown)),
  ]),
  /** What proxies of this process start with; RPC_E_TOO_LATE once that is settled (SEC-14). */
  method("CoInitializeSecurity", [
    param.in("dwAuthnLevel", DWORD),
    param.in("dwImpLevel", DWORD),
    param.in("dwCapabilities", DWORD),
  ]),
  /** IClientSecurity::QueryBlanket of the proxy's own IClientSecurity. */
  method("CoQueryProxyBlanket", [
    param.in("pProxy", pointerTo(IUnknown)),
    param.out("pwAuthnSvc", DWORD),
    param.out("pAuthzSvc", DWORD),
    param.out("pServerPrincName", LPWSTR),
    param.out("pAuthnLevel", DWORD),
    param.out("pImpLevel", DWORD),
    param.out("pCapabilites", DWORD),
  ]),
  /** IClientSecurity::SetBlanket of the proxy's own IClientSecurity. */
  method("CoSetProxyBlanket", [
    param.in("pProxy", pointerTo(IUnknown)),
    param.in("dwAuthnSvc", DWORD),
    param.in("dwAuthzSvc", DWORD),
    param.in("pServerPrincName", LPWSTR),
    param.in("dwAuthnLevel", DWORD),
    param.in("dwImpLevel", DWORD),
    param.in("pAuthInfo", unique(COAUTHIDENTITY)),
    param.in("dwCapabilities", DWORD),
  ]),
  /** IClientSecurity::CopyProxy of the proxy's own IClientSecurity (SEC-03). */
  method("CoCopyProxy", [
    param.in("pProxy", pointerTo(IUnknown)),
    param.out("ppCopy", pointerTo(IUnknown)),
  ]),
  /** IServerSecurity::QueryBlanket of the call context. */
  method("CoQueryClientBlanket", [
    param.out("pAuthnSvc", DWORD),
    param.out("pAuthzSvc", DWORD),
    param.out("pServerPrincName", LPWSTR),
    param.out("pAuthnLevel", DWORD),
    param.out("pPrivs", LPWSTR),
    param.inout("pCapabilities", DWORD),
  ]),
  /** IServerSecurity::ImpersonateClient of the call context. */
  method("CoImpersonateClient", []),
  /** IServerSecurity::RevertToSelf of the call context. */
  method("CoRevertToSelf", []),
]);

/** What a thread knows of the token that it acts with. */
export const TokenFunctions = defineFunctions("advapi32", [
  /** In whose name the thread acts: its process's, or that of the client that it impersonates. */
  method("GetUserNameW", [param.retval("lpBuffer", ref(stringOf(WCHAR)))]),
]);
