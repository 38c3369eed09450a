import { ComError, hresult, RPC_E_INVALIDMETHOD, S_OK } from "@callfactory/core";
import { methodCodec, type NdrHost, NdrReader, NdrWriter } from "@callfactory/wire";
import type { Endpoint, OrpcReply, OrpcRequest, OutgoingCall } from "../orpc/channel.ts";
import { OR_INVALID_SET, objectExporterMethod, SIMPLE_PING } from "./object-exporter-methods.ts";

interface PingSet {
  readonly oids: Set<bigint>;
  lastPingMs: number;
  sequence: number;
}

/** Messages of IObjectExporter carry no pointers. */
const NO_POINTERS: NdrHost = {
  marshalInterface: () => null,
  unmarshalInterface: () => null,
};

/** The server's side of pinging: which clients hold which objects, and when they were last heard of (MAR-16). */
export class PingSets implements Endpoint {
  readonly place = { kind: "mta", threadId: 0 } as const;
  readonly #now: () => number;
  readonly #nextSetId: () => bigint;
  readonly #sets = new Map<bigint, PingSet>();

  constructor(now: () => number, nextSetId: () => bigint) {
    this.#now = now;
    this.#nextSetId = nextSetId;
  }

  /** When a client that holds `oid` was last heard of; `-Infinity` when none is known. */
  lastPingMs(oid: bigint): number {
    let lastMs = Number.NEGATIVE_INFINITY;
    for (const set of this.#sets.values()) {
      if (set.oids.has(oid)) lastMs = Math.max(lastMs, set.lastPingMs);
    }
    return lastMs;
  }

  /** Forgets the sets of clients that were last heard of before. */
  expire(beforeMs: number): void {
    for (const [id, set] of this.#sets) if (set.lastPingMs <= beforeMs) this.#sets.delete(id);
  }

  receive(request: OrpcRequest, respond: (reply: OrpcReply) => void): OutgoingCall {
    respond(this.#answer(request));
    return { cancel: () => {} };
  }

  #answer({ opnum, bytes }: OrpcRequest): OrpcReply {
    const method = objectExporterMethod(opnum);
    if (method === undefined) return { kind: "fault", hr: RPC_E_INVALIDMETHOD };
    const codec = methodCodec(method);
    let args: readonly unknown[];
    try {
      args = codec.decodeRequest(new NdrReader(bytes), NO_POINTERS);
    } catch (error) {
      if (!(error instanceof ComError)) throw error;
      return { kind: "fault", hr: error.hr };
    }
    const { status, outs } =
      method === SIMPLE_PING
        ? this.#simplePing(args[0] as bigint)
        : this.#complexPing(args as unknown as ComplexPingArgs);
    const writer = new NdrWriter(64);
    codec.encodeReply(writer, outs, args, hresult(status), NO_POINTERS);
    return { kind: "response", bytes: writer.bytes() };
  }

  #simplePing(setId: bigint): PingOutcome {
    const set = this.#sets.get(setId);
    if (set === undefined) return { status: OR_INVALID_SET, outs: [] };
    set.lastPingMs = this.#now();
    return { status: S_OK, outs: [] };
  }

  #complexPing([setId, sequence, , , added, removed]: ComplexPingArgs): PingOutcome {
    const isNew = setId === 0n;
    const id = isNew ? this.#nextSetId() : setId;
    const set = isNew ? newSet() : this.#sets.get(id);
    if (set === undefined) return { status: OR_INVALID_SET, outs: [setId, 0] };
    this.#sets.set(id, set);
    set.lastPingMs = this.#now();
    // One that was overtaken by a later one changes nothing.
    if (!isNew && sequence <= set.sequence) return { status: S_OK, outs: [id, 0] };
    set.sequence = sequence;
    for (const oid of added ?? []) set.oids.add(oid);
    for (const oid of removed ?? []) set.oids.delete(oid);
    return { status: S_OK, outs: [id, 0] };
  }
}

type Oids = BigUint64Array | null;
type ComplexPingArgs = readonly [bigint, number, number, number, Oids, Oids];

interface PingOutcome {
  /** An error_status_t; travels as an HRESULT does. */
  readonly status: number;
  readonly outs: readonly unknown[];
}

function newSet(): PingSet {
  return { oids: new Set(), lastPingMs: 0, sequence: 0 };
}
