import {
  CLSID_InProcFreeMarshaler,
  CO_E_OBJNOTCONNECTED,
  ComError,
  type Guid,
  guidFromBytes,
  guidToBytes,
  MSHLFLAGS_TABLESTRONG,
  MSHLFLAGS_TABLEWEAK,
  RPC_E_INVALID_OBJREF,
} from "@callfactory/core";
import { encodeObjRef } from "@callfactory/wire";
import { ComObject, type Pointer, type Unknown } from "../object/com-object.ts";
import { querySync } from "./object-exporter.ts";

/** mshlflags, what stands for the pointer, and the process's secret. */
const DATA_BYTES = 28;

interface Entry {
  readonly identity: Unknown;
  readonly flags: number;
}

/**
 * The free-threaded marshaler: within the process, a packet stands for the object's own pointer
 * (MAR-10). It carries a number and a secret of the process, so that none that another process
 * made is taken for a pointer.
 */
export class FreeThreadedMarshaler {
  readonly #secret: Guid;
  readonly #entries = new Map<bigint, Entry>();
  #lastKey = 0n;

  constructor(secret: Guid) {
    this.#secret = secret;
  }

  /** @throws ComError E_NOINTERFACE when the object lacks `iid`. */
  marshal(object: Unknown, iid: Guid, flags: number): Uint8Array {
    const { pointer } = querySync(object, iid);
    if ((flags & MSHLFLAGS_TABLEWEAK) !== 0) pointer.unknown.release();
    const key = ++this.#lastKey;
    this.#entries.set(key, { identity: object, flags });
    const data = new Uint8Array(DATA_BYTES);
    const view = new DataView(data.buffer);
    view.setUint32(0, flags, true);
    view.setBigUint64(4, key, true);
    guidToBytes(this.#secret, data, 12);
    return encodeObjRef({ kind: "custom", iid, clsid: CLSID_InProcFreeMarshaler, data });
  }

  /** The pointer itself; a packet for one unmarshal gives its reference away (MAR-02). */
  unmarshal(data: Uint8Array, iid: Guid): Pointer {
    const { key, entry } = this.#find(data);
    const { identity } = entry;
    // A weak packet has not kept its object (MAR-03).
    if (identity instanceof ComObject && !identity.isAlive) {
      throw new ComError(CO_E_OBJNOTCONNECTED, "CoUnmarshalInterface");
    }
    const { pointer } = querySync(identity, iid);
    if (!isTable(entry)) {
      this.#entries.delete(key);
      entry.identity.release();
    }
    return pointer;
  }

  release(data: Uint8Array): void {
    const { key, entry } = this.#find(data);
    this.#entries.delete(key);
    if ((entry.flags & MSHLFLAGS_TABLEWEAK) === 0) entry.identity.release();
  }

  #find(data: Uint8Array): { readonly key: bigint; readonly entry: Entry } {
    if (data.length !== DATA_BYTES || guidFromBytes(data, 12) !== this.#secret) {
      throw new ComError(RPC_E_INVALID_OBJREF, "CoUnmarshalInterface", {
        detail: "a free-threaded object's packet of another process",
      });
    }
    const key = new DataView(data.buffer, data.byteOffset).getBigUint64(4, true);
    const entry = this.#entries.get(key);
    if (entry === undefined) throw new ComError(CO_E_OBJNOTCONNECTED, "CoUnmarshalInterface");
    return { key, entry };
  }
}

function isTable({ flags }: Entry): boolean {
  return (flags & (MSHLFLAGS_TABLESTRONG | MSHLFLAGS_TABLEWEAK)) !== 0;
}
