import type {
  ApartmentKind,
  Awaitable,
  BackendName,
  Clock,
  Feature,
  Interface,
  InterfacePointer,
  TraceListener,
} from "@callfactory/core";
import type { ImplementationOf } from "./serve/implementation.ts";

/** How to create an object. */
export interface CreateInstanceOptions {
  /** Path of a DLL that serves the class, registered or not (feature "library-path"). */
  readonly library?: string;
}

/** COM, seen from one apartment. */
export interface Com extends AsyncDisposable {
  readonly backend: BackendName;
  /** Why this backend and not the other. */
  readonly reason: string;
  readonly features: ReadonlySet<Feature>;
  readonly apartment: ApartmentKind;
  /** The backend's time: virtual, if the emulator was told so. */
  readonly clock: Clock;
  /**
   * CoCreateInstance.
   *
   * @throws ComError REGDB_E_CLASSNOTREG for an unknown class, E_NOINTERFACE for an interface that
   *   it lacks (ACT-02).
   */
  createInstance<S>(
    clsid: string,
    iface: Interface<S>,
    options?: CreateInstanceOptions,
  ): Promise<InterfacePointer<S>>;
  /** An interface pointer to a JavaScript object, in this apartment; release it like any other. */
  implement<const I extends readonly [Interface, ...Interface[]]>(
    interfaces: I,
    implementation: ImplementationOf<I>,
  ): I[0] extends Interface<infer S> ? InterfacePointer<S> : never;
  /** Serves a class to the whole process; the result ends that. */
  registerClass<const I extends readonly Interface[]>(serverClass: ServerClass<I>): () => void;
  /** Another apartment of the same process; pointers get there by marshal and unmarshal (APT-04). */
  openApartment(kind: ApartmentKind): Promise<Com>;
  /** CoMarshalInterface: an OBJREF for one unmarshal (MAR-02). */
  marshal(pointer: InterfacePointer<unknown>): Promise<Uint8Array>;
  /** CoUnmarshalInterface: the object itself in its own apartment, else a proxy (MAR-06, MAR-07). */
  unmarshal<S>(objref: Uint8Array, iface: Interface<S>): Promise<InterfacePointer<S>>;
  /** Calls back for everything that happens, packets included; the result unsubscribes. */
  trace(listener: TraceListener): () => void;
  /** CoUninitialize; of the handle that openCom gave, ends every apartment. */
  close(): Promise<void>;
}

/** The apartment in which a served object lives. */
export interface Host {
  /** COM as seen from the object's own apartment, for outgoing calls. */
  readonly com: Com;
  readonly clock: Clock;
  /** Blocks the method that awaits it, as Sleep does: in an STA nothing else runs meanwhile. */
  readonly sleep: (delayMs: number) => Promise<void>;
  /** Runs `callback` in the apartment later, as a timer message does; the result takes it back. */
  readonly setTimer: (delayMs: number, callback: () => void) => () => void;
}

/** A class served by this process. */
export interface ServerClass<I extends readonly Interface[]> {
  readonly clsid: string;
  /** As in the registry; absent means the main STA only (ACT-01). */
  readonly threadingModel?: "Apartment" | "Free" | "Both";
  readonly interfaces: I;
  create(host: Host): Awaitable<ImplementationOf<I>>;
}
