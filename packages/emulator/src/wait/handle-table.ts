import type { Ledger, LedgerItem } from "../object/ledger.ts";
import type { SignalState } from "./signal-state.ts";

/** One handle: an event, and whether the handle is its holder's to close. */
interface Entry extends LedgerItem {
  readonly event: SignalState;
  readonly isProtected: boolean;
}

/** The handles of one process: small numbers, multiples of four as on Windows. */
export class HandleTable {
  readonly #ledger: Ledger;
  readonly #entries = new Map<bigint, Entry>();
  #last = 0n;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** A new handle of `event`, for a caller to close. */
  open(event: SignalState): bigint {
    return this.#add(event, false);
  }

  /** A handle that an object shows and keeps for itself (SYNC-14). */
  openProtected(event: SignalState): bigint {
    return this.#add(event, true);
  }

  /** The event behind a handle. */
  find(handle: bigint): SignalState | undefined {
    return this.#entries.get(handle)?.event;
  }

  /**
   * Closes a caller's handle; false for one that does not exist, and for one that an object owns,
   * as for a handle with HANDLE_FLAG_PROTECT_FROM_CLOSE.
   */
  close(handle: bigint): boolean {
    const entry = this.#entries.get(handle);
    if (entry === undefined || entry.isProtected) return false;
    this.#entries.delete(handle);
    this.#ledger.closed(entry);
    return true;
  }

  /** The object that showed a protected handle is gone, and the handle with it. */
  closeProtected(handle: bigint): void {
    if (this.#entries.get(handle)?.isProtected) this.#entries.delete(handle);
  }

  #add(event: SignalState, isProtected: boolean): bigint {
    this.#last += 4n;
    const handle = this.#last;
    const describe = () => ({ name: `${handle}`, apartment: null, references: 1 });
    const entry: Entry = { ledgerKind: "handle", describe, event, isProtected };
    this.#entries.set(handle, entry);
    if (!isProtected) this.#ledger.opened(entry);
    return handle;
  }
}
