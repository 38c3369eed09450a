import { type Guid, guidFromBytes, type TraceEvent, type TraceListener } from "@callfactory/core";
import { Ledger, type LedgerMode } from "../object/ledger.ts";
import { Scheduler, type SchedulerOptions } from "../schedule/scheduler.ts";

/** How a machine runs, and what is kept of what its processes hold. */
export interface SharedOptions extends SchedulerOptions {
  /**
   * What is known of things that are alive: "count" (the default) knows what they are; "places"
   * also who asked for each, at the cost of a JavaScript stack for each.
   */
  readonly ledger?: LedgerMode;
}

/** What the processes of one emulated machine share: time, order, names, and those who watch. */
export class SharedServices {
  readonly scheduler: Scheduler;
  readonly ledger: Ledger;
  readonly #listeners = new Set<TraceListener>();
  #lastCallId = 0;
  #lastId = 0n;

  constructor(options: SharedOptions) {
    this.ledger = new Ledger(options.ledger);
    this.scheduler = new Scheduler(options);
  }

  /** Numbers calls, for traces. */
  nextCallId(): number {
    return ++this.#lastCallId;
  }

  /** OXIDs, OIDs and ping sets. */
  nextId(): bigint {
    return ++this.#lastId;
  }

  /** A GUID from the scheduler's random numbers: IPIDs and causality ids are the same on every run. */
  newGuid(): Guid {
    const bytes = new Uint8Array(16);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < 16; i += 4) view.setUint32(i, this.scheduler.random.next());
    bytes[7] = ((bytes[7] as number) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
    return guidFromBytes(bytes);
  }

  get isTraced(): boolean {
    return this.#listeners.size > 0;
  }

  trace(listener: TraceListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  readonly emit = (event: TraceEvent): void => {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        // Who watches must not disturb: the mistake surfaces on its own.
        this.scheduler.post(null, () => {
          throw error;
        });
      }
    }
  };
}
