import {
  CLASS_E_NOAGGREGATION,
  type ClassRegistration,
  type Guid,
  IClassFactory,
  type Reply,
  S_OK,
  type ServerHost,
  type ServerObject,
} from "@callfactory/core";
import type { NativeApartment } from "./native-apartment.ts";
import { systemClock } from "./native-process.ts";

const CLSCTX_INPROC_SERVER = 0x1;
const REGCLS_MULTIPLEUSE = 1;

/** A class that JavaScript serves, in each apartment that creates its objects directly (ACT-01). */
export class ServedClass {
  readonly clsid: Guid;
  readonly #registration: ClassRegistration;
  readonly #revokes = new Map<NativeApartment, Promise<() => void>>();
  #isRevoked = false;

  constructor(registration: ClassRegistration) {
    this.clsid = registration.clsid;
    this.#registration = registration;
  }

  /** Whether an object that a client in `kind` creates lives in the client's own apartment. */
  isAtHomeIn(kind: "sta" | "mta"): boolean {
    switch (this.#registration.threadingModel) {
      case "Free":
        return kind === "mta";
      case "Apartment":
      case undefined:
        return kind === "sta";
      default:
        return true;
    }
  }

  /** The kind of apartment that hosts the objects of clients elsewhere. */
  get hostKind(): "sta" | "mta" {
    return this.#registration.threadingModel === "Free" ? "mta" : "sta";
  }

  /** Registers the class with COM in `apartment`; what is created there afterwards finds it. */
  open(apartment: NativeApartment): void {
    if (this.#isRevoked || this.#revokes.has(apartment)) return;
    const factory = apartment.serve(this.#factory(apartment), { kind: "internal" });
    const use = { context: CLSCTX_INPROC_SERVER, flags: REGCLS_MULTIPLEUSE };
    const revoke = apartment.registerClass(this.clsid, factory, use);
    factory.release();
    this.#revokes.set(apartment, revoke);
    // An apartment that ends meanwhile takes the registration with it.
    revoke.catch(() => this.#revokes.delete(apartment));
  }

  /** The apartment has ended. */
  forget(apartment: NativeApartment): void {
    this.#revokes.delete(apartment);
  }

  /** Ends the registration everywhere; objects that exist live on. */
  revoke(): void {
    this.#isRevoked = true;
    for (const revoke of this.#revokes.values()) {
      void revoke.then(
        (run) => run(),
        () => {},
      );
    }
    this.#revokes.clear();
  }

  #factory(home: NativeApartment): ServerObject {
    return {
      interfaces: [IClassFactory],
      invoke: async (method, args): Promise<Reply> => {
        // A class in JavaScript is not unloaded: there is nothing to lock.
        if (method.name === "LockServer") return { hr: S_OK, value: undefined };
        // It does not take part in an aggregate (ACT-02).
        if (args[0] !== null) return { hr: CLASS_E_NOAGGREGATION, value: undefined };
        const object = await this.#registration.create(hostOf(home));
        return { hr: S_OK, value: home.implement(object) };
      },
    };
  }
}

function hostOf(apartment: NativeApartment): ServerHost {
  return {
    apartment,
    clock: systemClock,
    sleep: (delayMs) =>
      new Promise((resolve) => {
        systemClock.setTimer(delayMs, resolve);
      }),
    setTimer: (delayMs, callback) => systemClock.setTimer(delayMs, callback),
  };
}
