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

/** Finds object exporters by OXID. */
export interface OxidResolver {
  register(oxid: bigint, entry: OxidEntry): void;
  unregister(oxid: bigint): void;
  resolve(oxid: bigint): OxidEntry | undefined;
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
}
