import type { Guid } from "@callfactory/core";
import type { Apartment } from "../apartment/apartment.ts";
import type { Unknown } from "../object/com-object.ts";
import type { LedgerDescription, LedgerItem } from "../object/ledger.ts";
import type { InterfaceStub } from "./interface-stub.ts";

/** The stub manager: one exported object, its stubs, and what clients hold of them (MAR-15). */
export class StubManager implements LedgerItem {
  readonly ledgerKind = "stub";
  readonly oid: bigint;
  /** Owned: one reference. */
  readonly identity: Unknown;
  readonly stubs = new Map<Guid, InterfaceStub>();
  readonly #apartment: Apartment;

  constructor(oid: bigint, identity: Unknown, apartment: Apartment) {
    this.oid = oid;
    this.identity = identity;
    this.#apartment = apartment;
  }

  describe(): LedgerDescription {
    const stubs = [...this.stubs.values()];
    const names = stubs.map(({ pointer, ipid }) => `${pointer.iface.name} {${ipid}}`);
    return {
      name: `${names.join(", ")} of OID ${this.oid}`,
      apartment: this.#apartment.name,
      references: stubs.reduce((sum, { refs }) => sum + refs, 0),
    };
  }
}
