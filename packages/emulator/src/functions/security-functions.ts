import {
  type Awaitable,
  E_INVALIDARG,
  E_NOINTERFACE,
  failed,
  type Guid,
  HRESULT_ERROR_CANT_OPEN_ANONYMOUS,
  IClientSecurity,
  ICancelMethodCalls,
  type Interface,
  IServerSecurity,
  IUnknown,
  type Method,
  type Reply,
  RPC_E_CALL_COMPLETE,
  S_OK,
} from "@callfactory/core";
import type { Caller } from "../caller.ts";
import { chain } from "../object/awaitable.ts";
import type { Pointer, Unknown } from "../object/com-object.ts";
import type { CallScope } from "../security/thread-security.ts";
import { type ComFunctionGroup, reply } from "./com-function.ts";

/** The call context, security blankets and impersonation. */
export const securityFunctions: ComFunctionGroup = {
  CoGetCallContext: (caller, [riid]) => {
    const { context } = scopeOf(caller);
    if (context === null) return reply(RPC_E_CALL_COMPLETE);
    return chain(context.query(riid as Guid), ({ hr, pointer }) => reply(hr, pointer));
  },

  CoSwitchCallContext: (caller, [next]) => {
    const former = scopeOf(caller).switchContext((next as Pointer | null)?.unknown ?? null);
    if (former === null) return reply(S_OK, null);
    // Only JavaScript's own pointer to it counts: it is released like any other.
    return chain(former.query(IUnknown.iid), ({ hr, pointer }) => reply(hr, pointer));
  },

  CoInitializeSecurity: ({ process }, args) => {
    const [authnLevel, impLevel, capabilities] = args as [number, number, number];
    return reply(process.services.security.initialize({ authnLevel, impLevel, capabilities }));
  },

  CoQueryProxyBlanket: (caller, [proxy]) =>
    chain(ofProxy(caller, proxy, "QueryBlanket", [null]), ({ hr, value }) => {
      if (failed(hr)) return reply(hr);
      const { pAuthnSvc, ...rest } = value as { readonly pAuthnSvc: number };
      return reply(hr, { pwAuthnSvc: pAuthnSvc, ...rest });
    }),

  CoSetProxyBlanket: (caller, [proxy, ...settings]) =>
    ofProxy(caller, proxy, "SetBlanket", settings),

  CoCopyProxy: (caller, [proxy]) => ofProxy(caller, proxy, "CopyProxy", []),

  CoQueryClientBlanket: (caller, [capabilities]) =>
    ofClient(caller, IServerSecurity, "QueryBlanket", [null, capabilities]),

  CoImpersonateClient: (caller) => ofClient(caller, IServerSecurity, "ImpersonateClient", []),

  CoRevertToSelf: (caller) => ofClient(caller, IServerSecurity, "RevertToSelf", []),

  CoTestCancel: (caller) => ofClient(caller, ICancelMethodCalls, "TestCancel", []),

  GetUserNameW: ({ process, thread }) => {
    const { identity } = process.services.security.tokenOf(thread);
    if (identity === null) return reply(HRESULT_ERROR_CANT_OPEN_ANONYMOUS);
    return reply(S_OK, identity.name);
  },
};

function scopeOf({ process, thread }: Caller): CallScope {
  return process.services.security.threads.of(thread).scope;
}

/** Calls a method of a proxy's IClientSecurity about that proxy; E_INVALIDARG for NULL. */
function ofProxy(
  caller: Caller,
  proxy: unknown,
  name: string,
  args: readonly unknown[],
): Awaitable<Reply> {
  if (proxy === null) return reply(E_INVALIDARG);
  const { unknown } = proxy as Pointer;
  return invoke(caller, unknown, IClientSecurity, name, [proxy, ...args]);
}

/** Calls a method of the context of the call that the thread serves. */
function ofClient(
  caller: Caller,
  iface: Interface,
  name: string,
  args: readonly unknown[],
): Awaitable<Reply> {
  const { context } = scopeOf(caller);
  if (context === null) return reply(RPC_E_CALL_COMPLETE);
  return invoke(caller, context, iface, name, args);
}

function invoke(
  { thread }: Caller,
  object: Unknown,
  iface: Interface,
  name: string,
  args: readonly unknown[],
): Awaitable<Reply> {
  return chain(object.query(iface.iid), ({ pointer }) => {
    if (pointer === null) return reply(E_NOINTERFACE);
    const method = iface.members.get(name) as Method;
    return chain(pointer.invoke(method, args, thread.direct), (result) => {
      pointer.unknown.release();
      return result;
    });
  });
}
