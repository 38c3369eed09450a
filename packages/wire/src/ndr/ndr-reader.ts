import {
  ComError,
  type Guid,
  guidFromBytes,
  type HResult,
  RPC_E_INVALID_DATA,
  type TypedArrayConstructor,
} from "@callfactory/core";
import { LITTLE_ENDIAN } from "./byte-order.ts";
import { MAX_MESSAGE_BYTES } from "./message-limit.ts";

/** Code units that one call of String.fromCharCode takes. */
const CHUNK_UNITS = 4096;

/**
 * Reads little-endian NDR 2.0 and never past the end: each read is checked first.
 *
 * Alignment counts from the first byte of `bytes`. Every failure is a ComError with the code
 * that `blame` set last, RPC_E_INVALID_DATA at first.
 */
export class NdrReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;
  #hr: HResult = RPC_E_INVALID_DATA;
  #where = "NDR";

  /**
   * Reads `bytes`, which are borrowed: they must not change while the reader is in use.
   *
   * @throws ComError RPC_E_INVALID_DATA beyond {@link MAX_MESSAGE_BYTES}.
   */
  constructor(bytes: Uint8Array) {
    if (bytes.length > MAX_MESSAGE_BYTES) {
      throw new ComError(RPC_E_INVALID_DATA, "NDR", { detail: `${bytes.length} bytes` });
    }
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get view(): DataView {
    return this.#view;
  }

  /** Where the next read starts, before alignment. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes that have not been read. */
  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  /** Says which code failures carry from here on, and what is being read. */
  blame(hr: HResult, where: string): void {
    this.#hr = hr;
    this.#where = where;
  }

  /** Throws the ComError that `blame` asked for. */
  fail(detail: string): never {
    throw new ComError(this.#hr, this.#where, { detail: `${detail} (byte ${this.#offset})` });
  }

  /** Goes back to an `offset` seen earlier. */
  rewind(offset: number): void {
    this.#offset = Math.min(offset, this.#offset);
  }

  /** Aligns, steps over `sizeBytes` and returns where they begin. */
  take(alignment: number, sizeBytes: number): number {
    const offset = (this.#offset + alignment - 1) & -alignment;
    const end = offset + sizeBytes;
    if (end > this.#bytes.length) {
      this.fail(`${sizeBytes} bytes expected, ${Math.max(0, this.#bytes.length - offset)} left`);
    }
    this.#offset = end;
    return offset;
  }

  align(alignment: number): void {
    this.take(alignment, 0);
  }

  readUint8(): number {
    return this.#view.getUint8(this.take(1, 1));
  }

  readUint16(): number {
    return this.#view.getUint16(this.take(2, 2), true);
  }

  readUint32(): number {
    return this.#view.getUint32(this.take(4, 4), true);
  }

  /** A hyper, by its 64 bits. */
  readUint64(): bigint {
    return this.#view.getBigUint64(this.take(8, 8), true);
  }

  readGuid(): Guid {
    return guidFromBytes(this.#bytes, this.take(4, 16));
  }

  /** A copy of the next `count` bytes, without alignment. */
  readBytes(count: number): Uint8Array<ArrayBuffer> {
    const offset = this.take(1, count);
    const copy = new Uint8Array(count);
    copy.set(this.#bytes.subarray(offset, offset + count));
    return copy;
  }

  /** A typed array of its own with the next `count` elements, aligned to their size. */
  readTypedArray(kind: TypedArrayConstructor, count: number): ArrayBufferView {
    const size = kind.BYTES_PER_ELEMENT;
    const offset = this.take(size, count * size);
    const copy = new Uint8Array(count * size);
    copy.set(this.#bytes.subarray(offset, offset + copy.length));
    if (!LITTLE_ENDIAN) {
      for (let i = 0; i < copy.length; i += size) copy.subarray(i, i + size).reverse();
    }
    return new kind(copy.buffer);
  }

  /** The next `units` UTF-16 code units; lone surrogates stay as they are. */
  readUtf16(units: number): string {
    const offset = this.take(2, units * 2);
    const codes: number[] = [];
    let text = "";
    for (let i = 0; i < units; i++) {
      codes.push(this.#view.getUint16(offset + i * 2, true));
      if (codes.length === CHUNK_UNITS) {
        text += String.fromCharCode(...codes);
        codes.length = 0;
      }
    }
    return text + String.fromCharCode(...codes);
  }
}
