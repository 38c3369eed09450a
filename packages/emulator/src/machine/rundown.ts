import type { PingedObjects } from "../marshal/oxid-resolver.ts";
import type { Scheduler } from "../schedule/scheduler.ts";
import { PING_PERIOD_MS, PINGS_TO_TIMEOUT } from "./object-exporter-methods.ts";
import type { PingSets } from "./ping-sets.ts";

const TIMEOUT_MS = PING_PERIOD_MS * PINGS_TO_TIMEOUT;

/** Reclaims the references of clients that are not heard of any more (MAR-16, LIFE-07). */
export class Rundown {
  readonly #scheduler: Scheduler;
  readonly #exporters: () => Iterable<PingedObjects>;
  readonly #sets: PingSets;
  #cancelTimer: (() => void) | null = null;

  constructor(scheduler: Scheduler, sets: PingSets, exporters: () => Iterable<PingedObjects>) {
    this.#scheduler = scheduler;
    this.#sets = sets;
    this.#exporters = exporters;
  }

  /** Something was exported: it is looked after from now on. */
  arm(): void {
    this.#cancelTimer ??= this.#scheduler.setTimer(TIMEOUT_MS, () => this.#check());
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #check(): void {
    this.#cancelTimer = null;
    const nowMs = this.#scheduler.now();
    this.#sets.expire(nowMs - TIMEOUT_MS);
    let nextMs = Number.POSITIVE_INFINITY;
    for (const exporter of this.#exporters()) {
      for (const { oid, lastSeenMs } of [...exporter.pinged()]) {
        const dueMs = Math.max(lastSeenMs, this.#sets.lastPingMs(oid)) + TIMEOUT_MS;
        if (dueMs <= nowMs) exporter.runDown(oid);
        else nextMs = Math.min(nextMs, dueMs);
      }
    }
    if (nextMs === Number.POSITIVE_INFINITY) return;
    this.#cancelTimer = this.#scheduler.setTimer(nextMs - nowMs, () => this.#check());
  }
}
