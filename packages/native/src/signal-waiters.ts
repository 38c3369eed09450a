import { type HResult, RPC_S_CALLPENDING, S_OK } from "@callfactory/core";
import type { NativeCallHandle } from "./addon.ts";
import { systemClock } from "./native-process.ts";
import type { TicketTable } from "./ticket-table.ts";

type Waiter = (hr: HResult) => void;

/** Those who wait for the signal of one call object; no thread waits with them. */
export class SignalWaiters {
  readonly #handle: NativeCallHandle;
  readonly #tickets: TicketTable;
  readonly #owner: object;
  readonly #waiters = new Set<Waiter>();
  /** The ticket under which the addon reports the next signal. */
  #watch: number | null = null;

  constructor(handle: NativeCallHandle, tickets: TicketTable, owner: object) {
    this.#handle = handle;
    this.#tickets = tickets;
    this.#owner = owner;
  }

  /** S_OK at the signal, RPC_S_CALLPENDING after `timeoutMs` (SYNC-02), or what {@link end} says. */
  wait(timeoutMs: number): Promise<HResult> {
    return new Promise((resolve) => {
      const unhold = this.#tickets.hold();
      const waiter = (hr: HResult): void => {
        this.#waiters.delete(waiter);
        takeBack();
        unhold();
        resolve(hr);
      };
      const takeBack = Number.isFinite(timeoutMs)
        ? systemClock.setTimer(timeoutMs, () => waiter(RPC_S_CALLPENDING))
        : () => {};
      this.#waiters.add(waiter);
      this.#arm();
    });
  }

  /** Calls back once at the signal, without keeping the event loop alive. */
  notify(callback: () => void): void {
    this.#waiters.add((hr) => {
      if (hr === S_OK) callback();
    });
    this.#arm();
  }

  /** Ends every wait with `hr`. */
  end(hr: HResult): void {
    if (this.#watch !== null) this.#tickets.drop(this.#watch);
    this.#watch = null;
    this.#settle(hr);
  }

  /** One watch in the addon serves all waiters. */
  #arm(): void {
    if (this.#watch !== null) return;
    const ticket = this.#tickets.open(this.#owner, (hr) => this.#onSignal(hr), false);
    this.#watch = ticket;
    if (!this.#handle.watch(ticket)) return;
    this.#tickets.drop(ticket);
    this.#onSignal(S_OK);
  }

  #onSignal(hr: HResult): void {
    this.#watch = null;
    this.#settle(hr);
  }

  #settle(hr: HResult): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const waiter of waiters) waiter(hr);
  }
}
