import {
  CLASS_E_NOAGGREGATION,
  type ClassRegistration,
  ComError,
  E_NOINTERFACE,
  type Guid,
  MSHCTX_INPROC,
  REGDB_E_CLASSNOTREG,
  RPC_E_CALL_CANCELED,
  RPC_E_DISCONNECTED,
  RPC_E_SERVERFAULT,
  type ServerObject,
} from "@callfactory/core";
import { type Caller, callingThread } from "../caller.ts";
import { callSync } from "../cancel/sync-call.ts";
import type { Pointer, Unknown } from "../object/com-object.ts";
import type { Place } from "../object/place.ts";
import { serve, serverHost } from "../object/serve.ts";
import type { ApartmentEntry } from "../process.ts";

/** What is asked for. */
export interface Wanted {
  readonly clsid: Guid;
  readonly iid: Guid;
  /** The outer object that would aggregate the new one. */
  readonly outer: Pointer | null;
  /** Who asked. */
  readonly place: Place | null;
}

/** Makes something in its own apartment; the caller owns the reference. */
type Make = (host: Caller) => Promise<Pointer>;

/**
 * CoCreateInstance: creates an object in the apartment that its class prefers (ACT-01).
 *
 * @throws ComError REGDB_E_CLASSNOTREG, CLASS_E_NOAGGREGATION (ACT-02), E_NOINTERFACE.
 */
export function createInstance(caller: Caller, wanted: Wanted): Promise<Pointer> {
  const registration = classOf(caller, wanted.clsid);
  return makeFor(caller, registration, wanted.iid, (host) =>
    instantiate(host, registration, wanted),
  );
}

/** The registration of a class. */
export function classOf({ process }: Caller, clsid: Guid): ClassRegistration {
  const registration = process.services.classes.find(clsid);
  if (registration !== undefined) return registration;
  throw new ComError(REGDB_E_CLASSNOTREG, "CoCreateInstance", {
    detail: `no class {${clsid}}; register it with registerClass`,
  });
}

/**
 * Creates the handler of a remote object, inside its proxy's identity `outer` (MAR-12); the result
 * is its inner unknown, `null` when the class is not known here: the proxy does without it then.
 */
export async function createHandler(
  caller: Caller,
  clsid: Guid,
  outer: Unknown,
): Promise<Pointer | null> {
  const registration = caller.process.services.classes.find(clsid);
  if (registration === undefined) return null;
  return serve(caller, await create(caller, registration), outer).inner;
}

/** Has the class make its object. */
async function create(host: Caller, registration: ClassRegistration): Promise<ServerObject> {
  try {
    return await registration.create(serverHost(host));
  } catch (error) {
    if (error instanceof ComError) throw error;
    throw new ComError(RPC_E_SERVERFAULT, "CoCreateInstance", {
      detail: `the class {${registration.clsid}} threw while creating an object`,
      cause: error,
    });
  }
}

/** Creates an object in the apartment of `host`, whose thread runs this. */
export async function instantiate(
  host: Caller,
  registration: ClassRegistration,
  { iid, outer, place }: Wanted,
): Promise<Pointer> {
  const { clsid } = registration;
  // A JavaScript class does not take part in an aggregate (ACT-02).
  if (outer !== null) throw new ComError(CLASS_E_NOAGGREGATION, "CoCreateInstance");
  const object = await create(host, registration);
  const served = host.process.services.ledger.at(place, () => serve(host, object));
  const { hr, pointer } = await served.query(iid);
  served.release();
  if (pointer !== null) return pointer;
  throw new ComError(hr === 0 ? E_NOINTERFACE : hr, "CoCreateInstance", {
    detail: `class {${clsid}} has no interface {${iid}}`,
  });
}

/** Has `make` run where the class belongs; what comes from another apartment arrives marshaled. */
export function makeFor(
  caller: Caller,
  { threadingModel }: ClassRegistration,
  iid: Guid,
  make: Make,
): Promise<Pointer> {
  const { process, entry } = caller;
  const host = process.apartments.hostOf(threadingModel, entry);
  if (host.apartment === entry.apartment) return make(caller);
  return makeElsewhere(caller, host, iid, make);
}

/** What comes of making something in another apartment. */
type Outcome =
  | { readonly kind: "made"; readonly objref: Uint8Array }
  | { readonly kind: "failed"; readonly error: unknown };

const CANCELED: Outcome = {
  kind: "failed",
  error: new ComError(RPC_E_CALL_CANCELED, "CoCreateInstance"),
};
const DISCONNECTED: Outcome = {
  kind: "failed",
  error: new ComError(RPC_E_DISCONNECTED, "CoCreateInstance"),
};

/** Makes something for another apartment; one that has ended marshals nothing any more. */
async function makeAndMarshal(host: Caller, iid: Guid, make: Make): Promise<Outcome> {
  const { apartment, marshaler } = host.entry;
  try {
    const pointer = await make(host);
    try {
      if (apartment.isClosed) return DISCONNECTED;
      const objref = await marshaler.marshal(pointer, iid, { context: MSHCTX_INPROC });
      return { kind: "made", objref };
    } finally {
      pointer.unknown.release();
    }
  } catch (error) {
    return { kind: "failed", error };
  }
}

/** A synchronous call like any other: the caller's STA pumps meanwhile, and it can be canceled (ACT-03). */
async function makeElsewhere(
  caller: Caller,
  host: ApartmentEntry,
  iid: Guid,
  make: Make,
): Promise<Pointer> {
  const { process, entry } = caller;
  const { scheduler, pendingCalls } = process.services;
  const thread = callingThread(caller);
  const refusal = thread.refusal("synchronous");
  if (refusal !== null) throw new ComError(refusal, "CoCreateInstance");
  const cid = thread.cidForCall(() => process.services.newGuid());
  const outcome = await callSync<Outcome>({
    context: thread.direct,
    clock: scheduler,
    pending: pendingCalls,
    canceled: CANCELED,
    drop: (late) => {
      if (late.kind === "made") void entry.marshaler.releaseMarshalData(late.objref);
    },
    send: (done) => {
      const end = (result: Outcome): void => scheduler.post(null, () => done(result));
      // The apartment can end before its class is done.
      const run = (serving: Caller["thread"]): Promise<void> => {
        const server: Caller = { process, entry: host, thread: serving };
        const work = () => makeAndMarshal(server, iid, make);
        return host.callers.wait(work, DISCONNECTED, () => {}).then(end);
      };
      const drop = (): void => end(DISCONNECTED);
      scheduler.post(null, () => host.apartment.deliver({ cid, run, drop }));
      return { cancel: () => {} };
    },
  });
  if (outcome.kind === "failed") throw outcome.error;
  return entry.marshaler.unmarshal(outcome.objref, iid);
}
