import {
  type Awaitable,
  CLASS_E_NOAGGREGATION,
  type ClassRegistration,
  ComError,
  E_NOINTERFACE,
  type Guid,
  IClassFactory,
  type Reply,
  S_OK,
} from "@callfactory/core";
import type { Caller } from "../caller.ts";
import { ComObject, type Pointer } from "../object/com-object.ts";
import { classOf, instantiate, makeFor, type Wanted } from "./activator.ts";

/** CoGetClassObject: the factory of a class, in the apartment that the class prefers (ACT-01, ACT-03). */
export function getClassObject(caller: Caller, wanted: Wanted): Promise<Pointer> {
  const registration = classOf(caller, wanted.clsid);
  return makeFor(caller, registration, wanted.iid, async (host) => {
    const factory = new ClassObject(host, registration);
    const { hr, pointer } = await factory.query(wanted.iid);
    factory.release();
    if (pointer !== null) return pointer;
    throw new ComError(hr === S_OK ? E_NOINTERFACE : hr, "CoGetClassObject");
  });
}

/** The class object of a class that JavaScript serves. */
class ClassObject extends ComObject {
  constructor(host: Caller, registration: ClassRegistration) {
    const { apartment } = host.entry;
    super({ apartment, ledger: host.process.services.ledger, kind: "object" });
    this.expose(IClassFactory, (method, args) => {
      // A class in JavaScript is not unloaded: there is nothing to lock.
      if (method.name === "LockServer") return { hr: S_OK, value: undefined };
      const [outer, iid] = args as [Pointer | null, Guid];
      return create(host, registration, { clsid: registration.clsid, iid, outer, place: null });
    });
  }
}

function create(host: Caller, registration: ClassRegistration, wanted: Wanted): Awaitable<Reply> {
  if (wanted.outer !== null) return { hr: CLASS_E_NOAGGREGATION, value: undefined };
  return instantiate(host, registration, wanted).then(
    (pointer) => ({ hr: S_OK, value: pointer }),
    (error: unknown) => {
      if (!(error instanceof ComError)) throw error;
      return { hr: error.hr, value: undefined, cause: error };
    },
  );
}
