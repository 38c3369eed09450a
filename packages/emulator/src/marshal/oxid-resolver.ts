import type { Guid } from "@callfactory/core";
import type { Channel } from "../orpc/channel.ts";

/** What an exporter of the same process knows of its NORMAL packets. */
export interface Packets {
  issuePacket(ipid: Guid): void;
  /** False when no packet of this IPID is on its way, or no longer (MAR-02). */
  redeemPacket(ipid: Guid): boolean;
}

/** Who is told which objects clients of a process hold, so that they live (MAR-16). */
export interface Holders {
  /** A proxy of the object has come to be here. */
  hold(oid: bigint): void;
  /** It is gone. */
  unhold(oid: bigint): void;
}

/** How to reach an object exporter. */
export interface OxidEntry {
  /** A channel of the caller's own, so that its requests keep their order (BEG-13). */
  connect(): Channel;
  readonly ipidRemUnknown: Guid;
  /** MSHCTX_*: where the exporter is, seen from here. */
  readonly context: number;
  readonly holders: Holders;
  /**
   * Which NORMAL packets are on their way, for an exporter of the same process. Between processes
   * nothing but bytes passes: a packet that is unmarshaled twice there claims references twice.
   */
  readonly packets: Packets | null;
}

/** An exporter of this process. */
export interface ExporterEntry extends OxidEntry {
  /** What it exports to clients that ping (MAR-16). */
  readonly objects: PingedObjects;
}

/** Something exported that lives by pings. */
export interface PingedObject {
  readonly oid: bigint;
  /** When a client was last known to be there: a packet was written, a reference asked for. */
  readonly lastSeenMs: number;
}

/** An exporter, as the rundown of clients that died sees it. */
export interface PingedObjects {
  /** What clients elsewhere hold references to. */
  pinged(): Iterable<PingedObject>;
  /** Takes back all that clients hold of an object. */
  runDown(oid: bigint): void;
}

/** Finds object exporters by OXID. */
export interface OxidResolver {
  register(oxid: bigint, entry: ExporterEntry): void;
  unregister(oxid: bigint): void;
  resolve(oxid: bigint): OxidEntry | undefined;
  /** Something was exported, or asked for again: its clients are looked after (MAR-16). */
  touched(): void;
}

/** The object exporters of one process. */
export class ProcessOxidResolver implements OxidResolver {
  readonly #entries = new Map<bigint, OxidEntry>();

  register(oxid: bigint, entry: OxidEntry): void {
    this.#entries.set(oxid, entry);
  }

  unregister(oxid: bigint): void {
    this.#entries.delete(oxid);
  }

  resolve(oxid: bigint): OxidEntry | undefined {
    return this.#entries.get(oxid);
  }

  touched(): void {}
}
