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
  createCall(ticket: number, interfaceId: number): void;
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

export interface NativeApartmentHandle {
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
  /** Keeps the event loop alive until as many calls of `unhold`. */
  hold(): void;
  unhold(): void;
  counters(): NativeCounters;
}
