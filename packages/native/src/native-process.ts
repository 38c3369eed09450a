import {
  type BackendApartment,
  type Clock,
  ComError,
  type ComErrorOptions,
  failed,
  type Guid,
  type HResult,
  type TraceEvent,
  type TraceListener,
} from "@callfactory/core";
import type { Addon } from "./addon.ts";
import { type LoadAddonOptions, loadAddon } from "./load-addon.ts";
import { SignatureTable } from "./signature-table.ts";
import { TicketTable } from "./ticket-table.ts";

/** setTimeout's limit; a longer timer fires at once. */
const LONGEST_TIMER_MS = 0x7fffffff;

/** The real time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(delayMs, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

/** The addon with what belongs to it, once in each JavaScript environment. */
export interface LoadedAddon {
  readonly addon: Addon;
  readonly tickets: TicketTable;
  readonly signatures: SignatureTable;
  /** Apartments by the addon's number, until they have ended. */
  readonly apartments: Map<number, BackendApartment>;
}

const loaded = new WeakMap<Addon, LoadedAddon>();

/** Loads the addon; the same one for every backend of the environment. Throws like {@link loadAddon}. */
export function loadOnce(options: LoadAddonOptions): LoadedAddon {
  const addon = loadAddon(options);
  const known = loaded.get(addon);
  if (known !== undefined) return known;
  const fresh: LoadedAddon = {
    addon,
    tickets: new TicketTable(addon),
    signatures: new SignatureTable(addon),
    apartments: new Map(),
  };
  loaded.set(addon, fresh);
  return fresh;
}

/** Finds the apartment of a class that JavaScript serves; `null` when it is the client's own. */
export type FindHost<A> = (clsid: Guid, client: BackendApartment) => Promise<A> | null;

/** What the objects of one backend share. */
export class NativeProcess {
  readonly loaded: LoadedAddon;
  readonly #listeners = new Set<TraceListener>();
  #lastCallId = 0;

  constructor(addon: LoadedAddon) {
    this.loaded = addon;
  }

  get isTraced(): boolean {
    return this.#listeners.size > 0;
  }

  trace(listener: TraceListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells the listeners; one that throws disturbs no call, but is reported as uncaught. */
  emit(event: TraceEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  /** Tells the listeners of what an implementation threw. */
  report(method: string, error: unknown): void {
    this.emit({ kind: "exception", atMs: systemClock.now(), method, error });
  }

  nextCallId(): number {
    return ++this.#lastCallId;
  }

  /**
   * Starts an operation of the addon for `owner`; its value, or a ComError that says `where`.
   *
   * @throws TypeError when the addon refuses an argument.
   */
  start<T>(
    owner: object,
    where: (hr: HResult) => readonly [string, ComErrorOptions?],
    run: (ticket: number) => void,
  ): Promise<T> {
    const { tickets } = this.loaded;
    return new Promise<T>((resolve, reject) => {
      const ticket = tickets.open(owner, (hr, value) => {
        if (failed(hr)) reject(new ComError(hr, ...where(hr)));
        else resolve(value as T);
      });
      try {
        run(ticket);
      } catch (error) {
        tickets.drop(ticket);
        reject(error);
      }
    });
  }
}
