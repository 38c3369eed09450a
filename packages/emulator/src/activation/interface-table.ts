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
  IPipeByte,
  IPipeDouble,
  IPipeLong,
} from "@callfactory/core";

/** Interfaces whose proxies COM brings (REG-05). */
const SYSTEM_INTERFACES: readonly Interface[] = [
  IPipeByte,
  IPipeLong,
  IPipeDouble,
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

/**
 * The registry's Interface key: which interfaces have a proxy and stub, and which synchronous IID
 * belongs to an asynchronous one (REG-01, REG-06).
 */
export class InterfaceTable {
  readonly #byIid = new Map<Guid, Interface>();
  readonly #syncByAsyncIid = new Map<Guid, Interface>();

  constructor() {
    for (const iface of SYSTEM_INTERFACES) this.register(iface);
  }

  /**
   * Registers `iface` and its bases; an IID keeps its first descriptor.
   *
   * An asynchronous interface gets no proxy and stub: no packet ever carries its methods (DISC-08).
   */
  register(iface: Interface): void {
    if (iface.syncOf !== null) return;
    for (let i: Interface | null = iface; i !== null && i.base !== null; i = i.base) {
      if (this.#byIid.has(i.iid)) continue;
      this.#byIid.set(i.iid, i);
      if (i.asyncIid !== null) this.#syncByAsyncIid.set(i.asyncIid, i);
    }
  }

  /** The interface with a proxy and stub for `iid`; missing means REGDB_E_IIDNOTREG (MAR-09). */
  find(iid: Guid): Interface | undefined {
    return this.#byIid.get(iid);
  }

  /** The AsyncI* twin under which server call objects are asked for; `null` when `iface` has none (SRV-01). */
  asyncOf(iface: Interface): Interface | null {
    return iface.asyncIid === null ? null : asyncOf(iface);
  }

  /** The synchronous interface of an asynchronous IID (REG-01). */
  syncOf(asyncIid: Guid): Interface | undefined {
    return this.#syncByAsyncIid.get(asyncIid);
  }
}
