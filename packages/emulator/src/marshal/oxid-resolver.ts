import type { Guid } from "@callfactory/core";
import type { Channel } from "../orpc/channel.ts";

/** What an exporter knows of its NORMAL packets. */
export interface Packets {
  issuePacket(ipid: Guid): void;
  /** False when no packet of this IPID is on its way, or no longer (MAR-02). */
  redeemPacket(ipid: Guid): boolean;
  /** More references for a packet to carry; false when the IPID is gone. */
  addRefs(ipid: Guid, refs: number): boolean;
}

/** How to reach an object exporter. */
export interface OxidEntry {
  /** A channel of the caller's own, so that its requests keep their order (BEG-13). */
  connect(): Channel;
  readonly ipidRemUnknown: Guid;
  /** Which NORMAL packets of the exporter are on their way. */
  readonly packets: Packets;
}

/** Finds object exporters by OXID. */
export class OxidResolver {
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
