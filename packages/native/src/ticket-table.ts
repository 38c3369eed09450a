import { type HResult, hresult } from "@callfactory/core";
import type { Addon, Batch } from "./addon.ts";

/** Called once, with the outcome of an operation. */
export type Settle = (hr: HResult, value: unknown) => void;

interface Entry {
  readonly owner: object;
  readonly holds: boolean;
  /** Settles any number of times. */
  readonly stays: boolean;
  readonly settle: Settle;
}

/** The operations that are under way in the addon, by ticket. */
export class TicketTable {
  readonly #addon: Addon;
  readonly #entries = new Map<number, Entry>();
  #next = 1;
  #holds = 0;

  constructor(addon: Addon) {
    this.#addon = addon;
    addon.configure((batch) => this.#settleBatch(batch));
  }

  /** A ticket of `owner`; until it settles the event loop stays alive, unless `holds` is false. */
  open(owner: object, settle: Settle, holds = true): number {
    return this.#issue({ owner, holds, stays: false, settle });
  }

  /** A ticket under which the addon may report any number of times, until it is dropped. */
  subscribe(owner: object, settle: Settle): number {
    return this.#issue({ owner, holds: false, stays: true, settle });
  }

  #issue(entry: Entry): number {
    const ticket = this.#next;
    // 32 bits, and never one that is still out.
    do this.#next = this.#next === 0xffffffff ? 1 : this.#next + 1;
    while (this.#entries.has(this.#next));
    this.#entries.set(ticket, entry);
    if (entry.holds) this.#hold();
    return ticket;
  }

  /** Forgets a ticket: it settles nothing any more. */
  drop(ticket: number): void {
    const entry = this.#entries.get(ticket);
    if (entry === undefined) return;
    this.#entries.delete(ticket);
    if (entry.holds) this.#unhold();
  }

  /** Settles all tickets of `owner` with `hr`; what the addon says of them later is dropped. */
  settleAll(owner: object, hr: HResult): void {
    for (const [ticket, entry] of [...this.#entries]) {
      if (entry.owner !== owner) continue;
      this.drop(ticket);
      entry.settle(hr, undefined);
    }
  }

  /** Keeps the event loop alive for as long as somebody waits; the result ends it. */
  hold(): () => void {
    this.#hold();
    let isHeld = true;
    return () => {
      if (isHeld) this.#unhold();
      isHeld = false;
    };
  }

  #settleBatch(batch: Batch): void {
    for (let i = 0; i < batch.length; i += 3) {
      const ticket = batch[i] as number;
      const entry = this.#entries.get(ticket);
      if (entry === undefined) continue;
      if (!entry.stays) this.drop(ticket);
      entry.settle(hresult(batch[i + 1] as number), batch[i + 2]);
    }
  }

  #hold(): void {
    if (this.#holds++ === 0) this.#addon.hold();
  }

  #unhold(): void {
    if (--this.#holds === 0) this.#addon.unhold();
  }
}
