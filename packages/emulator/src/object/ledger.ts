import { Place } from "./place.ts";

/** The kinds of things whose lifetime is counted; a "pointer" is a reference that JavaScript holds. */
export type LedgerKind =
  | "pointer"
  | "call"
  | "call object"
  | "object"
  | "proxy"
  | "stub"
  | "handle";

/** What something alive says of itself. */
export interface LedgerDescription {
  /** Interfaces, or the method of a call. */
  readonly name: string;
  /** The apartment's name; `null` for what is agile. */
  readonly apartment: string | null;
  /** References that keep it alive, as far as it counts them. */
  readonly references: number;
}

/** Something whose lifetime is counted. */
export interface LedgerItem {
  readonly ledgerKind: LedgerKind;
  /** Asked only when somebody looks. */
  describe(): LedgerDescription;
}

/** One thing that is alive. */
export interface OpenReference extends LedgerDescription {
  readonly kind: LedgerKind;
  /** Where the user's code asked for it, as `file:line:column`, innermost first; empty if unknown. */
  readonly places: readonly string[];
  /** The JavaScript stack of that moment; empty unless the ledger keeps places. */
  readonly stack: string;
}

/** What a ledger keeps of each thing: that it is there, or also who asked for it, which costs a stack. */
export type LedgerMode = "count" | "places";

/** Knows what is alive, so that a leak has a name. */
export class Ledger {
  readonly #keepsPlaces: boolean;
  readonly #open = new Map<LedgerItem, Place | null>();
  /** Closed more often than opened. */
  readonly #excess: LedgerItem[] = [];
  readonly #marks = new WeakMap<object, Place>();
  #here: Place | null = null;

  constructor(mode: LedgerMode = "count") {
    this.#keepsPlaces = mode === "places";
  }

  get keepsPlaces(): boolean {
    return this.#keepsPlaces;
  }

  opened(item: LedgerItem, place: Place | null = this.place()): void {
    this.#open.set(item, place);
  }

  closed(item: LedgerItem): void {
    if (!this.#open.delete(item)) this.#excess.push(item);
  }

  /** For whom things are opened now: whom {@link at} names, else whoever runs; `null` if not kept. */
  place(): Place | null {
    return this.#keepsPlaces ? (this.#here ?? new Place()) : null;
  }

  /** What `work` opens before it awaits anything is opened for `place`. */
  at<T>(place: Place | null, work: () => T): T {
    if (place === null) return work();
    const outer = this.#here;
    this.#here = place;
    try {
      return work();
    } finally {
      this.#here = outer;
    }
  }

  /** Notes on something that passes by, a request, for whom it is. */
  mark(passing: object): void {
    const place = this.place();
    if (place !== null) this.#marks.set(passing, place);
  }

  /** What {@link mark} noted, if anything. */
  markOf(passing: object): Place | null {
    return this.#marks.get(passing) ?? null;
  }

  /** How many of `kind` are alive; below 0 when more were closed than opened. */
  alive(kind: LedgerKind): number {
    const isOfKind = (item: LedgerItem): boolean => item.ledgerKind === kind;
    return [...this.#open.keys()].filter(isOfKind).length - this.#excess.filter(isOfKind).length;
  }

  /** How much is alive, by kind; empty when nothing leaks. */
  open(): Partial<Record<LedgerKind, number>> {
    const kinds = new Set([...this.#open.keys(), ...this.#excess].map((item) => item.ledgerKind));
    const counts = [...kinds].map((kind) => [kind, this.alive(kind)] as const);
    return Object.fromEntries(counts.filter(([, count]) => count !== 0));
  }

  /** Everything alive, one by one, in the order of creation. */
  list(): OpenReference[] {
    return [...this.#open].map(([item, place]) => ({
      kind: item.ledgerKind,
      ...item.describe(),
      places: place?.frames ?? [],
      stack: place?.stack ?? "",
    }));
  }
}
