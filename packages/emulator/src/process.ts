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
import type { CallContext, Thread } from "./apartment/apartment.ts";
import { type ApartmentEntry, Apartments, type ApartmentsOptions } from "./apartments.ts";
import { createSynchronizer } from "./call/synchronizer-classes.ts";
import type { Machine, ProcessNode } from "./machine/machine.ts";
import type { Marshaler } from "./marshal/marshaler.ts";
import type { ComObject, Unknown } from "./object/com-object.ts";
import { type ProcessOptions, ProcessServices } from "./process-services.ts";

export type { ApartmentEntry } from "./apartments.ts";

/** What a process leaves to those who know it. */
export interface ProcessParts {
  readonly machine: Machine;
  /** Shows an apartment on the seam, as a thread sees it that COM runs. */
  readonly apartmentOf: (entry: ApartmentEntry, thread: Thread) => BackendApartment;
  readonly creation: ApartmentsOptions["creation"];
}

/** A thread of the program, which ends with its process. */
export interface OwnThread {
  /** Leaves its apartment for good. */
  end(): void;
}

/** An emulated process: its threads, its apartments, and what they share. */
export class Process {
  readonly services: ProcessServices;
  readonly apartments: Apartments;
  readonly apartmentOf: ProcessParts["apartmentOf"];
  readonly rot: RunningObjectTable;
  readonly node: ProcessNode;
  readonly #threads = new Set<OwnThread>();
  #globalTable: GlobalInterfaceTable | null = null;
  #runningObjects: RunningObjects | null = null;

  constructor(options: ProcessOptions, parts: ProcessParts) {
    const { machine } = parts;
    this.apartmentOf = parts.apartmentOf;
    this.rot = machine.rot;
    this.node = machine.addProcess();
    const services = new ProcessServices(options, machine.shared);
    this.services = services;
    const { creation } = parts;
    this.apartments = new Apartments({ services, resolver: this.node, creation });
  }

  /** A thread of the program has begun. */
  threadBegan(thread: OwnThread): void {
    this.#threads.add(thread);
  }

  /** A thread of the program has ended. */
  threadEnded(thread: OwnThread): void {
    this.#threads.delete(thread);
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
    for (const thread of [...this.#threads]) thread.end();
    this.apartments.closeAll();
    this.services.hooks.clear();
    this.node.end();
  }

  /** Ends the process without a word to others (LIFE-06, LIFE-07). */
  kill(): void {
    this.node.kill();
    this.close();
  }
}
