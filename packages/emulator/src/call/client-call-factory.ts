import {
  type Awaitable,
  asyncOf,
  E_INVALIDARG,
  E_NOINTERFACE,
  type Guid,
  type HResult,
  type Interface,
  IUnknown,
  type Reply,
} from "@callfactory/core";
import type { Connection, InterfaceProxy } from "../marshal/interface-proxy.ts";
import { chain } from "../object/awaitable.ts";
import type { ComObject, Pointer } from "../object/com-object.ts";
import { ClientCall } from "./client-call.ts";

/** The part of a proxy manager that a call factory needs. */
export interface CallFactoryHost extends ComObject {
  readonly connection: Connection;
  proxyOf(iid: Guid): InterfaceProxy | undefined;
}

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
  const sync = manager.connection.services.interfaces.syncOf(riid);
  if (sync === undefined) return fail(E_NOINTERFACE);
  if (controlling !== null && riid2 !== IUnknown.iid) return fail(E_INVALIDARG);
  const held = manager.proxyOf(sync.iid);
  // No word to the server for an interface that is already held (CALL-14).
  if (held !== undefined) return build({ manager, sync, proxy: held, controlling, riid2 });
  return chain(manager.query(sync.iid), ({ hr, pointer }) => {
    const proxy = manager.proxyOf(sync.iid);
    if (pointer === null || proxy === undefined) return fail(hr);
    const reply = build({ manager, sync, proxy, controlling, riid2 });
    pointer.unknown.release();
    return reply;
  });
}

interface Ingredients {
  readonly manager: CallFactoryHost;
  readonly sync: Interface;
  readonly proxy: InterfaceProxy;
  readonly controlling: Pointer | null;
  readonly riid2: Guid;
}

function build({ manager, sync, proxy, controlling, riid2 }: Ingredients): Awaitable<Reply> {
  const { services, apartment } = manager.connection;
  const call = new ClientCall({
    services,
    context: apartment.thread.direct,
    proxyManager: manager,
    proxy,
    asyncInterface: asyncOf(sync),
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
