import type { ApartmentKind, Guid } from "@callfactory/core";
import type { Apartment } from "./apartment/apartment.ts";
import { Callers } from "./apartment/callers.ts";
import { MtaApartment } from "./apartment/mta.ts";
import { NeutralApartment } from "./apartment/neutral.ts";
import { StaApartment } from "./apartment/sta.ts";
import { FreeThreadedMarshaler } from "./marshal/free-threaded.ts";
import { Marshaler } from "./marshal/marshaler.ts";
import type { OxidResolver } from "./marshal/oxid-resolver.ts";
import type { Pointer, Unknown } from "./object/com-object.ts";
import type { ProcessServices } from "./process-services.ts";

/** An apartment with its marshaler, and those who wait in it; each who joins the MTA waits apart. */
export interface ApartmentEntry {
  readonly apartment: Apartment;
  readonly marshaler: Marshaler;
  readonly callers: Callers;
}

/** What {@link Apartments} keeps of one of them. */
interface Kept extends ApartmentEntry {
  /** Those who joined it and wait for something. */
  readonly joined: Set<Callers>;
}

/** What the apartments of a process share. */
export interface ApartmentsOptions {
  readonly services: ProcessServices;
  readonly resolver: OxidResolver;
  readonly creation: {
    /** CoCreateInstance for IMarshal, in one of the apartments (MAR-01). */
    createUnmarshaler(entry: ApartmentEntry, clsid: Guid): Promise<Pointer>;
    /** The handler of a remote object, inside its identity (MAR-12). */
    createHandler(entry: ApartmentEntry, clsid: Guid, outer: Unknown): Promise<Pointer | null>;
  };
}

/** The apartments of one process, as long as somebody is in them (APT-03). */
export class Apartments {
  readonly #services: ProcessServices;
  readonly #resolver: OxidResolver;
  readonly #creation: ApartmentsOptions["creation"];
  readonly #freeThreaded: FreeThreadedMarshaler;
  readonly #kept = new Map<Apartment, Kept>();
  #mta: Kept | null = null;
  #neutral: Kept | null = null;
  #mainSta: Kept | null = null;
  #hostSta: Kept | null = null;
  /** COM keeps a thread of its own in the MTA, for objects that STAs created there (ACT-01). */
  #hostsMta = false;
  /** Threads that called CoInitializeEx: all of them, and those in the MTA. */
  #threads = 0;
  #mtaThreads = 0;
  #stas = 0;

  constructor({ services, resolver, creation }: ApartmentsOptions) {
    this.#services = services;
    this.#resolver = resolver;
    this.#creation = creation;
    this.#freeThreaded = new FreeThreadedMarshaler(services.newGuid());
  }

  /** The MTA while it lives: threads without an apartment are in it then. */
  get mta(): ApartmentEntry | null {
    return this.#mta;
  }

  /** What belongs to an apartment, as long as it lasts. */
  entryOf(apartment: Apartment): ApartmentEntry | undefined {
    return this.#kept.get(apartment);
  }

  /** The first STA of the process (APT-03). */
  isMain(apartment: Apartment): boolean {
    return this.#mainSta?.apartment === apartment;
  }

  /** CoInitializeEx of a thread: into a new STA, or the one MTA. */
  join(kind: ApartmentKind, threadId: number): ApartmentEntry {
    this.#threads++;
    if (kind === "sta") return this.#openSta(threadId);
    this.#mtaThreads++;
    return this.joinMta();
  }

  /** The MTA for one more who waits in it; it opens if need be. */
  joinMta(): ApartmentEntry {
    const kept = this.#openMta();
    const callers = new Callers();
    kept.joined.add(callers);
    return { apartment: kept.apartment, marshaler: kept.marshaler, callers };
  }

  /** CoUninitialize: an STA ends with its thread, the MTA with its last one. */
  leave(entry: ApartmentEntry): void {
    this.#threads--;
    if (entry.apartment.kind === "sta") this.close(entry.apartment);
    else if (--this.#mtaThreads === 0 && !this.#hostsMta) this.close(entry.apartment);
    // Nobody is left whom COM's own threads could serve.
    if (this.#threads === 0) this.closeAll();
  }

  /** Whoever waits in `entry` is told that its thread has ended. */
  disconnect(entry: ApartmentEntry): void {
    this.#kept.get(entry.apartment)?.joined.delete(entry.callers);
    entry.callers.disconnect();
  }

  /** Where a class with `threadingModel` lives when `creator` asks for it (ACT-01). */
  hostOf(threadingModel: string | undefined, creator: ApartmentEntry): ApartmentEntry {
    const { kind } = creator.apartment;
    switch (threadingModel) {
      case "Both":
        return creator;
      case "Free":
        if (kind === "mta") return creator;
        this.#hostsMta = true;
        return this.#openMta();
      case "Neutral":
        this.#neutral ??= this.#keep(new NeutralApartment(this.#services.running));
        return this.#neutral;
      case "Apartment":
        if (kind === "sta") return creator;
        this.#hostSta ??= this.#openSta();
        return this.#hostSta;
      default:
        return this.#mainSta ?? this.#openSta();
    }
  }

  /** Ends one apartment; calls in it end with RPC_E_DISCONNECTED (LIFE-09, LIFE-10). */
  close(apartment: Apartment): void {
    const kept = this.#kept.get(apartment);
    if (kept === undefined) return;
    this.#kept.delete(apartment);
    apartment.close();
    kept.marshaler.close();
    kept.callers.disconnect();
    for (const callers of kept.joined) callers.disconnect();
    this.#services.queues.drop(apartment.thread);
    this.#services.filters.drop(apartment);
    if (this.#mta === kept) {
      this.#mta = null;
      this.#hostsMta = false;
    }
    if (this.#neutral === kept) this.#neutral = null;
    if (this.#mainSta === kept) this.#mainSta = null;
    if (this.#hostSta === kept) this.#hostSta = null;
  }

  closeAll(): void {
    for (const apartment of [...this.#kept.keys()]) this.close(apartment);
  }

  #openMta(): Kept {
    this.#mta ??= this.#keep(new MtaApartment(this.#services.running));
    return this.#mta;
  }

  /** An STA for a thread of the program, or for one of COM's own. */
  #openSta(threadId?: number): Kept {
    const { running, queues } = this.#services;
    const sta = this.#keep(new StaApartment(`STA ${++this.#stas}`, running, threadId));
    // An STA's thread has COM's window, and with it a queue.
    queues.of(sta.apartment.thread);
    this.#mainSta ??= sta;
    return sta;
  }

  #keep(apartment: Apartment): Kept {
    const marshaler = new Marshaler({
      services: this.#services,
      apartment,
      resolver: this.#resolver,
      freeThreaded: this.#freeThreaded,
      createUnmarshaler: (clsid) => this.#creation.createUnmarshaler(kept, clsid),
      createHandler: (clsid, outer) => this.#creation.createHandler(kept, clsid, outer),
    });
    const kept: Kept = { apartment, marshaler, callers: new Callers(), joined: new Set() };
    this.#kept.set(apartment, kept);
    return kept;
  }
}
