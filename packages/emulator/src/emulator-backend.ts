import type {
  ApartmentKind,
  Backend,
  BackendApartment,
  BackendProcess,
  ClassRegistration,
  Clock,
  Feature,
  TraceListener,
} from "@callfactory/core";
import { COINIT_APARTMENTTHREADED, COINIT_MULTITHREADED, IMarshal } from "@callfactory/core";
import { createHandler, createInstance } from "./activation/activator.ts";
import { checkProcessOptions } from "./check-options.ts";
import type { ApartmentEntry } from "./apartments.ts";
import type { Caller } from "./caller.ts";
import { ComThread, VisitedThread } from "./com-thread.ts";
import { EmulatorApartment } from "./emulator-apartment.ts";
import { leakReport } from "./object/leak-report.ts";
import type { LedgerKind, OpenReference } from "./object/ledger.ts";
import { Machine } from "./machine/machine.ts";
import { Process } from "./process.ts";
import type { ProcessOptions } from "./process-services.ts";

/** How to make an emulator. */
export type EmulatorOptions = ProcessOptions;

/** The emulator: a COM process in TypeScript. */
export interface Emulator extends Backend {
  readonly name: "emulator";
  /** Resolves when nothing can run any more; timers may be pending. */
  fence(): Promise<void>;
  /** What is alive, by kind; empty when nothing leaks. */
  openReferences(): Partial<Record<LedgerKind, number>>;
  /** Everything alive, one by one; with places, if the option `ledger` is "places". */
  listReferences(): readonly OpenReference[];
  /**
   * Lets everything run that can, and resolves if nothing is alive then.
   *
   * @throws Error naming all that is, and who asked for it if the option `ledger` is "places".
   */
  expectNoLeaks(): Promise<void>;
}

/**
 * Makes an emulated process with no apartments and no classes but COM's own.
 *
 * @throws TypeError naming an option that is unknown or of the wrong type.
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  return new EmulatorBackend(options);
}

class EmulatorBackend implements Emulator {
  readonly name = "emulator";
  readonly features: ReadonlySet<Feature>;
  readonly clock: Clock;
  readonly #process: Process;

  readonly #options: EmulatorOptions;
  readonly #machine: Machine;
  /** The processes that were opened from here. */
  readonly #others = new Set<EmulatorBackend>();

  constructor(options: EmulatorOptions, machine?: Machine) {
    checkProcessOptions(options);
    this.#options = options;
    this.#machine = machine ?? new Machine(options);
    this.#process = new Process(options, {
      machine: this.#machine,
      apartmentOf: (entry, thread) =>
        new EmulatorApartment(
          this.#process,
          new VisitedThread({
            process: this.#process,
            entry,
            thread,
            spare: entry.apartment.thread,
          }),
        ),
      creation: {
        createUnmarshaler: (entry, clsid) => {
          const wanted = { clsid, iid: IMarshal.iid, outer: null, place: null };
          return createInstance(this.#callerIn(entry), wanted);
        },
        createHandler: (entry, clsid, outer) => createHandler(this.#callerIn(entry), clsid, outer),
      },
    });
    const { scheduler } = this.#process.services;
    this.clock = scheduler;
    const features: Feature[] = [
      "register-class",
      "implement",
      "proxy-call-factory",
      "synchronize-hooks",
      "std-event",
      "aggregable-event",
      "packets",
      "functions",
      "processes",
    ];
    if (scheduler.isVirtual) features.push("virtual-clock");
    this.features = new Set(features);
  }

  async openApartment(kind: ApartmentKind): Promise<BackendApartment> {
    const thread = new ComThread(this.#process);
    thread.initialize(kind === "sta" ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED);
    return new EmulatorApartment(this.#process, thread);
  }

  registerClass(registration: ClassRegistration): () => void {
    const { classes, interfaces } = this.#process.services;
    const unregister = classes.register(registration);
    const release = interfaces.hold(registration.interfaces);
    return () => {
      unregister();
      release();
    };
  }

  trace(listener: TraceListener): () => void {
    return this.#process.services.trace(listener);
  }

  async openProcess(options: Pick<ProcessOptions, "identity"> = {}): Promise<BackendProcess> {
    const other = new EmulatorBackend({ ...this.#options, ...options }, this.#machine);
    this.#others.add(other);
    return { backend: other, kill: () => other.#process.kill() };
  }

  async close(): Promise<void> {
    for (const other of this.#others) await other.close();
    this.#others.clear();
    this.#process.close();
  }

  fence(): Promise<void> {
    return this.#process.services.scheduler.fence();
  }

  openReferences(): Partial<Record<LedgerKind, number>> {
    return this.#process.services.ledger.open();
  }

  listReferences(): readonly OpenReference[] {
    return this.#process.services.ledger.list();
  }

  async expectNoLeaks(): Promise<void> {
    await this.fence();
    const { ledger } = this.#process.services;
    if (Object.keys(ledger.open()).length === 0) return;
    throw new Error(leakReport(ledger.list(), ledger.keepsPlaces));
  }

  /** COM itself, on a thread of an apartment. */
  #callerIn(entry: ApartmentEntry): Caller {
    return { process: this.#process, entry, thread: entry.apartment.thread };
  }
}
