import {
  type Awaitable,
  E_NOINTERFACE,
  type Guid,
  type HResult,
  type Interface,
  IUnknown,
  type Method,
  type Reply,
  S_OK,
} from "@callfactory/core";
import type { Apartment, CallContext } from "../apartment/apartment.ts";
import type { Ledger, LedgerDescription, LedgerItem, LedgerKind } from "./ledger.ts";

/** Runs one method of one interface; interface pointers among the values are {@link Pointer}s. */
export type MethodTarget = (
  method: Method,
  args: readonly unknown[],
  context: CallContext,
) => Awaitable<Reply>;

/** What QueryInterface gives: a reference of its own, or the reason why not. */
export type QueryResult =
  | { readonly hr: HResult; readonly pointer: Pointer }
  | { readonly hr: HResult; readonly pointer: null };

/** The IUnknown of an object: identity and lifetime. */
export interface Unknown {
  /** Where its pointers are valid; `null` for an agile object. */
  readonly apartment: Apartment | null;
  query(iid: Guid): Awaitable<QueryResult>;
  addRef(): void;
  release(): void;
}

/** An interface pointer: one vtable, and the unknown that its IUnknown methods delegate to (CALL-08). */
export class Pointer {
  readonly iface: Interface;
  readonly unknown: Unknown;
  readonly invoke: MethodTarget;

  constructor(iface: Interface, unknown: Unknown, invoke: MethodTarget) {
    this.iface = iface;
    this.unknown = unknown;
    this.invoke = invoke;
  }
}

const NO_INTERFACE: QueryResult = { hr: E_NOINTERFACE, pointer: null };

/** IUnknown alone has no methods to run. */
const noMethods: MethodTarget = () => {
  throw new Error("IUnknown's methods are not invoked through a vtable");
};

/** Where an object belongs and who counts it. */
export interface ComObjectOptions {
  readonly apartment: Apartment | null;
  /** `null` for parts of the apartment itself, which are not counted. */
  readonly ledger: Ledger | null;
  readonly kind: LedgerKind;
  /** The controlling unknown when the object is aggregated; not AddRef'd, it outlives us (CALL-08). */
  readonly outer?: Unknown | null;
}

/**
 * A COM object in the emulator: a reference count, interfaces by IID, and perhaps an outer object.
 *
 * The object is its own inner (non-delegating) unknown; every interface that it exposes delegates
 * to {@link controlling}. Created with one reference.
 */
export class ComObject implements Unknown, LedgerItem {
  readonly apartment: Apartment | null;
  /** Owns identity and lifetime: the outer object, or this one. */
  readonly controlling: Unknown;
  readonly ledgerKind: LedgerKind;
  readonly #ledger: Ledger | null;
  readonly #pointers = new Map<Guid, Pointer>();
  readonly #inner: Pointer;
  #refs = 1;

  constructor(options: ComObjectOptions) {
    this.apartment = options.apartment;
    this.controlling = options.outer ?? this;
    this.#ledger = options.ledger;
    this.ledgerKind = options.kind;
    this.#inner = new Pointer(IUnknown, this, noMethods);
    this.#ledger?.opened(this);
  }

  /** IUnknown of the object itself, past any outer object; borrowed. */
  get inner(): Pointer {
    return this.#inner;
  }

  get isAlive(): boolean {
    return this.#refs > 0;
  }

  /** Adds an interface and those that it derives from; the first to claim an IID keeps it. */
  expose(iface: Interface, target: MethodTarget): Pointer {
    const pointer = new Pointer(iface, this.controlling, target);
    for (let i: Interface | null = iface; i !== null && i.base !== null; i = i.base) {
      if (!this.#pointers.has(i.iid)) this.#pointers.set(i.iid, pointer);
    }
    return pointer;
  }

  /** An exposed interface, borrowed. */
  exposed(iid: Guid): Pointer | undefined {
    return this.#pointers.get(iid);
  }

  query(iid: Guid): Awaitable<QueryResult> {
    if (iid === IUnknown.iid) {
      this.addRef();
      return { hr: S_OK, pointer: this.#inner };
    }
    const pointer = this.#pointers.get(iid);
    if (pointer === undefined) return this.queryMissing(iid);
    this.controlling.addRef();
    return { hr: S_OK, pointer };
  }

  describe(): LedgerDescription {
    const names = new Set([...this.#pointers.values()].map(({ iface }) => iface.name));
    return {
      name: [...names].join(", ") || IUnknown.name,
      apartment: this.apartment?.name ?? null,
      references: this.#refs,
    };
  }

  addRef(): void {
    this.#refs++;
  }

  release(): void {
    this.#refs--;
    if (this.#refs !== 0) return;
    this.#ledger?.closed(this);
    this.finalRelease();
  }

  /** Answers for an interface that is not exposed; a proxy manager asks the server here. */
  protected queryMissing(_iid: Guid): Awaitable<QueryResult> {
    return NO_INTERFACE;
  }

  /** The last reference is gone. */
  protected finalRelease(): void {}
}

/** The identity behind a pointer: two pointers are one object when these are equal (MAR-07). */
export async function identityOf(pointer: Pointer): Promise<Unknown> {
  const { pointer: unknown } = await pointer.unknown.query(IUnknown.iid);
  if (unknown === null) return pointer.unknown;
  unknown.unknown.release();
  return unknown.unknown;
}
