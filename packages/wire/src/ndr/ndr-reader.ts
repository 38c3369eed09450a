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

/** From here on calling the decoder pays. */
const LEAST_DECODED_UNITS = 128;
/** Bytes that become characters at once: as many as a call takes arguments without trouble. */
const LATIN1_STEP = 1024;
const DECODER = new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true });

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

  /** The whole message. */
  get view(): DataView {
    return this.#view;
  }

  /** The same bytes. */
  get raw(): Uint8Array {
    return this.#bytes;
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

  /** The next `count` bytes, each as the character of its number. */
  readLatin1(count: number): string {
    const offset = this.take(1, count);
    let text = "";
    for (let at = offset; at < offset + count; at += LATIN1_STEP) {
      const bytes = this.#bytes.subarray(at, Math.min(at + LATIN1_STEP, offset + count));
      text += String.fromCharCode(...bytes);
    }
    return text;
  }

  /** The next `units` UTF-16 code units; lone surrogates stay as they are. */
  readUtf16(units: number): string {
    const offset = this.take(2, units * 2);
    if (units >= LEAST_DECODED_UNITS) {
      try {
        return DECODER.decode(this.#bytes.subarray(offset, offset + units * 2));
      } catch {
        // A lone surrogate, which no decoder lets through unchanged.
      }
    }
    return joinUnits(this.#view, offset, units);
  }
}

/** Eight units at a time, which beats both one by one and all at once. */
function joinUnits(view: DataView, offset: number, units: number): string {
  let text = "";
  let at = offset;
  const end = offset + units * 2;
  for (; at + 16 <= end; at += 16) {
    text += String.fromCharCode(
      view.getUint16(at, true),
      view.getUint16(at + 2, true),
      view.getUint16(at + 4, true),
      view.getUint16(at + 6, true),
      view.getUint16(at + 8, true),
      view.getUint16(at + 10, true),
      view.getUint16(at + 12, true),
      view.getUint16(at + 14, true),
    );
  }
  for (; at < end; at += 2) text += String.fromCharCode(view.getUint16(at, true));
  return text;
}
