import type { ErrorInfo } from "./error-info.ts";
import type { Guid } from "./guid.ts";
import type { HResult } from "./hresult.ts";
import type { Interface, Method } from "./interface.ts";
import type { ProcessOptions } from "./process-options.ts";
import type { Lane, SynchronizeHooks } from "./pointer.ts";
import type { ClassRegistration, ServerObject } from "./server-object.ts";
import type { TraceListener } from "./trace.ts";

// The seam: all that a backend implements. Values cross it as value.ts has them, with
// BackendObject for interface pointers; `args` are the [in] and [in,out] values in IDL order,
// checked; `value` is shaped by result.ts. A method's HRESULT is a value; other failures reject.

export type Awaitable<T> = T | Promise<T>;

export type BackendName = "emulator" | "native";

/** Single-threaded or multithreaded apartment (APT-03). */
export type ApartmentKind = "sta" | "mta";

/** What a backend, on the machine it runs on, can do. */
export type Feature =
  | "register-class" // registerClass
  | "implement" // implement: JavaScript objects as interface pointers
  | "library-path" // classes from a DLL's path, unregistered
  | "proxy-call-factory" // ICallFactory on proxies (DISC-02)
  | "synchronize-hooks" // createCall with {@link SynchronizeHooks} (CALL-09)
  | "std-event" // CLSID_StdEvent (SYNC-09)
  | "aggregable-event" // system synchronization objects that can be aggregated (SYNC-13)
  | "packets" // trace events of kind "packet"
  | "functions" // call: COM's functions
  | "processes" // openProcess
  | "virtual-clock"; // time stands still while anything can run

/** The outcome of a method: its HRESULT, and its result when that is a success code. */
export interface Reply {
  readonly hr: HResult;
  /** Of a method that returns ULONG: the number that it returns. */
  readonly value: unknown;
  /** What the server threw, where that is known (LIFE-08). */
  readonly cause?: unknown;
  /** What the server says of a failure (MAR-14). */
  readonly errorInfo?: ErrorInfo;
}

/** The backend's time, in milliseconds. */
export interface Clock {
  now(): number;
  /** Calls back once, after `delayMs`; the result takes the timer back. */
  setTimer(delayMs: number, callback: () => void): () => void;
}

/** One COM process: apartments, classes, time. */
export interface Backend {
  readonly name: BackendName;
  readonly features: ReadonlySet<Feature>;
  readonly clock: Clock;
  openApartment(kind: ApartmentKind): Promise<BackendApartment>;
  /** Makes a class known; the result takes it back. Feature "register-class". */
  registerClass(registration: ClassRegistration): () => void;
  /** Subscribes to what happens; the result unsubscribes. */
  trace(listener: TraceListener): () => void;
  /** Another process of the same machine, and the same time. Feature "processes". */
  openProcess?(options?: ProcessOptions): Promise<BackendProcess>;
  /** Rejects with an Error that names everything left over; absent where nothing is counted. */
  expectNoLeaks?(): Promise<void>;
  /** Ends every apartment. Calls in flight settle with RPC_E_DISCONNECTED (LIFE-09). */
  close(): Promise<void>;
}

/** A process that was opened besides one's own. */
export interface BackendProcess {
  readonly backend: Backend;
  /** Ends it at once, without a word to those that it talks to (LIFE-06, LIFE-07). */
  kill(): void;
}

/** Takes what cancels a call, and does so when the call's caller gives up. */
export type OnCancel = (cancel: () => void) => void;

/** What CoCreateInstance is asked for. */
export interface Activation {
  readonly clsid: Guid;
  readonly iface: Interface;
  /** Path of a DLL to ask for the class, in place of the registry. Feature "library-path". */
  readonly library?: string;
  /** pUnkOuter: the object that aggregates the new one, which is asked for IUnknown. Feature "aggregable-event". */
  readonly outer?: BackendObject;
}

/** Where a packet goes and how long it is good: MSHCTX_LOCAL and MSHLFLAGS_NORMAL by default. */
export interface MarshalOptions {
  /** MSHCTX_* (MAR-01). */
  readonly context?: number;
  /** MSHLFLAGS_* (MAR-02, MAR-03, MAR-04). */
  readonly flags?: number;
}

/** An apartment as one thread in it sees it. */
export interface BackendApartment {
  /** "na": the neutral apartment, which objects live in and nobody opens (APT-18). */
  readonly kind: ApartmentKind | "na";
  activate(activation: Activation): Promise<BackendObject>;
  /**
   * A JavaScript object as an interface pointer of this apartment; with an `outer`, `null` for none,
   * its inner unknown (CALL-08). Feature "implement".
   */
  implement(object: ServerObject, outer?: BackendObject | null): BackendObject;
  /** CoMarshalInterface: an OBJREF (MAR-02, MAR-13). */
  marshal(object: BackendObject, options?: MarshalOptions): Promise<Uint8Array>;
  /** CoUnmarshalInterface (MAR-05, MAR-06). */
  unmarshal(objref: Uint8Array, iface: Interface): Promise<BackendObject>;
  /** CoReleaseMarshalData: gives back what the packet holds (MAR-02, MAR-03). */
  releaseMarshalData(objref: Uint8Array): Promise<void>;
  /** Calls one of {@link ComFunctions} on this handle's thread. */
  call(fn: Method, args: readonly unknown[]): Promise<Reply>;
  /** CoUninitialize. */
  close(): Promise<void>;
}

/** One reference to one interface of an object, valid in one apartment (APT-04). */
export interface BackendObject {
  readonly iface: Interface;
  readonly lane: Exclude<Lane, "call-object">;
  /** The proxy has a security blanket of its own, which does not govern call objects (SEC-02). */
  readonly hasOwnBlanket?: boolean;
  queryInterface(iface: Interface): Promise<BackendObject>;
  /** `onCancel` is given what cancels the call, when it is one that can be canceled (CAN-16). */
  invoke(method: Method, args: readonly unknown[], onCancel?: OnCancel): Promise<Reply>;
  /** ICallFactory::CreateCall for `iface`, an AsyncI* interface (CALL-01). */
  createCall(iface: Interface, hooks?: SynchronizeHooks): Promise<BackendCall>;
  /** One more reference of its own. */
  addRef(): BackendObject;
  /** The same value for two references exactly when IUnknown is the same. */
  identity(): Promise<unknown>;
  release(): void;
}

/** A client call object. `begin` and `finish` take the *synchronous* method. */
export interface BackendCall {
  /** Rejects when Begin_ fails: RPC_S_CALLPENDING while a call is open (BEG-05). */
  begin(method: Method, args: readonly unknown[]): Promise<void>;
  /** S_OK, or RPC_S_CALLPENDING on timeout (SYNC-02); `Infinity` has no limit. */
  wait(timeoutMs: number): Promise<HResult>;
  /** Waits for completion first (FIN-03); RPC_E_CALL_COMPLETE when idle (FIN-02). */
  finish(method: Method): Promise<Reply>;
  cancel(cancelSeconds: number): Promise<HResult>;
  testCancel(): Promise<HResult>;
  queryInterface(iface: Interface): Promise<BackendObject>;
  release(): void;
}
