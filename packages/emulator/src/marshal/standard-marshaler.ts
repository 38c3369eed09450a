import {
  type Awaitable,
  CO_E_OBJNOTCONNECTED,
  ComError,
  type Guid,
  IID_NULL,
  type Interface,
  IUnknown,
  MSHCTX_INPROC,
  MSHLFLAGS_NORMAL,
  MSHLFLAGS_TABLESTRONG,
  MSHLFLAGS_TABLEWEAK,
  REGDB_E_IIDNOTREG,
} from "@callfactory/core";
import { encodeObjRef, type ObjRef, type StdObjRef } from "@callfactory/wire";
import type { Apartment } from "../apartment/apartment.ts";
import { chain } from "../object/awaitable.ts";
import type { Pointer, Unknown } from "../object/com-object.ts";
import { MemoryChannel } from "../orpc/memory-channel.ts";
import { OutgoingCalls } from "../orpc/outgoing-calls.ts";
import type { ProcessServices } from "../process-services.ts";
import type { RefCounts } from "./interface-stub.ts";
import type { Marshals } from "./marshals.ts";
import {
  ObjectExporter,
  querySync,
  SORF_TABLESTRONG,
  SORF_TABLEWEAK,
  SORF_UNCOUNTED,
} from "./object-exporter.ts";
import type { OxidEntry, OxidResolver, Packets } from "./oxid-resolver.ts";
import { ProxyManager } from "./proxy-manager.ts";

/** Objects of this machine are found by OXID alone. */
const NO_BINDINGS = { stringBindings: [], securityBindings: [] };

/** An OBJREF that names an exported object. */
export type ExportedObjRef = Exclude<ObjRef, { kind: "custom" }>;

/** What standard marshaling is made with. */
export interface StandardParts {
  readonly services: ProcessServices;
  readonly apartment: Apartment;
  readonly resolver: OxidResolver;
  /** Who marshals the pointers in the messages of this apartment. */
  readonly marshaler: Marshals;
  /** Creates the handler of a remote object inside its identity; `null` when there is no such class here (MAR-12). */
  readonly createHandler: (clsid: Guid, outer: Unknown) => Promise<Pointer | null>;
}

/** How an object is marshaled. */
export interface StandardOptions {
  /** MSHLFLAGS_*. */
  readonly flags: number;
  /** The class of the object's handler: an OBJREF_HANDLER names it (MAR-12). */
  readonly handler?: Guid | null;
}

/** Standard marshaling for one apartment: its exporter, and the proxies that live in it. */
export class StandardMarshaler {
  readonly exporter: ObjectExporter;
  readonly #services: ProcessServices;
  readonly #apartment: Apartment;
  readonly #resolver: OxidResolver;
  readonly #marshaler: Marshals;
  readonly #proxies = new Map<bigint, ProxyManager>();
  /** TABLESTRONG packets of proxies, by IPID: each holds a reference (MAR-03). */
  readonly #tables = new Map<Guid, ProxyManager[]>();
  readonly #outgoing = new OutgoingCalls({ hearsLate: true });
  readonly #createHandler: StandardParts["createHandler"];

  constructor({ services, apartment, resolver, marshaler, createHandler }: StandardParts) {
    this.#createHandler = createHandler;
    this.#services = services;
    this.#apartment = apartment;
    this.#resolver = resolver;
    this.#marshaler = marshaler;
    this.exporter = new ObjectExporter({
      services,
      apartment,
      marshaler,
      onTouched: () => resolver.touched(),
    });
    resolver.register(this.exporter.oxid, {
      ipidRemUnknown: this.exporter.ipidRemUnknown,
      context: MSHCTX_INPROC,
      packets: this.exporter,
      holders: this.exporter,
      objects: this.exporter,
      connect: () =>
        new MemoryChannel({
          scheduler: services.scheduler,
          endpoint: this.exporter,
          keepsOrder: apartment.kind === "sta",
          emit: services.emit,
          isTraced: () => services.isTraced,
        }),
    });
  }

