import {
  CO_E_OBJNOTCONNECTED,
  ComError,
  type Guid,
  type Interface,
  IUnknown,
  REGDB_E_IIDNOTREG,
  RPC_E_INVALID_OBJREF,
} from "@callfactory/core";
import { decodeObjRef, encodeObjRef, type NdrHost, type StdObjRef } from "@callfactory/wire";
import type { Apartment } from "../apartment/apartment.ts";
import type { Pointer } from "../object/com-object.ts";
import { MemoryChannel } from "../orpc/memory-channel.ts";
import { OutgoingCalls } from "../orpc/outgoing-calls.ts";
import type { ProcessServices } from "../process-services.ts";
import { ObjectExporter, querySync } from "./object-exporter.ts";
import type { OxidEntry, OxidResolver } from "./oxid-resolver.ts";
import { ProxyManager } from "./proxy-manager.ts";

/** Objects of the same process are found by OXID alone. */
const NO_BINDINGS = { stringBindings: [], securityBindings: [] };

/** Standard marshaling for one apartment: its exporter, and the proxies that live in it. */
export class StandardMarshaler implements NdrHost {
  readonly exporter: ObjectExporter;
  readonly #services: ProcessServices;
  readonly #apartment: Apartment;
  readonly #resolver: OxidResolver;
  readonly #proxies = new Map<bigint, ProxyManager>();
  readonly #outgoing = new OutgoingCalls();

  constructor(services: ProcessServices, apartment: Apartment, resolver: OxidResolver) {
    this.#services = services;
    this.#apartment = apartment;
    this.#resolver = resolver;
    this.exporter = new ObjectExporter(services, apartment, this);
    resolver.register(this.exporter.oxid, {
      ipidRemUnknown: this.exporter.ipidRemUnknown,
      packets: this.exporter,
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

  /**
   * Writes an OBJREF for one unmarshal (MAR-02); the pointer stays the caller's.
   *
   * @throws ComError E_NOINTERFACE or REGDB_E_IIDNOTREG.
   */
  marshalInterface(pointer: unknown, iid: Guid): Uint8Array | null {
    if (pointer === null) return null;
    const { unknown } = pointer as Pointer;
    const std =
      unknown instanceof ProxyManager ? unknown.giveRefs(iid) : this.exporter.export(unknown, iid);
    this.#resolver.resolve(std.oxid)?.packets.issuePacket(std.ipid);
    return encodeObjRef({ kind: "standard", iid, std, resolver: NO_BINDINGS });
  }

  /**
   * Makes a pointer of an OBJREF: the object itself in its own apartment (MAR-06), else the one
   * proxy that this apartment has for it (MAR-07). The caller owns the reference.
   *
   * @throws ComError RPC_E_INVALID_OBJREF, CO_E_OBJNOTCONNECTED, REGDB_E_IIDNOTREG (MAR-05).
   */
  unmarshalInterface(objref: Uint8Array, iid: Guid): Pointer {
    const decoded = decodeObjRef(objref);
    if (decoded.kind !== "standard")
      throw new ComError(RPC_E_INVALID_OBJREF, "CoUnmarshalInterface");
    const { std } = decoded;
    if (std.oxid === this.exporter.oxid) return this.#unmarshalOwn(std, iid);
    const iface = this.#interfaceOf(decoded.iid);
    const entry = this.#resolver.resolve(std.oxid);
    if (entry === undefined || !entry.packets.redeemPacket(std.ipid)) throw notConnected();
    return this.#managerOf(std, entry).adopt(iface, std);
  }

  /** Gives back what a NORMAL packet of an object of this apartment holds (MAR-02). */
  releaseMarshalData(objref: Uint8Array): void {
    const decoded = decodeObjRef(objref);
    if (decoded.kind !== "standard")
      throw new ComError(RPC_E_INVALID_OBJREF, "CoReleaseMarshalData");
    const { std } = decoded;
    if (!this.exporter.redeemPacket(std.ipid)) throw notConnected();
    this.exporter.releaseRefs(std.ipid, std.publicRefs);
  }

  /** Ends the exporter and the calls of the proxies that live here; they lead nowhere from now on (LIFE-09). */
  close(): void {
    this.#resolver.unregister(this.exporter.oxid);
    this.exporter.disconnectAll();
    this.#outgoing.disconnect();
  }

  #unmarshalOwn(std: StdObjRef, iid: Guid): Pointer {
    const object = this.exporter.objectOf(std.ipid);
    if (object === undefined) throw notConnected();
    const { pointer } = querySync(object, iid);
    if (!this.exporter.redeemPacket(std.ipid)) {
      pointer.unknown.release();
      throw notConnected();
    }
    this.exporter.releaseRefs(std.ipid, std.publicRefs);
    return pointer;
  }

  /** The identity of a remote object, with a reference for the caller. */
  #managerOf(std: StdObjRef, entry: OxidEntry): ProxyManager {
    const known = this.#proxies.get(std.oid);
    if (known !== undefined) {
      known.addRef();
      return known;
    }
    const manager = new ProxyManager({
      oid: std.oid,
      oxid: std.oxid,
      ipidRemUnknown: entry.ipidRemUnknown,
      packets: entry.packets,
      connection: {
        services: this.#services,
        apartment: this.#apartment,
        channel: this.#outgoing.through(entry.connect()),
        host: this,
      },
      onFinalRelease: () => this.#proxies.delete(std.oid),
    });
    this.#proxies.set(std.oid, manager);
    return manager;
  }

  #interfaceOf(iid: Guid): Interface {
    const iface = iid === IUnknown.iid ? IUnknown : this.#services.interfaces.find(iid);
    if (iface === undefined) throw new ComError(REGDB_E_IIDNOTREG, "CoUnmarshalInterface");
    return iface;
  }
}

/** The object is gone, or the packet was used up (MAR-02, MAR-05). */
function notConnected(): ComError {
  return new ComError(CO_E_OBJNOTCONNECTED, "CoUnmarshalInterface");
}
