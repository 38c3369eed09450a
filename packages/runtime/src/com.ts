import type {
  ApartmentKind,
  AsyncInterface,
  Awaitable,
  BackendName,
  Clock,
  ComFunctionCalls,
  Feature,
  HResult,
  Interface,
  InterfacePointer,
  Received,
  Returnable,
  NoMethods,
  MarshalOptions,
  ProcessOptions,
  TraceListener,
} from "@callfactory/core";
import type { CallObjectOptions, ServerCallObject } from "./serve/server-call-object.ts";
import type { Success } from "./success.ts";

/** How to create an object. */
export interface CreateInstanceOptions {
  /** Path of a DLL that serves the class, registered or not (feature "library-path"). */
  readonly library?: string;
  /**
   * pUnkOuter: the object that aggregates the new one, and keeps its inner unknown, which `iface`
   * must be: IUnknown (feature "aggregable-event", SYNC-13).
   */
  readonly outer?: InterfacePointer<unknown>;
}

/** How to implement an object. */
export interface ImplementOptions {
  /** pCtrlUnk: the object that aggregates the new one; `null` for none (CALL-08). */
  readonly outer: InterfacePointer<unknown> | null;
}

/** COM, seen from one apartment. */
export interface Com extends AsyncDisposable {
  readonly backend: BackendName;
  /** Why this backend and not the other. */
  readonly reason: string;
  readonly features: ReadonlySet<Feature>;
  /** "na" inside a method of a neutral object only (APT-18). */
  readonly apartment: ApartmentKind | "na";
  /** COM's functions, as the thread of this handle calls them (feature "functions"). */
  readonly functions: ComFunctionCalls;
  /** The backend's time: virtual, if the emulator was told so. */
  readonly clock: Clock;
  /**
   * CoCreateInstance.
   *
   * @throws ComError REGDB_E_CLASSNOTREG for an unknown class, E_NOINTERFACE for an interface that
   *   it lacks, CLASS_E_NOAGGREGATION for an outer object that it does not take (ACT-02).
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
  /** The same as a part of an outer object: gives the inner unknown, as a call factory does (CALL-07). */
  implement<const I extends readonly [Interface, ...Interface[]]>(
    interfaces: I,
    implementation: ImplementationOf<I>,
    options: ImplementOptions,
  ): InterfacePointer<NoMethods>;
  /** Serves a class to the whole process; the result ends that. */
  registerClass<const I extends readonly Interface[]>(serverClass: ServerClass<I>): () => void;
  /** Another apartment of the same process; pointers get there by marshal and unmarshal (APT-04). */
  openApartment(kind: ApartmentKind): Promise<Com>;
  /**
   * An apartment in another process of the same machine; classes and objects there are its own, and
   * pointers get there by marshal and unmarshal (feature "processes").
   *
   * @throws ComError E_NOTIMPL where the backend has none.
   */
  openProcess(kind?: ApartmentKind, options?: ProcessOptions): Promise<ProcessCom>;
  /** CoMarshalInterface: an OBJREF, for one unmarshal unless `flags` say otherwise (MAR-02, MAR-03). */
  marshal(pointer: InterfacePointer<unknown>, options?: MarshalOptions): Promise<Uint8Array>;
  /** CoUnmarshalInterface: the object itself in its own apartment, else a proxy (MAR-06, MAR-07). */
  unmarshal<S>(objref: Uint8Array, iface: Interface<S>): Promise<InterfacePointer<S>>;
  /** CoReleaseMarshalData: gives back what an OBJREF holds that is not unmarshaled (MAR-02, MAR-03). */
  releaseMarshalData(objref: Uint8Array): Promise<void>;
  /** Calls back for everything that happens, packets included; the result unsubscribes. */
  trace(listener: TraceListener): () => void;
  /**
   * Lets everything run that can, and resolves when nothing is left over: no interface pointer,
   * call or call object. For the end of a test; the emulator says who asked for what is left over
   * when it is opened with `{ emulator: { ledger: "places" } }`.
   *
   * @throws Error naming each thing left over, and the next step; TypeError when the backend, one
   *   of your own, counts nothing.
   */
  expectNoLeaks(): Promise<void>;
  /** CoUninitialize; of the handle that openCom gave, ends every apartment. */
  close(): Promise<void>;
}