  /** Writes an OBJREF; the pointer stays the caller's. */
  marshal(pointer: Pointer, iid: Guid, options: StandardOptions): Awaitable<Uint8Array> {
    const { handler = null } = options;
    const encode = (named: StdObjRef): Uint8Array => {
      const std = this.#issue(named);
      const common = { iid, std, resolver: NO_BINDINGS };
      if (handler === null) return encodeObjRef({ kind: "standard", ...common });
      return encodeObjRef({ kind: "handler", clsid: handler, ...common });
    };
    const { unknown } = pointer;
    if (unknown instanceof ProxyManager) {
      return chain(this.#marshalProxy(unknown, iid, options.flags), encode);
    }
    return encode(this.exporter.export(unknown, iid, { flags: options.flags }));
  }

  /**
   * Makes a pointer of an OBJREF: the object itself in its own apartment (MAR-06), else the one
   * proxy that this apartment has for it (MAR-07). The caller owns the reference.
   *
   * @throws ComError CO_E_OBJNOTCONNECTED, REGDB_E_IIDNOTREG (MAR-05).
   */
  unmarshal(objref: ExportedObjRef, iid: Guid): Awaitable<Pointer> {
    const { std } = objref;
    const wanted = iid === IID_NULL ? objref.iid : iid;
    if (std.oxid === this.exporter.oxid) return this.#unmarshalOwn(std, wanted);
    const iface = this.#interfaceOf(objref.iid);
    const entry = this.#resolver.resolve(std.oxid);
    if (entry === undefined) throw notConnected();
    const isTable = std.publicRefs === 0;
    if (!isTable && !isRedeemed(std, entry.packets)) throw notConnected();
    const manager = this.#managerOf(std, entry);
    const pointer = manager.adopt(iface, std);
    const isPlain = objref.kind !== "handler" || manager.hasHandler;
    if (isPlain && !(pointer instanceof Promise)) return pointer;
    return this.#complete(manager, pointer, isPlain ? null : objref.clsid);
  }

  /** A packet sets out; the exporter's process counts those that are written there (MAR-02). */
  #issue(std: StdObjRef): StdObjRef {
    if (std.publicRefs === 0) return std;
    const packets = this.#resolver.resolve(std.oxid)?.packets ?? null;
    packets?.issuePacket(std.ipid);
    return packets === null ? { ...std, flags: std.flags | SORF_UNCOUNTED } : std;
  }

