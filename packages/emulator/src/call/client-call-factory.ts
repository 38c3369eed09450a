import {
  AsyncIMultiQI,
  type AsyncInterface,
  AsyncIUnknown,
  type Awaitable,
  asyncOf,
  E_INVALIDARG,
  E_NOINTERFACE,
  type Guid,
  type HResult,
  IUnknown,
  type Reply,
} from "@callfactory/core";
import type { InterfaceProxy } from "../marshal/interface-proxy.ts";
import { chain } from "../object/awaitable.ts";
import type { Pointer, Unknown } from "../object/com-object.ts";
import type { CallCarrier } from "./call-carrier.ts";
import { ClientCall } from "./client-call.ts";
import { IdentityCarrier } from "./identity-call.ts";
import type { Identity } from "./identity-query.ts";

/** The part of a proxy manager that a call factory needs. */
export interface CallFactoryHost extends Identity {
  proxyOf(iid: Guid): InterfaceProxy | undefined;
}

/** Asynchronous forms of what a proxy manager answers itself; they need no registration (REG-05). */
const IDENTITY_INTERFACES: readonly AsyncInterface[] = [AsyncIUnknown, AsyncIMultiQI];

/**
 * ICallFactory::CreateCall of a proxy: [riid, pCtrlUnk, riid2] (CALL-01).
 *
 * E_NOINTERFACE when no synchronous interface is registered for `riid` (CALL-02, REG-06), or the
 * object lacks it; E_INVALIDARG when aggregated with a riid2 other than IUnknown (CALL-07).
 */
export function createClientCall(
  manager: CallFactoryHost,
  args: readonly unknown[],
): Awaitable<Reply> {
  const [riid, controlling, riid2] = args as [Guid, Pointer | null, Guid];
  const { interfaces } = manager.connection.services;
  const identityInterface = IDENTITY_INTERFACES.find(({ iid }) => iid === riid);
  const sync = identityInterface?.syncOf ?? interfaces.syncOf(riid);
  if (sync === undefined) return fail(E_NOINTERFACE);
  if (controlling !== null && riid2 !== IUnknown.iid) return fail(E_INVALIDARG);
  if (identityInterface !== undefined) {
    const carrier = new IdentityCarrier(manager);
    return build({
      manager,
      asyncInterface: identityInterface,
      proxy: carrier,
      kept: carrier,
      controlling,
      riid2,
    });
  }
  const asyncInterface = asyncOf(sync);
  const kept = manager;
  const held = manager.proxyOf(sync.iid);
  // No word to the server for an interface that is already held (CALL-14).
  if (held !== undefined) {
    return build({ manager, asyncInterface, proxy: held, kept, controlling, riid2 });
  }
  return chain(manager.query(sync.iid), ({ hr, pointer }) => {
    const proxy = manager.proxyOf(sync.iid);
    if (pointer === null || proxy === undefined) return fail(hr);
    const reply = build({ manager, asyncInterface, proxy, kept, controlling, riid2 });
    pointer.unknown.release();
    return reply;
  });
}

interface Ingredients {
  readonly manager: CallFactoryHost;
  readonly asyncInterface: AsyncInterface;
  readonly proxy: CallCarrier;
  /** What the call object keeps alive. */
  readonly kept: Pick<Unknown, "addRef" | "release">;
  readonly controlling: Pointer | null;
  readonly riid2: Guid;
}

function build(ingredients: Ingredients): Awaitable<Reply> {
  const { manager, asyncInterface, proxy, kept, controlling, riid2 } = ingredients;
  const { services, apartment } = manager.connection;
  const call = new ClientCall({
    services,
    context: apartment.thread.direct,
    proxyManager: kept,
    proxy,
    asyncInterface,
    outer: controlling?.unknown ?? null,
  });
  return chain(call.query(riid2), ({ hr, pointer }) => {
    // The reference that creation gave us ends here; what QueryInterface gave is the caller's (CALL-06).
    call.release();
    return { hr, value: pointer };
  });
}

function fail(hr: HResult): Reply {
  return { hr, value: undefined };
}
