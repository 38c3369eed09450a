import type { Awaitable, BackendApartment, BackendObject, Clock, Reply } from "./backend.ts";
import type { Guid } from "./guid.ts";
import type { HResult } from "./hresult.ts";
import type { Interface, Method } from "./interface.ts";

// What a backend is given to serve, and what it tells what it serves.

/** A class that this process serves. */
export interface ClassRegistration {
  readonly clsid: Guid;
  /** As in the registry; absent means the main STA only (ACT-01). */
  readonly threadingModel: "Apartment" | "Free" | "Both" | "Neutral" | undefined;
  /** Interfaces whose proxy/stub and async mapping the class brings (MAR-09, REG-06). */
  readonly interfaces: readonly Interface[];
  create(host: ServerHost): Awaitable<ServerObject>;
}

/** The apartment that a served object lives in, seen from inside. */
export interface ServerHost {
  readonly apartment: BackendApartment;
  readonly clock: Clock;
  /** Blocks the method that awaits it, as Sleep does: in an STA nothing else runs. */
  readonly sleep: (delayMs: number) => Promise<void>;
  /** Runs `callback` in the apartment later, as a timer message does; the result takes it back. */
  readonly setTimer: (delayMs: number, callback: () => void) => () => void;
}

/** A served object, as a backend sees it. */
export interface ServerObject {
  readonly interfaces: readonly Interface[];
  /** The object aggregates the free-threaded marshaler: its pointers are good in every apartment of the process (MAR-10). */
  readonly isFreeThreaded?: boolean;
  /** A rejection becomes a failure HRESULT (LIFE-08). */
  invoke(method: Method, args: readonly unknown[], call: ServerCall): Awaitable<Reply>;
  /** The object's own ICallFactory; absent when it has none (DISC-01). `null`: not supported here (CALL-03). */
  createCall?(request: CallRequest): Awaitable<ServerObject | null>;
  /** The unknown that an interface is asked of which is not the object's own: one that it aggregates. Borrowed. */
  queryInner?(iid: Guid): BackendObject | null;
  /** The last reference is gone. A promise is waited for by a client that releases asynchronously (CONV-06). */
  finalRelease?(): Awaitable<void>;
}

/** What a server's ICallFactory::CreateCall is given. */
export interface CallRequest {
  readonly iface: Interface;
  /** pCtrlUnk was not NULL; always so for a stub's call (CALL-10). */
  readonly aggregated: boolean;
  readonly riid2: Guid;
}

/** The incoming call, or the server call object, that a method runs for. */
export interface ServerCall {
  /** The apartment as the thread of this call sees it: calls made from here carry on its causality (APT-15). */
  readonly apartment: BackendApartment;
  /** QueryInterface on the controlling unknown of the object that runs: how it gets at itself (SRV-11). */
  self(iface: Interface): Promise<BackendObject>;
  /** ISynchronize::Signal on the object's controlling unknown; for call objects only (SRV-10, SRV-11). */
  signal(): HResult;
  /** Resolves when a call object has been signaled since its last Reset. */
  signaled(): Promise<void>;
  /** ISynchronize::Reset, as a server's Begin_ does first (BEG-09). */
  reset(): HResult;
  /** ICancelMethodCalls::TestCancel (CAN-11, SRV-18). */
  testCancel(): HResult;
}
