import type { Guid } from "@callfactory/core";

// The addon as JavaScript sees it. Whatever takes a ticket settles later, through the function
// given to `configure`, with (ticket, hr, value).

/** Settled tickets: (ticket, hr, value) triples in a row. */
export type Batch = readonly unknown[];

/** What the addon has alive in this process, in all its environments. */
export interface NativeCounters {
  /** References to interface pointers. */
  readonly objects: number;
  /** Client call objects. */
  readonly calls: number;
  /** Outer objects; one of an abandoned call lives until the server is done with it (FNF-02). */
  readonly outers: number;
  /** Objects that JavaScript implements. */
  readonly served: number;
  /** Argument buffers. */
  readonly buffers: number;
  /** Operations, references and call objects: whatever an apartment may have to run. */
  readonly tasks: number;
  /** Apartment threads. */
  readonly threads: number;
  /** JavaScript environments that have loaded the addon. */
  readonly environments: number;
}

export interface NativeObjectHandle {
  readonly interfaceId: number;
  queryInterface(ticket: number, interfaceId: number): void;
  invoke(ticket: number, methodId: number, args: readonly unknown[]): void;
  /** `hooks` offers ISynchronize; `null` for none. */
  createCall(ticket: number, interfaceId: number, hooks: NativeObjectHandle | null): void;
  identity(ticket: number): void;
  marshal(ticket: number): void;
  addRef(): NativeObjectHandle;
  release(): void;
}

export interface NativeCallHandle {
  begin(ticket: number, methodId: number, args: readonly unknown[]): void;
  finish(ticket: number, methodId: number): void;
  /** True when signaled already; else the ticket settles at the next signal. */
  watch(ticket: number): boolean;
  signaled(): boolean;
  cancel(ticket: number, cancelSeconds: number): void;
  testCancel(ticket: number): void;
  queryInterface(ticket: number, interfaceId: number): void;
  release(): void;
}

/** A call that waits for JavaScript. */
export interface NativeIncomingHandle {
  /**
   * Releases the caller. `result` is the HRESULT, or the number that a method without one returns;
   * `outs` are the values of all [out] and [in,out] parameters of a call that succeeded;
   * `errorInfo` is [description, source, helpFile, helpContext, iid], each `undefined` for none.
   */
  finish(
    result: number,
    outs: readonly unknown[] | null,
    errorInfo: readonly unknown[] | null,
  ): void;
  /** The controlling unknown of the object that runs; `null` when the call is over. */
  self(unknownId: number): NativeObjectHandle | null;
}

/** What settles under the ticket of a served object: the call, its method, [in] values and apartment. */
export type Incoming = readonly [
  call: NativeIncomingHandle,
  methodId: number,
  args: readonly unknown[],
  apartmentId: number,
];

/** A class object that is registered with COM. */
export interface RegisteredClassHandle {
  readonly __registeredClass: never;
}

export interface NativeApartmentHandle {
  readonly id: number;
  /** A new object; it tells its ticket of every call, and with S_FALSE of its end. */
  implement(
    ticket: number,
    vtableIds: readonly number[],
    flags: number,
    unknownId: number,
    outer: NativeObjectHandle | null,
    queryInnerId: number | null,
  ): NativeObjectHandle;
  registerClass(
    ticket: number,
    clsid: Guid,
    classObject: NativeObjectHandle,
    context: number,
    flags: number,
  ): void;
  revokeClass(registered: RegisteredClassHandle): void;
  activate(ticket: number, clsid: Guid, interfaceId: number, library: string | null): void;
  unmarshal(ticket: number, objref: Uint8Array, interfaceId: number): void;
  probe(ticket: number): void;
  close(ticket: number): void;
}

/** What a probe finds out about the system's COM. */
export interface ProbeResult {
  readonly stdEvent: boolean;
  readonly aggregableEvent: boolean;
  readonly proxyCallFactory: boolean;
}

export interface Addon {
  configure(onBatch: (batch: Batch) => void): void;
  openApartment(ticket: number, kind: "sta" | "mta"): NativeApartmentHandle;
  defineInterface(iid: Guid): number;
  defineMethod(name: string, words: Int32Array, fieldNames: readonly string[]): number;
  /** The vtable of an interface that JavaScript implements: methods by slot, -1 for none. */
  defineVtable(
    interfaceId: number,
    baseIds: readonly number[],
    methodIds: readonly number[],
  ): number;
  /** Keeps the event loop alive until as many calls of `unhold`. */
  hold(): void;
  unhold(): void;
  counters(): NativeCounters;
}
