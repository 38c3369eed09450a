import type { Guid, Identity, TraceListener } from "@callfactory/core";
import { NdrWriter } from "@callfactory/wire";
import { ClassTable } from "./activation/class-table.ts";
import { InterfaceTable } from "./activation/interface-table.ts";
import { MessageFilters } from "./apartment/message-filters.ts";
import { Running } from "./apartment/running.ts";
import { PendingCallTable } from "./cancel/pending-calls.ts";
import { type SharedOptions, SharedServices } from "./machine/shared-services.ts";
import type { Ledger } from "./object/ledger.ts";
import type { Scheduler } from "./schedule/scheduler.ts";
import { ChannelHooks } from "./orpc/channel-hooks.ts";
import { DEFAULT_IDENTITY } from "./security/identity.ts";
import { ProcessSecurity } from "./security/process-security.ts";
import { HandleTable } from "./wait/handle-table.ts";
import { ThreadQueues } from "./wait/thread-queues.ts";

/** How a process runs, and what is kept of what it holds. */
export interface ProcessOptions extends SharedOptions {
  /** In whose name the process runs; a user called "user" unless said otherwise (SEC-11). */
  readonly identity?: Identity;
}

/** What every part of an emulated process shares. */
export class ProcessServices {
  readonly #shared: SharedServices;
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
  readonly hooks = new ChannelHooks();
  /** Messages are written one at a time and copied out, so that one buffer serves all. */
  readonly writer = new NdrWriter();

  /** What a process has of its own goes with what its machine has. */
  constructor(options: ProcessOptions, shared = new SharedServices(options)) {
    this.#shared = shared;
    this.ledger = shared.ledger;
    this.scheduler = shared.scheduler;
    this.security = new ProcessSecurity(options.identity ?? DEFAULT_IDENTITY);
    this.handles = new HandleTable(this.ledger);
    this.queues = new ThreadQueues(this.scheduler);
    this.filters = new MessageFilters(this.scheduler, this.running);
  }

  /** Numbers calls, for traces. */
  nextCallId(): number {
    return this.#shared.nextCallId();
  }

  /** OXIDs and OIDs. */
  nextId(): bigint {
    return this.#shared.nextId();
  }

  newGuid(): Guid {
    return this.#shared.newGuid();
  }

  get isTraced(): boolean {
    return this.#shared.isTraced;
  }

  trace(listener: TraceListener): () => void {
    return this.#shared.trace(listener);
  }

  get emit(): TraceListener {
    return this.#shared.emit;
  }
}
