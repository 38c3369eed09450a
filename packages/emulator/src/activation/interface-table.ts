import {
  asyncOf,
  type Guid,
  IDispatch,
  IAdviseSink2,
  IClassFactory,
  IConnectionPoint,
  IConnectionPointContainer,
  IEnumConnectionPoints,
  IEnumConnections,
  type Interface,
  IOleInPlaceActiveObject,
  IOleInPlaceFrame,
  IOleInPlaceObject,
  IAgileReference,
  IEnumMoniker,
  IGlobalInterfaceTable,
  IMarshal,
  IMoniker,
  INoMarshal,
  IStdMarshalInfo,
  IPipeByte,
  IPipeDouble,
  IPipeLong,
  IStream,
} from "@callfactory/core";

/** Interfaces whose proxies COM brings (REG-05). */
const SYSTEM_INTERFACES: readonly Interface[] = [
  IPipeByte,
  IPipeLong,
  IPipeDouble,
  IStream,
  IMoniker,
  IEnumMoniker,
  // OLE Automation's.
  IDispatch,
  IClassFactory,
  IAdviseSink2,
  IOleInPlaceActiveObject,
  IOleInPlaceFrame,
  IOleInPlaceObject,
  // Connectable objects (EVT-01).
  IConnectionPointContainer,
  IConnectionPoint,
  IEnumConnectionPoints,
  IEnumConnections,
];

/** Interfaces whose IDL says [local]: none of them ever has a proxy (MAR-09). */
const LOCAL_IIDS: ReadonlySet<Guid> = new Set(
  [IMarshal, IStdMarshalInfo, INoMarshal, IAgileReference, IGlobalInterfaceTable].map(
    ({ iid }) => iid,
  ),
);

/** One interface, and how long it stays registered. */
interface Entry {
  readonly iface: Interface;
  isPermanent: boolean;
  /** Registered classes that brought it. */
  holders: number;
}

/**
 * The registry's Interface key: which interfaces have a proxy and stub, and which synchronous IID
 * belongs to an asynchronous one (REG-01, REG-06).
 */
export class InterfaceTable {
  readonly #byIid = new Map<Guid, Entry>();
  readonly #syncByAsyncIid = new Map<Guid, Interface>();

  constructor() {
    for (const iface of SYSTEM_INTERFACES) this.register(iface);
  }

  /** Registers `iface` and its bases for good; an IID keeps its first descriptor. */
  register(iface: Interface): void {
    for (const entry of this.#entriesOf(iface)) entry.isPermanent = true;
  }

  /** Registers interfaces and their bases until the result takes that back (REG-06). */
  hold(interfaces: readonly Interface[]): () => void {
    const entries = interfaces.flatMap((iface) => this.#entriesOf(iface));
    for (const entry of entries) entry.holders++;
    return () => {
      for (const entry of entries.splice(0)) {
        entry.holders--;
        this.#dropUnused(entry);
      }
    };
  }

  /** Whether an interface is [local]: it is not marshaled whatever is registered (MAR-09). */
  isLocal(iid: Guid): boolean {
    return LOCAL_IIDS.has(iid);
  }

  /** The interface with a proxy and stub for `iid`; missing means REGDB_E_IIDNOTREG (MAR-09). */
  find(iid: Guid): Interface | undefined {
    return this.#byIid.get(iid)?.iface;
  }

  /** The AsyncI* twin under which server call objects are asked for; `null` when `iface` has none (SRV-01). */
  asyncOf(iface: Interface): Interface | null {
    return iface.asyncIid === null ? null : asyncOf(iface);
  }

  /** The synchronous interface of an asynchronous IID (REG-01). */
  syncOf(asyncIid: Guid): Interface | undefined {
    return this.#syncByAsyncIid.get(asyncIid);
  }

  /**
   * The entries of `iface` and its bases, made if need be. An asynchronous interface gets no proxy
   * and stub: no packet ever carries its methods (DISC-08).
   */
  #entriesOf(iface: Interface): Entry[] {
    const entries: Entry[] = [];
    if (iface.syncOf !== null) return entries;
    for (let i: Interface | null = iface; i !== null && i.base !== null; i = i.base) {
      const known = this.#byIid.get(i.iid);
      const entry = known ?? { iface: i, isPermanent: false, holders: 0 };
      entries.push(entry);
      if (known !== undefined) continue;
      this.#byIid.set(i.iid, entry);
      if (i.asyncIid !== null) this.#syncByAsyncIid.set(i.asyncIid, i);
    }
    return entries;
  }

  /** Nobody has the interface registered any more. */
  #dropUnused({ iface, isPermanent, holders }: Entry): void {
    if (isPermanent || holders > 0) return;
    this.#byIid.delete(iface.iid);
    if (iface.asyncIid !== null) this.#syncByAsyncIid.delete(iface.asyncIid);
  }
}
