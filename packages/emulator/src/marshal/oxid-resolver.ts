import type { Guid } from "@callfactory/core";
import type { Channel } from "../orpc/channel.ts";

/** How to reach an object exporter. */
export interface OxidEntry {
  /** A channel of the caller's own, so that its requests keep their order (BEG-13). */
  connect(): Channel;
  readonly ipidRemUnknown: Guid;
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
