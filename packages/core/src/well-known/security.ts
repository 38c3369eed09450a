import { defineInterface, method, param } from "../interface.ts";
import { DWORD, LPWSTR, pointerTo, struct, ULONG, unique } from "../type.ts";
import type { Value } from "../value.ts";
import { IUnknown } from "../well-known.ts";

// Security blankets, impersonation and the call context: constants of rpcdce.h and objidlbase.h.

/** No authentication service: the server cannot know who calls. */
export const RPC_C_AUTHN_NONE = 0;
/** NTLM. */
export const RPC_C_AUTHN_WINNT = 10;
/** COM chooses the authentication service. */
export const RPC_C_AUTHN_DEFAULT = 0xffffffff;

/** No authorization service, as NTLM and Kerberos want it. */
export const RPC_C_AUTHZ_NONE = 0;
/** COM chooses the authorization service. */
export const RPC_C_AUTHZ_DEFAULT = 0xffffffff;

/** COM chooses the authentication level. */
export const RPC_C_AUTHN_LEVEL_DEFAULT = 0;
/** No authentication. */
export const RPC_C_AUTHN_LEVEL_NONE = 1;
/** The client proves who it is when it connects. */
export const RPC_C_AUTHN_LEVEL_CONNECT = 2;
/** The client proves who it is at the beginning of each call. */
export const RPC_C_AUTHN_LEVEL_CALL = 3;
/** Each packet proves where it comes from. */
export const RPC_C_AUTHN_LEVEL_PKT = 4;
/** Nobody can change a packet on its way. */
export const RPC_C_AUTHN_LEVEL_PKT_INTEGRITY = 5;
/** Nobody can read a packet on its way. */
export const RPC_C_AUTHN_LEVEL_PKT_PRIVACY = 6;

/** COM chooses the impersonation level. */
export const RPC_C_IMP_LEVEL_DEFAULT = 0;
/** The server's token for the client says nothing about the client. */
export const RPC_C_IMP_LEVEL_ANONYMOUS = 1;
/** The server may learn who the client is, and no more. */
export const RPC_C_IMP_LEVEL_IDENTIFY = 2;
/** The server may act as the client, across one computer's boundary at most. */
export const RPC_C_IMP_LEVEL_IMPERSONATE = 3;
/** The server may act as the client everywhere. */
export const RPC_C_IMP_LEVEL_DELEGATE = 4;

/** No capabilities: calls are made as the process, whoever it impersonates. */
export const EOAC_NONE = 0;
/** Only the process itself can count its references; for CoInitializeSecurity (SEC-03). */
export const EOAC_SECURE_REFS = 0x2;
/** A proxy presents the token of the thread that first called through it (SEC-12). */
export const EOAC_STATIC_CLOAKING = 0x20;
/** A proxy presents the token of the thread that calls, at each call (SEC-12). */
export const EOAC_DYNAMIC_CLOAKING = 0x40;
/** The capabilities that the process has. */
export const EOAC_DEFAULT = 0x800;

/** Flags of {@link COAUTHIDENTITY}: its strings are UTF-16. */
export const SEC_WINNT_AUTH_IDENTITY_UNICODE = 2;

/** Whose name a call is made in, when it is not the process's. */
export const COAUTHIDENTITY = struct("COAUTHIDENTITY", {
  User: LPWSTR,
  UserLength: ULONG,
  Domain: LPWSTR,
  DomainLength: ULONG,
  Password: LPWSTR,
  PasswordLength: ULONG,
  Flags: ULONG,
});

/** Fills a {@link COAUTHIDENTITY}. */
export function coAuthIdentity(
  user: string,
  { domain = "", password = "" }: { readonly domain?: string; readonly password?: string } = {},
): Value<typeof COAUTHIDENTITY> {
  return {
    User: user,
    UserLength: user.length,
    Domain: domain,
    DomainLength: domain.length,
    Password: password,
    PasswordLength: password.length,
    Flags: SEC_WINNT_AUTH_IDENTITY_UNICODE,
  };
}

/** A proxy's settings, or those of a call object (SEC-01); each belongs to one interface of it. */
export const IClientSecurity = defineInterface({
  name: "IClientSecurity",
  iid: "0000013d-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [
    /** `pAuthInfo` is NULL: what was set cannot be read. */
    method("QueryBlanket", [
      param.in("pProxy", pointerTo(IUnknown)),
      param.out("pAuthnSvc", DWORD),
      param.out("pAuthzSvc", DWORD),
      param.out("pServerPrincName", LPWSTR),
      param.out("pAuthnLevel", DWORD),
      param.out("pImpLevel", DWORD),
      param.in("pAuthInfo", unique(DWORD)),
      param.out("pCapabilites", DWORD),
    ]),
    method("SetBlanket", [
      param.in("pProxy", pointerTo(IUnknown)),
      param.in("dwAuthnSvc", DWORD),
      param.in("dwAuthzSvc", DWORD),
      param.in("pServerPrincName", LPWSTR),
      param.in("dwAuthnLevel", DWORD),
      param.in("dwImpLevel", DWORD),
      param.in("pAuthInfo", unique(COAUTHIDENTITY)),
      param.in("dwCapabilities", DWORD),
    ]),
    method("CopyProxy", [
      param.in("pProxy", pointerTo(IUnknown)),
      param.out("ppCopy", pointerTo(IUnknown)),
    ]),
  ],
});

/** The client of the call being served, as its call context shows it (SEC-07). */
export const IServerSecurity = defineInterface({
  name: "IServerSecurity",
  iid: "0000013e-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [
    /** `pImpLevel` must be NULL: a server learns the level by what it can do. */
    method("QueryBlanket", [
      param.out("pAuthnSvc", DWORD),
      param.out("pAuthzSvc", DWORD),
      param.out("pServerPrincName", LPWSTR),
      param.out("pAuthnLevel", DWORD),
      param.in("pImpLevel", unique(DWORD)),
      /** The client's name. */
      param.out("pPrivs", LPWSTR),
      param.inout("pCapabilities", DWORD),
    ]),
    method("ImpersonateClient", []),
    method("RevertToSelf", []),
    /** A BOOL: 1 or 0. */
    method("IsImpersonating", [], "ULONG"),
  ],
});
