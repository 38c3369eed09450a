import {
  type ApartmentKind,
  type Backend,
  type ClassRegistration,
  type Clock,
  ComError,
  type Feature,
  type Guid,
  RPC_E_DISCONNECTED,
  type TraceListener,
} from "@callfactory/core";
import type { NativeCounters, ProbeResult } from "./addon.ts";
import type { LoadAddonOptions } from "./load-addon.ts";
import { type ApartmentEvents, NativeApartment } from "./native-apartment.ts";
import { loadOnce, NativeProcess, systemClock } from "./native-process.ts";
import { ServedClass } from "./served-class.ts";

/** How long something abandoned may take to end. */
const PATIENCE_MS = 2000;

/** How to make a native backend. */
export type NativeBackendOptions = Pick<LoadAddonOptions, "addonPath">;

/** The real COM of the process. */
export interface NativeBackend extends Backend {
  readonly name: "native";
  /** What is alive in the addon, over all backends and workers of the process. */
  counters(): NativeCounters;
  /**
   * Lets the apartments finish what they were given; resolves when nothing is left over.
   *
   * @throws Error with what is, over all backends of the process.
   */
  expectNoLeaks(): Promise<void>;
}

/**
 * Loads the addon and finds out what the system's COM can do.
 *
 * @throws AddonLoadError when there is no addon that this process can load.
 */
export async function createNativeBackend(
  options: NativeBackendOptions = {},
): Promise<NativeBackend> {
  const process = new NativeProcess(loadOnce(options));
  const apartment = await NativeApartment.open("mta", process, {
    findHost: () => null,
    onClosed: () => {},
  });
  try {
    return new RealBackend(process, featuresOf(await apartment.probe()));
  } finally {
    await apartment.close();
  }
}

/** What of the counters must be zero when everything was released. */
function leftOver({ objects, calls, outers, served, buffers }: NativeCounters): string[] {
  const counts = Object.entries({ objects, calls, outers, served, buffers });
  return counts.filter(([, count]) => count !== 0).map(([what, count]) => `${count} ${what}`);
}

function featuresOf(probe: ProbeResult): ReadonlySet<Feature> {
  const features = new Set<Feature>([
    "library-path",
    "implement",
    "register-class",
    "synchronize-hooks",
  ]);
  if (probe.stdEvent) features.add("std-event");
  if (probe.aggregableEvent) features.add("aggregable-event");
  if (probe.proxyCallFactory) features.add("proxy-call-factory");
  return features;
}

class RealBackend implements NativeBackend {
  readonly name = "native";
  readonly features: ReadonlySet<Feature>;
  readonly clock: Clock = systemClock;
  readonly #process: NativeProcess;
  readonly #apartments = new Set<NativeApartment>();
  readonly #classes = new Set<ServedClass>();
  readonly #hosts = new Map<ApartmentKind, Promise<NativeApartment>>();
  #isClosed = false;

  constructor(process: NativeProcess, features: ReadonlySet<Feature>) {
    this.#process = process;
    this.features = features;
  }

  readonly #events: ApartmentEvents = {
    findHost: (clsid, { kind }) => this.#findHost(clsid, kind),
    onClosed: (closed) => {
      this.#apartments.delete(closed);
      for (const served of this.#classes) served.forget(closed);
    },
  };

  /** The host of a class whose objects do not live with a client in `kind`; opened when first needed. */
  #findHost(clsid: Guid, kind: string): Promise<NativeApartment> | null {
    const served = [...this.#classes].find((each) => each.clsid === clsid);
    if (served === undefined || kind === "na" || served.isAtHomeIn(kind as ApartmentKind)) {
      return null;
    }
    const known = this.#hosts.get(served.hostKind);
    if (known !== undefined) return known;
    const host = this.openApartment(served.hostKind);
    this.#hosts.set(served.hostKind, host);
    return host;
  }

  async openApartment(kind: ApartmentKind): Promise<NativeApartment> {
    this.#checkOpen();
    const apartment = await NativeApartment.open(kind, this.#process, this.#events);
    this.#apartments.add(apartment);
    for (const served of this.#classes) this.#offer(served, apartment);
    if (this.#isClosed) {
      await apartment.close();
      this.#checkOpen();
    }
    return apartment;
  }

  registerClass(registration: ClassRegistration): () => void {
    this.#checkOpen();
    const served = new ServedClass(registration);
    this.#classes.add(served);
    for (const apartment of this.#apartments) this.#offer(served, apartment);
    return () => {
      this.#classes.delete(served);
      served.revoke();
    };
  }

  #offer(served: ServedClass, apartment: NativeApartment): void {
    if (served.isAtHomeIn(apartment.kind)) served.open(apartment);
  }

  trace(listener: TraceListener): () => void {
    return this.#process.trace(listener);
  }

  async expectNoLeaks(): Promise<void> {
    const deadlineMs = this.clock.now() + PATIENCE_MS;
    let isQuiet = false;
    // Once more than it takes: JavaScript hears last of what is gone.
    while (!isQuiet && this.clock.now() < deadlineMs) {
      isQuiet = leftOver(this.counters()).length === 0;
      await Promise.all([...this.#apartments].map((apartment) => apartment.roundTrip()));
    }
    const left = leftOver(this.counters());
    if (left.length === 0) return;
    throw new Error(`left over: ${left.join(", ")}; release pointers and finish calls`);
  }

  counters(): NativeCounters {
    return this.#process.loaded.addon.counters();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#apartments].map((apartment) => apartment.close()));
  }

  #checkOpen(): void {
    if (!this.#isClosed) return;
    throw new ComError(RPC_E_DISCONNECTED, "CoInitializeEx", { detail: "the backend was closed" });
  }
}
