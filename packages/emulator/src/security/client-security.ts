import { E_INVALIDARG, type HResult, type Method, type Reply, S_OK } from "@callfactory/core";
import type { CallContext } from "../apartment/apartment.ts";
import type { MethodTarget, Pointer } from "../object/com-object.ts";
import type { Blanket, NewSettings } from "./blanket.ts";

/** An object whose interfaces have security settings: a proxy manager, or a call object. */
export interface BlanketHolder {
  /** The settings of one of the object's own interfaces; `null` for a local one. */
  blanketOf(pointer: Pointer): Blanket | null;
  /** Whether the settings of `pointer` may be changed (SEC-03). */
  mayChange(pointer: Pointer): boolean;
  /** One more pointer to the same interface, with settings of its own; `null` where there is none to copy. */
  copyOf(pointer: Pointer): Pointer | null;
}

/** IClientSecurity of an object (SEC-01, SEC-03). */
export function clientSecurity(holder: BlanketHolder): MethodTarget {
  return (method, args, context) => run(holder, method, args, context);
}

function run(
  holder: BlanketHolder,
  method: Method,
  args: readonly unknown[],
  { thread }: CallContext,
): Reply {
  const proxy = args[0] as Pointer | null;
  const blanket = proxy === null ? null : holder.blanketOf(proxy);
  if (proxy === null || blanket === null) return reply(E_INVALIDARG);
  switch (method.name) {
    case "QueryBlanket":
      return reply(S_OK, describe(blanket));
    case "SetBlanket":
      if (!holder.mayChange(proxy)) return reply(E_INVALIDARG);
      return reply(blanket.set(settingsFrom(args), thread));
    default: {
      const copy = holder.copyOf(proxy);
      return copy === null ? reply(E_INVALIDARG) : reply(S_OK, copy);
    }
  }
}

function describe({ settings }: Blanket) {
  return {
    pAuthnSvc: settings.authnSvc,
    pAuthzSvc: settings.authzSvc,
    pServerPrincName: settings.serverPrincName,
    pAuthnLevel: settings.authnLevel,
    pImpLevel: settings.impLevel,
    pCapabilites: settings.capabilities,
  };
}

/** The arguments of SetBlanket, behind pProxy. */
function settingsFrom(args: readonly unknown[]): NewSettings {
  return {
    authnSvc: args[1] as number,
    authzSvc: args[2] as number,
    serverPrincName: args[3] as string | null,
    authnLevel: args[4] as number,
    impLevel: args[5] as number,
    authInfo: args[6] as NewSettings["authInfo"],
    capabilities: args[7] as number,
  };
}

function reply(hr: HResult, value?: unknown): Reply {
  return { hr, value };
}
