import {
  type Awaitable,
  E_INVALIDARG,
  E_NOTIMPL,
  GUID_NULL,
  type HResult,
  IStream,
  type Method,
  type Reply,
  S_OK,
  STG_E_INVALIDFUNCTION,
  STREAM_SEEK_CUR,
  STREAM_SEEK_END,
  STREAM_SEEK_SET,
} from "@callfactory/core";
import type { CallContext } from "../apartment/apartment.ts";
import { ComObject, type Pointer } from "../object/com-object.ts";
import type { Ledger } from "../object/ledger.ts";
import { writeStream } from "./stream-io.ts";

/** The memory that a stream and its clones share. */
interface Memory {
  bytes: Uint8Array;
  length: number;
}

/** STATSTG's type of a stream. */
const STGTY_STREAM = 2;
const NO_TIME = { dwLowDateTime: 0, dwHighDateTime: 0 };

/** A stream over memory, as CreateStreamOnHGlobal makes; it is at home in every apartment. */
export class MemoryStream extends ComObject {
  /** IStream, borrowed. */
  readonly pointer: Pointer;
  readonly #ledger: Ledger | null;
  readonly #memory: Memory;
  #position = 0;

  /** `ledger` is `null` for a stream that only COM sees. */
  constructor(ledger: Ledger | null, memory: Memory = { bytes: new Uint8Array(0), length: 0 }) {
    super({ apartment: null, ledger, kind: "object" });
    this.#ledger = ledger;
    this.#memory = memory;
    this.pointer = this.expose(IStream, (method, args, context) =>
      this.#invoke(method, args, context),
    );
  }

  /** A stream that only COM sees, with `bytes` to read. */
  static over(bytes: Uint8Array): MemoryStream {
    return new MemoryStream(null, { bytes, length: bytes.length });
  }

  /** A copy of all that is in it. */
  contents(): Uint8Array {
    return this.#memory.bytes.slice(0, this.#memory.length);
  }

  #invoke(method: Method, args: readonly unknown[], context: CallContext): Awaitable<Reply> {
    switch (method.name) {
      case "Read":
        return done(this.#read(args[0] as number));
      case "Write": {
        const [pv, cb] = args as [Uint8Array, number];
        return done(this.#write(pv.subarray(0, cb)));
      }
      case "Seek":
        return this.#seek(args[0] as bigint, args[1] as number);
      case "SetSize":
        this.#resize(Number(args[0]));
        return done(undefined);
      case "CopyTo":
        return this.#copyTo(args[0] as Pointer | null, Number(args[1]), context);
      case "Stat":
        return done(this.#stat());
      case "Clone":
        return done(this.#clone());
      // Nothing is transacted in memory.
      case "Commit":
      case "Revert":
        return done(undefined);
      default:
        return failure(method.name.endsWith("Region") ? STG_E_INVALIDFUNCTION : E_NOTIMPL);
    }
  }

  #read(count: number): Uint8Array {
    const end = Math.min(this.#position + count, this.#memory.length);
    const bytes = this.#memory.bytes.slice(Math.min(this.#position, end), end);
    this.#position = Math.max(this.#position, end);
    return bytes;
  }

  #write(bytes: Uint8Array): number {
    const end = this.#position + bytes.length;
    if (end > this.#memory.length) this.#resize(end);
    this.#memory.bytes.set(bytes, this.#position);
    this.#position = end;
    return bytes.length;
  }

  #seek(move: bigint, origin: number): Reply {
    const from: Partial<Record<number, number>> = {
      [STREAM_SEEK_SET]: 0,
      [STREAM_SEEK_CUR]: this.#position,
      [STREAM_SEEK_END]: this.#memory.length,
    };
    const base = from[origin];
    const position = base === undefined ? -1 : base + Number(move);
    if (position < 0) return failure(STG_E_INVALIDFUNCTION);
    this.#position = position;
    return done(BigInt(position));
  }

  #resize(length: number): void {
    if (length > this.#memory.bytes.length) {
      const grown = new Uint8Array(Math.max(length, 2 * this.#memory.bytes.length));
      grown.set(this.#memory.bytes.subarray(0, this.#memory.length));
      this.#memory.bytes = grown;
    } else {
      this.#memory.bytes.fill(0, length, this.#memory.length);
    }
    this.#memory.length = length;
  }

  #copyTo(target: Pointer | null, count: number, context: CallContext): Awaitable<Reply> {
    if (target === null) return failure(E_INVALIDARG);
    const bytes = this.#read(count);
    const length = BigInt(bytes.length);
    return writeStream(target, bytes, context).then(() =>
      done({ pcbRead: length, pcbWritten: length }),
    );
  }

  #stat(): unknown {
    return {
      pwcsName: null,
      type: STGTY_STREAM,
      cbSize: BigInt(this.#memory.length),
      mtime: NO_TIME,
      ctime: NO_TIME,
      atime: NO_TIME,
      grfMode: 0,
      grfLocksSupported: 0,
      clsid: GUID_NULL,
      grfStateBits: 0,
      reserved: 0,
    };
  }

  #clone(): Pointer {
    const clone = new MemoryStream(this.#ledger, this.#memory);
    clone.#position = this.#position;
    return clone.pointer;
  }
}

function done(value: unknown): Reply {
  return { hr: S_OK, value };
}

function failure(hr: HResult): Reply {
  return { hr, value: undefined };
}