/** COM, seen from an apartment of another process; closing it ends the process in good order. */
export interface ProcessCom extends Com {
  /** Ends the process at once: its clients' calls fail, its own references run down (LIFE-06, LIFE-07). */
  kill(): void;
}

/** The apartment in which a served object lives. */
export interface Host {
  /** COM as seen from the object's own apartment, for outgoing calls. */
  readonly com: Com;
  readonly clock: Clock;
  /** Blocks the method that awaits it, as Sleep does: in an STA nothing else runs meanwhile. */
  readonly sleep: (delayMs: number) => Promise<void>;
  /**
   * Runs `callback` in the apartment later, as a timer message does; the result takes it back. What
   * it throws, or its promise rejects with, is a trace event of kind "exception".
   */
  readonly setTimer: (delayMs: number, callback: () => void) => () => void;
}

/** A class served by this process. */
export interface ServerClass<I extends readonly Interface[]> {
  readonly clsid: string;
  /** As in the registry; absent means the main STA only (ACT-01). */
  readonly threadingModel?: "Apartment" | "Free" | "Both" | "Neutral";
  readonly interfaces: I;
  create(host: Host): Awaitable<ImplementationOf<I>>;
}

/**
 * An interface implemented in JavaScript: the [in] values in IDL order, then the incoming call.
 *
 * A method returns what a caller gets, or a {@link Success}; it throws a ComError to fail with its
 * HRESULT. Interface pointers among the arguments are lent for the call: keep one with addRef().
 */
export type Implementation<S> = {
  [K in keyof S]: S[K] extends (...args: infer A) => infer R
    ? (
        ...args: [...Received<A>, call: IncomingCall]
      ) => Awaitable<Returnable<R> | Success<Returnable<R>>>
    : never;
};

/** The call that a method runs for. */
export interface IncomingCall {
  /** COM as the thread of this call sees it: calls made from here belong to the call (APT-15). */
  readonly com: Com;
  /** QueryInterface on the object that the method runs on: a pointer to itself, to be released (SRV-11). */
  self<S>(this: void, iface: Interface<S>): Promise<InterfacePointer<S>>;
  /** RPC_E_CALL_CANCELED when the client has asked to cancel, else RPC_S_CALLPENDING (CAN-22). */
  readonly testCancel: () => HResult;
}

/** What an implementation can do besides its methods. */
export interface ImplementationOptions {
  /**
   * The object aggregates the free-threaded marshaler: every apartment of the process uses it
   * without a proxy, and its methods run wherever they are called (MAR-10). Pointers that it keeps
   * belong to one apartment all the same; the global interface table is for those (GIT-04).
   */
  readonly isFreeThreaded?: boolean;
  /**
   * The object's own ICallFactory: a call object for `iface`, or `null` when there is none for it
   * (DISC-05). Without this method the object has no call factory (DISC-01).
   */
  createCall?(
    iface: AsyncInterface,
    call: ServerCallObject,
    request: { readonly aggregated: boolean; readonly riid2: string },
  ): Awaitable<(object & CallObjectOptions) | null>;
  /**
   * The inner unknown to ask for an interface that the object does not implement itself, one that it
   * aggregates; `null` when there is none for it. It stays the object's (CALL-08, SYNC-27).
   */
  queryInner?(iid: string): InterfacePointer<unknown> | null;
  /**
   * The last reference is gone. An object that takes time for its end returns a promise, as a slow
   * destructor keeps its thread: a remote Release is answered after it (CONV-06).
   */
  finalRelease?(): Awaitable<void>;
}

type UnionToIntersection<U> = (U extends unknown ? (value: U) => void : never) extends (
  value: infer I,
) => void
  ? I
  : never;

/** An object that implements all of the interfaces `I`. */
export type ImplementationOf<I extends readonly Interface[]> = UnionToIntersection<
  I[number] extends infer One ? (One extends Interface<infer S> ? Implementation<S> : never) : never
> &
  ImplementationOptions;
