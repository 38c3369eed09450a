import { EXTCONN_STRONG, type Guid, IExternalConnection, type Method } from "@callfactory/core";
import type { Apartment } from "../apartment/apartment.ts";
import type { Pointer, Unknown } from "../object/com-object.ts";
import type { LedgerDescription, LedgerItem } from "../object/ledger.ts";
import type { InterfaceStub } from "./interface-stub.ts";

const ADD_CONNECTION = IExternalConnection.members.get("AddConnection") as Method;
const RELEASE_CONNECTION = IExternalConnection.members.get("ReleaseConnection") as Method;

/** The stub manager: one exported object, its stubs, and what clients hold of them (MAR-15). */
export class StubManager implements LedgerItem {
  readonly ledgerKind = "stub";
  readonly oid: bigint;
  /** Owned: one reference. */
  readonly identity: Unknown;
  readonly stubs = new Map<Guid, InterfaceStub>();
  /** Clients ping it, or else are taken for dead; decided when it is first marshaled (MAR-04). */
  readonly isPinged: boolean;
  /** When a client was last known to be there, by the scheduler's clock. */
  lastSeenMs = 0;
  /** CoLockObjectExternal (LIFE-04). */
  locks = 0;
  readonly #apartment: Apartment;
  /** The object's own IExternalConnection, owned (LIFE-05). */
  readonly #external: Pointer | null;
  #isConnected = false;

  constructor(parts: {
    readonly oid: bigint;
    readonly identity: Unknown;
    readonly apartment: Apartment;
    readonly isPinged: boolean;
  }) {
    this.oid = parts.oid;
    this.identity = parts.identity;
    this.isPinged = parts.isPinged;
    this.#apartment = parts.apartment;
    const found = parts.identity.query(IExternalConnection.iid);
    this.#external = found instanceof Promise ? null : found.pointer;
  }

  /**
   * Takes note of a change in what holds the object: tells it of its first strong external
   * connection and of its last (LIFE-05), whose end closes it when `closes` (LIFE-04).
   *
   * @returns whether the object stays exported. TABLEWEAK packets alone keep it so until a last
   *   strong connection closes; when the object counts connections itself, also after that (MAR-20).
   */
  settle(closes = true): boolean {
    const wasConnected = this.#isConnected;
    const stubs = [...this.stubs.values()];
    this.#isConnected = this.locks > 0 || stubs.some((stub) => stub.isStrong);
    if (this.#isConnected !== wasConnected) {
      if (this.#isConnected) this.#tell(ADD_CONNECTION, [EXTCONN_STRONG, 0]);
      else this.#tell(RELEASE_CONNECTION, [EXTCONN_STRONG, 0, closes]);
    }
    if (this.#isConnected) return true;
    const isWeak = stubs.some((stub) => stub.tables.weak > 0);
    return isWeak && !(wasConnected && closes && this.#external === null);
  }

  /** Lets go of the object. */
  release(): void {
    for (const stub of this.stubs.values()) stub.pointer.unknown.release();
    this.#external?.unknown.release();
    this.identity.release();
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

  #tell(method: Method, args: readonly unknown[]): void {
    void this.#external?.invoke(method, args, this.#apartment.thread.direct);
  }
}
