import { type Guid, guidFromBytes, type TraceEvent, type TraceListener } from "@callfactory/core";
import { NdrWriter } from "@callfactory/wire";
import { ClassTable } from "./activation/class-table.ts";
import { InterfaceTable } from "./activation/interface-table.ts";
import { Running } from "./apartment/apartment.ts";
import { MessageFilters } from "./apartment/message-filters.ts";
import { PendingCallTable } from "./cancel/pending-calls.ts";
import { Ledger, type LedgerMode } from "./object/ledger.ts";
import { Scheduler, type SchedulerOptions } from "./schedule/scheduler.ts";
import { DEFAULT_IDENTITY, type Identity } from "./security/identity.ts";
import { ProcessSecurity } from "./security/process-security.ts";
import { HandleTable } from "./wait/handle-table.ts";
import { ThreadQueues } from "./wait/thread-queues.ts";

/** How a process runs, and what is kept of what it holds. */
export interface ProcessOptions extends SchedulerOptions {
  /**
   * What is known of things that are alive: "count" (the default) knows what they are; "places"
   * also who asked for each, at the cost of a JavaScript stack for each.
   */
  readonly ledger?: LedgerMode;
  /** In whose name the process runs; a user called "user" unless said otherwise (SEC-11). */
  readonly identity?: Identity;
}

/** What every part of an emulated process shares. */
export class ProcessServices {
  readonly scheduler: Scheduler;
  readonly ledger: Ledger;
  readonly interfaces = new InterfaceTable();
  readonly classes = new ClassTable();
  readonly running = new Running();
  readonly handles: HandleTable;
  readonly queues: ThreadQueues;
  readonly filters: MessageFilters;
  readonly pendingCalls = new PendingCallTable();
  readonly security: ProcessSecurity;
  /** Messages are written one at a time and copied out, so that one buffer serves all. */
  readonly writer = new NdrWriter();
  readonly #listeners = new Set<TraceListener>();
  #lastCallId = 0;
  #lastId = 0n;

  constructor(options: ProcessOptions) {
    this.ledger = new Ledger(options.ledger);
    this.scheduler = new Scheduler(options);
    this.security = new ProcessSecurity(options.identity ?? DEFAULT_IDENTITY);
    this.handles = new HandleTable(this.ledger);
    this.queues = new ThreadQueues(this.scheduler);
    this.filters = new MessageFilters(this.scheduler, this.running);
  }

  /** Numbers calls, for traces. */
  nextCallId(): number {
    return ++this.#lastCallId;
  }

  /** OXIDs and OIDs. */
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
