import { CLSID_ManualResetEvent, CLSID_StdEvent, type Guid } from "@callfactory/core";
import type { Apartment, Thread } from "./apartment/apartment.ts";
import { Callers } from "./apartment/callers.ts";
import { MtaApartment } from "./apartment/mta.ts";
import { StaApartment } from "./apartment/sta.ts";
import { SyncEvent } from "./call/sync-event.ts";
import { OxidResolver } from "./marshal/oxid-resolver.ts";
import { StandardMarshaler } from "./marshal/standard-marshaler.ts";
import type { ComObject } from "./object/com-object.ts";
import { type ProcessOptions, ProcessServices } from "./process-services.ts";

/** An apartment with its marshaler. */
export interface ApartmentEntry {
  readonly apartment: Apartment;
  readonly marshaler: StandardMarshaler;
  readonly callers: Callers;
}

/** An emulated process: its apartments, and what they share. */
export class Process {
  readonly services: ProcessServices;
  readonly #resolver = new OxidResolver();
  readonly #entries = new Map<Apartment, ApartmentEntry>();
  #mta: ApartmentEntry | null = null;
  #mainSta: ApartmentEntry | null = null;
  #hostSta: ApartmentEntry | null = null;
  #stas = 0;

  constructor(options: ProcessOptions) {
    this.services = new ProcessServices(options);
  }

  /** The one MTA of the process (APT-03). */
  mta(): ApartmentEntry {
    this.#mta ??= this.#add(new MtaApartment(this.services.running));
    return this.#mta;
  }

  /** A new STA; the first is the main STA (APT-03). */
  newSta(): ApartmentEntry {
    const sta = this.#add(new StaApartment(`STA ${++this.#stas}`, this.services.running));
    this.#mainSta ??= sta;
    return sta;
  }

  /** The thread that opens `entry`: the STA's own, or one more that joins the MTA (APT-03). */
  threadFor({ apartment }: ApartmentEntry): Thread {
    if (apartment.kind === "sta") return apartment.thread;
    return this.services.running.newThread(apartment);
  }

  /** Where a class with `threadingModel` lives when `creator` asks for it (ACT-01). */
  hostOf(threadingModel: string | undefined, creator: ApartmentEntry): ApartmentEntry {
    switch (threadingModel) {
      case "Both":
        return creator;
      case "Free":
        return this.mta();
      case "Apartment":
        if (creator.apartment.kind === "sta") return creator;
        this.#hostSta ??= this.newSta();
        return this.#hostSta;
      default:
        return this.#mainSta ?? this.newSta();
    }
  }

  /** One of COM's own classes; the caller owns the reference. */
  createSystemObject(clsid: Guid): ComObject | null {
    if (clsid !== CLSID_StdEvent && clsid !== CLSID_ManualResetEvent) return null;
    return new SyncEvent({ services: this.services, autoReset: clsid === CLSID_StdEvent });
  }

  /** Ends one apartment; calls in it end with RPC_E_DISCONNECTED. */
  close(entry: ApartmentEntry): void {
    if (!this.#entries.delete(entry.apartment)) return;
    entry.apartment.close();
    entry.marshaler.close();
    entry.callers.disconnect();
    this.services.queues.drop(entry.apartment.thread);
    if (this.#mta === entry) this.#mta = null;
    if (this.#mainSta === entry) this.#mainSta = null;
    if (this.#hostSta === entry) this.#hostSta = null;
  }

  closeAll(): void {
    for (const entry of [...this.#entries.values()]) this.close(entry);
  }

  #add(apartment: Apartment): ApartmentEntry {
    const marshaler = new StandardMarshaler(this.services, apartment, this.#resolver);
    const entry = { apartment, marshaler, callers: new Callers() };
    this.#entries.set(apartment, entry);
    // An STA's thread has COM's window, and with it a queue.
    if (apartment.kind === "sta") this.services.queues.of(apartment.thread);
    return entry;
  }
}
