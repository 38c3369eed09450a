import {
  type Com,
  EOAC_NONE,
  guid,
  type Host,
  type IClientSecurity,
  type IncomingCall,
  type Interface,
  type InterfacePointer,
  type NoMethods,
  RPC_C_AUTHN_DEFAULT,
  RPC_C_AUTHN_LEVEL_DEFAULT,
  RPC_C_AUTHZ_DEFAULT,
  RPC_C_IMP_LEVEL_DEFAULT,
} from "callfactory";
import type { Stage } from "../harness/stage.ts";
import { IWorker, type Worker } from "./call-worker.ts";

/** What the tests of security need. */
export const SECURE = { at: "marshaled", needs: ["register-class", "functions"] } as const;

/** Any interface pointer, as COM's functions take them. */
export type AnyPointer = InterfacePointer<NoMethods>;

/** The settings that a blanket has when nobody asks for others. */
const ANYTHING = {
  authnSvc: RPC_C_AUTHN_DEFAULT,
  authzSvc: RPC_C_AUTHZ_DEFAULT,
  serverPrincName: null as string | null,
  authnLevel: RPC_C_AUTHN_LEVEL_DEFAULT,
  impLevel: RPC_C_IMP_LEVEL_DEFAULT,
  authInfo: null as Parameters<InterfacePointer<ClientSecurity>["SetBlanket"]>[6],
  capabilities: EOAC_NONE,
};
type ClientSecurity = typeof IClientSecurity extends Interface<infer S> ? S : never;

/** CoSetProxyBlanket with some settings; COM chooses the rest. */
export async function setBlanket(
  com: Com,
  proxy: AnyPointer,
  settings: Partial<typeof ANYTHING>,
): Promise<void> {
  const all = { ...ANYTHING, ...settings };
  await com.functions.CoSetProxyBlanket(
    proxy,
    all.authnSvc,
    all.authzSvc,
    all.serverPrincName,
    all.authnLevel,
    all.impLevel,
    all.authInfo,
    all.capabilities,
  );
}

/** IClientSecurity::SetBlanket with some settings; COM chooses the rest. */
export async function setBlanketOf(
  security: InterfacePointer<ClientSecurity>,
  pointer: AnyPointer,
  settings: Partial<typeof ANYTHING>,
): Promise<void> {
  const all = { ...ANYTHING, ...settings };
  await security.SetBlanket(
    pointer,
    all.authnSvc,
    all.authzSvc,
    all.serverPrincName,
    all.authnLevel,
    all.impLevel,
    all.authInfo,
    all.capabilities,
  );
}

/** An interface of the context of the call that `com`'s thread serves. */
export async function contextOf<S>(com: Com, iface: Interface<S>): Promise<InterfacePointer<S>> {
  const context = (await com.functions.CoGetCallContext(iface.iid)) as AnyPointer;
  try {
    return await context.queryInterface(iface);
  } finally {
    context.release();
  }
}

/** In whose name the thread of `com` acts while it impersonates its client; its own name is back then. */
export async function clientsName(com: Com): Promise<string> {
  await com.functions.CoImpersonateClient();
  try {
    return await com.functions.GetUserNameW();
  } finally {
    await com.functions.CoRevertToSelf();
  }
}

/** What a server does in Work; `value` is what the client passed. */
export type Deed = (call: IncomingCall, value: number) => Promise<void> | void;

/** A worker in an STA that does `deed` and returns what it was given. */
export function serveDeed(stage: Stage, deed: Deed): Promise<Worker> {
  return stage.serve([IWorker], () => working(deed));
}

/** The same with a threading model of the test's choice, seen from the apartment of `com`. */
export async function serveDeedTo(
  stage: Stage,
  com: Com,
  threadingModel: "Apartment" | "Free",
  deed: Deed,
): Promise<Worker> {
  const clsid = guid(`c0ffee03-0000-4000-8000-${String(++served).padStart(12, "0")}`);
  const create = (_host: Host) => working(deed);
  stage.com.registerClass({ clsid, threadingModel, interfaces: [IWorker], create });
  return stage.hold(await com.createInstance(clsid, IWorker));
}
let served = 0;

function working(deed: Deed) {
  return {
    Work: async (value: number, call: IncomingCall) => {
      await deed(call, value);
      return value;
    },
  };
}
