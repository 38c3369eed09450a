/** The kinds of things whose lifetime is counted. */
export type LedgerKind = "object" | "proxy" | "call object" | "stub" | "call";

/** Counts what is alive, so that a leak shows as a number that is not zero. */
export class Ledger {
  readonly #alive = new Map<LedgerKind, number>();

  opened(kind: LedgerKind): void {
    this.#alive.set(kind, this.alive(kind) + 1);
  }

  closed(kind: LedgerKind): void {
    this.#alive.set(kind, this.alive(kind) - 1);
  }

  /** How many of `kind` are alive. */
  alive(kind: LedgerKind): number {
    return this.#alive.get(kind) ?? 0;
  }

  /** Everything alive, by kind; empty when nothing leaks. */
  open(): Partial<Record<LedgerKind, number>> {
    return Object.fromEntries([...this.#alive].filter(([, count]) => count !== 0));
  }
}
