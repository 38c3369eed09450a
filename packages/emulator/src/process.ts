import type { BackendApartment, Guid } from "@callfactory/core";
import { Apartments } from "./apartments.ts";
import type { Caller } from "./caller.ts";
import { createSynchronizer } from "./call/synchronizer-classes.ts";
import { ComThread } from "./com-thread.ts";
import { ProcessOxidResolver } from "./marshal/oxid-resolver.ts";
import type { ComObject, Pointer, Unknown } from "./object/com-object.ts";
import { type ProcessOptions, ProcessServices } from "./process-services.ts";

export type { ApartmentEntry } from "./apartments.ts";

/** What a process leaves to those who know it. */
export interface ProcessParts {
  /** Shows an apartment on the seam, as a thread sees it that COM runs. */
  readonly apartmentOf: (caller: Caller) => BackendApartment;
  /** CoCreateInstance of a class for IMarshal; the caller owns the reference (MAR-01). */
  readonly createUnmarshaler: (caller: Caller, clsid: Guid) => Promise<Pointer>;
}

/** An emulated process: its threads, its apartments, and what they share. */
export class Process {
  readonly services: ProcessServices;
  readonly apartments: Apartments;
  readonly apartmentOf: (caller: Caller) => BackendApartment;
  readonly #threads = new Set<ComThread>();

  constructor(options: ProcessOptions, { apartmentOf, createUnmarshaler }: ProcessParts) {
    this.apartmentOf = apartmentOf;
    const services = new ProcessServices(options);
    this.services = services;
    this.apartments = new Apartments({
      services,
      resolver: new ProcessOxidResolver(),
      createUnmarshaler: (entry, clsid) =>
        createUnmarshaler({ process: this, entry, thread: entry.apartment.thread }, clsid),
    });
  }

  /** A thread that has not called CoInitializeEx yet. */
  newThread(): ComThread {
    const thread = new ComThread(this);
    this.#threads.add(thread);
    return thread;
  }

  /** One of COM's own classes; the caller owns the reference. */
  createSystemObject(clsid: Guid, outer: Unknown | null = null): ComObject | null {
    return createSynchronizer(clsid, this.services, outer);
  }

  /** Ends every thread, and with them the apartments. */
  close(): void {
    for (const thread of this.#threads) thread.end();
    this.#threads.clear();
    this.apartments.closeAll();
  }
}
