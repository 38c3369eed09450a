import {
  type BackendApartment,
  CLASS_E_NOAGGREGATION,
  CLSID_StdGlobalInterfaceTable,
  ComError,
  type Guid,
  RPC_E_DISCONNECTED,
} from "@callfactory/core";
import { GlobalInterfaceTable } from "./activation/global-interface-table.ts";
import type { RunningObjectTable } from "./activation/running-object-table.ts";
import { RunningObjects } from "./activation/running-objects.ts";
import type { CallContext } from "./apartment/apartment.ts";
import { type ApartmentEntry, Apartments } from "./apartments.ts";
import type { Caller } from "./caller.ts";
import { createSynchronizer } from "./call/synchronizer-classes.ts";
import { ComThread } from "./com-thread.ts";
import type { Machine, ProcessNode } from "./machine/machine.ts";
import type { Marshaler } from "./marshal/marshaler.ts";
import type { ComObject, Pointer, Unknown } from "./object/com-object.ts";
import { type ProcessOptions, ProcessServices } from "./process-services.ts";

export type { ApartmentEntry } from "./apartments.ts";

/** What a process leaves to those who know it. */
export interface ProcessParts {
  readonly machine: Machine;
  /** Shows an apartment on the seam, as a thread sees it that COM runs. */
  readonly apartmentOf: (caller: Caller) => BackendApartment;
  /** CoCreateInstance of a class for IMarshal; the caller owns the reference (MAR-01). */
  readonly createUnmarshaler: (caller: Caller, clsid: Guid) => Promise<Pointer>;
  /** The handler of a remote object, inside its identity; `null` without such a class (MAR-12). */
  readonly createHandler: (caller: Caller, clsid: Guid, outer: Unknown) => Promise<Pointer | null>;
}

/** An emulated process: its threads, its apartments, and what they share. */
export class Process {
  readonly services: ProcessServices;
  readonly apartments: Apartments;
  readonly apartmentOf: (caller: Caller) => BackendApartment;
  readonly rot: RunningObjectTable;
  readonly node: ProcessNode;
  readonly #threads = new Set<ComThread>();
  #globalTable: GlobalInterfaceTable | null = null;
  #runningObjects: RunningObjects | null = null;

  constructor(options: ProcessOptions, parts: ProcessParts) {
    const { machine } = parts;
    this.apartmentOf = parts.apartmentOf;
    this.rot = machine.rot;
    this.node = machine.addProcess();
    const services = new ProcessServices(options, machine.shared);
    this.services = services;
    this.apartments = new Apartments({
      services,
      resolver: this.node,
      creation: {
        createUnmarshaler: (entry, clsid) => parts.createUnmarshaler(this.#callerIn(entry), clsid),
        createHandler: (entry, clsid, outer) =>
          parts.createHandler(this.#callerIn(entry), clsid, outer),
      },
    });
  }

  /** A thread that has not called CoInitializeEx yet. */
  newThread(): ComThread {
    const thread = new ComThread(this);
    this.#threads.add(thread);
    return thread;
  }

  /** The marshaler of the apartment that a call's thread is in. */
  readonly marshalerOf = ({ thread }: CallContext): Marshaler => {
    const entry = this.apartments.entryOf(thread.apartment);
    if (entry === undefined) throw new ComError(RPC_E_DISCONNECTED, "CoMarshalInterface");
    return entry.marshaler;
  };

  /** IRunningObjectTable of this process. */
  get runningObjects(): RunningObjects {
    this.#runningObjects ??= new RunningObjects(this.rot, this.marshalerOf, this.services.ledger);
    return this.#runningObjects;
  }

  /** One of COM's own classes; the caller owns the reference. */
  createSystemObject(clsid: Guid, outer: Unknown | null = null): ComObject | null {
    if (clsid === CLSID_StdGlobalInterfaceTable) {
      if (outer !== null) throw new ComError(CLASS_E_NOAGGREGATION, "CoCreateInstance");
      this.#globalTable ??= new GlobalInterfaceTable(this.marshalerOf);
      this.#globalTable.addRef();
      return this.#globalTable;
    }
    return createSynchronizer(clsid, this.services, outer);
  }

  /** Ends every thread, and with them the apartments. */
  close(): void {
    for (const thread of this.#threads) thread.end();
    this.#threads.clear();
    this.apartments.closeAll();
    this.services.hooks.clear();
    this.node.end();
  }

  /** COM itself, on a thread of an apartment. */
  #callerIn(entry: ApartmentEntry): Caller {
    return { process: this, entry, thread: entry.apartment.thread };
  }

  /** Ends the process without a word to others (LIFE-06, LIFE-07). */
  kill(): void {
    this.node.kill();
    this.close();
  }
}