  /** What takes time: references that the server grants, a handler that is created. */
  async #complete(
    manager: ProxyManager,
    pointer: Awaitable<Pointer>,
    handler: Guid | null,
  ): Promise<Pointer> {
    try {
      const adopted = await pointer;
      const created = handler === null ? null : await this.#createHandler(handler, manager);
      if (created !== null) manager.useHandler(created);
      return adopted;
    } catch (error) {
      manager.release();
      throw error;
    }
  }

  /** Gives back what a packet holds (MAR-02, MAR-03). */
  release(objref: ExportedObjRef): Awaitable<void> {
    const { std } = objref;
    const table = tableOf(std);
    const isOwn = std.oxid === this.exporter.oxid;
    if (table === null && isOwn) {
      if (!isRedeemed(std, this.exporter)) throw notConnected();
      this.exporter.releaseRefs(std.ipid, publicOnly(std));
      return;
    }
    if (table === null) {
      // What nobody unmarshals is unmarshaled and let go.
      const pointer = this.unmarshal(objref, IUnknown.iid);
      return chain(pointer, ({ unknown }) => unknown.release());
    }
    if (isOwn) {
      if (!this.exporter.releaseTable(std.ipid, table)) throw notConnected();
      return;
    }
    const held = this.#tables.get(std.ipid) ?? [];
    if (table === "strong" && held.length === 0) throw notConnected();
    held.pop()?.release();
    if (held.length === 0) this.#tables.delete(std.ipid);
  }

  /** Whether a proxy still leads somewhere, as far as is known here. */
  isConnected(proxy: ProxyManager): boolean {
    return !this.#apartment.isClosed && this.#resolver.resolve(proxy.oxid) !== undefined;
  }

  /** Ends the exporter and the calls of the proxies that live here; they lead nowhere from now on (LIFE-09). */
  close(): void {
    this.#resolver.unregister(this.exporter.oxid);
    this.exporter.disconnectAll();
    this.#outgoing.disconnect();
    for (const held of this.#tables.values()) for (const proxy of held) proxy.release();
    this.#tables.clear();
  }

  #marshalProxy(proxy: ProxyManager, iid: Guid, flags: number): Awaitable<StdObjRef> {
    const table = flags & (MSHLFLAGS_TABLESTRONG | MSHLFLAGS_TABLEWEAK);
    if (table === MSHLFLAGS_NORMAL) return proxy.giveRefs(iid);
    if (table === MSHLFLAGS_TABLEWEAK) return proxy.nameOnly(iid, SORF_TABLEWEAK);
    return chain(proxy.nameOnly(iid, SORF_TABLESTRONG), (std) => {
      proxy.addRef();
      this.#tables.set(std.ipid, [...(this.#tables.get(std.ipid) ?? []), proxy]);
      return std;
    });
  }

  #unmarshalOwn(std: StdObjRef, iid: Guid): Pointer {
    const object = this.exporter.objectOf(std.ipid);
    if (object === undefined) throw notConnected();
    const { pointer } = querySync(object, iid);
    if (std.publicRefs === 0) return pointer;
    if (!isRedeemed(std, this.exporter)) {
      pointer.unknown.release();
      throw notConnected();
    }
    // The object is not closed by this: its own apartment has a reference now (LIFE-05).
    this.exporter.releaseRefs(std.ipid, publicOnly(std), false);
    return pointer;
  }

  /** The identity of a remote object, with a reference for the caller. */
  #managerOf(std: StdObjRef, entry: OxidEntry): ProxyManager {
    const known = this.#proxies.get(std.oid);
    if (known !== undefined) {
      known.addRef();
      return known;
    }
    const { oid, oxid } = std;
    entry.holders.hold(oid);
    const manager = new ProxyManager({
      oid,
      oxid,
      ipidRemUnknown: entry.ipidRemUnknown,
      connection: {
        services: this.#services,
        apartment: this.#apartment,
        channel: this.#outgoing.through(entry.connect()),
        marshaler: this.#marshaler,
        context: entry.context,
      },
      onFinalRelease: () => {
        this.#proxies.delete(oid);
        entry.holders.unhold(oid);
      },
    });
    this.#proxies.set(oid, manager);
    return manager;
  }

  #interfaceOf(iid: Guid): Interface {
    const iface = iid === IUnknown.iid ? IUnknown : this.#services.interfaces.find(iid);
    if (iface === undefined) throw new ComError(REGDB_E_IIDNOTREG, "CoUnmarshalInterface");
    return iface;
  }
}

function publicOnly({ publicRefs }: StdObjRef): RefCounts {
  return { publicRefs, privateRefs: 0, client: "" };
}

/** Takes a NORMAL packet out of the world; false when it was before, as far as its exporter counts (MAR-02). */
function isRedeemed({ flags, ipid }: StdObjRef, packets: Packets | null): boolean {
  return packets === null || (flags & SORF_UNCOUNTED) !== 0 || packets.redeemPacket(ipid);
}

/** Which table a packet stands in; `null` for one that is good for one unmarshal. */
function tableOf({ flags }: StdObjRef): "strong" | "weak" | null {
  if ((flags & SORF_TABLESTRONG) !== 0) return "strong";
  return (flags & SORF_TABLEWEAK) === 0 ? null : "weak";
}

/** The object is gone, or the packet was used up (MAR-02, MAR-05). */
function notConnected(): ComError {
  return new ComError(CO_E_OBJNOTCONNECTED, "CoUnmarshalInterface");
}
