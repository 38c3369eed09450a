import { ComError, type Guid, guidToBytes, RPC_E_OUT_OF_RESOURCES } from "@callfactory/core";
import { LITTLE_ENDIAN } from "./byte-order.ts";
import { MAX_MESSAGE_BYTES } from "./message-limit.ts";

/** The first referent id of a call, and the step to the next, as the NDR engine numbers them. */
const FIRST_REFERENT = 0x00020000;
const REFERENT_STEP = 4;

/**
 * Writes NDR 2.0, little-endian, into a buffer that grows and is used again after `reset`.
 *
 * Alignment counts from the first byte after `reset` (C706 14.2.2); gaps are zero.
 */
export class NdrWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView<ArrayBuffer>;
  #length = 0;
  #referent = FIRST_REFERENT;

  constructor(initialBytes = 256) {
    this.#bytes = new Uint8Array(initialBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes written since `reset`. */
  get length(): number {
    return this.#length;
  }

  /** The whole buffer; replaced whenever `reserve` grows it, so never kept across one. */
  get view(): DataView {
    return this.#view;
  }

  /** The same bytes; replaced together with `view`. */
  get raw(): Uint8Array {
    return this.#bytes;
  }

  /** Forgets what was written and keeps the buffer. */
  reset(): void {
    this.#length = 0;
    this.#referent = FIRST_REFERENT;
  }

  /** A copy of what was written; the caller's own. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  /** What was written, in place: valid until the next write or `reset`. */
  borrow(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /**
   * Aligns, makes room for `sizeBytes` and returns their offset; their content is undefined.
   *
   * @throws ComError RPC_E_OUT_OF_RESOURCES beyond {@link MAX_MESSAGE_BYTES}.
   */
  reserve(alignment: number, sizeBytes: number): number {
    const from = this.#length;
    const offset = (from + alignment - 1) & -alignment;
    const end = offset + sizeBytes;
    if (end > this.#bytes.length) this.#grow(end);
    for (let i = from; i < offset; i++) this.#bytes[i] = 0;
    this.#length = end;
    return offset;
  }

  /** Writes a max_count and makes room for so many elements of `sizeBytes`; returns their offset. */
  reserveCounted(count: number, sizeBytes: number): number {
    const counted = this.reserve(4, 4);
    const offset = this.reserve(sizeBytes, count * sizeBytes);
    this.#view.setUint32(counted, count, true);
    return offset;
  }

  /** Pads with zeros up to a multiple of `alignment`. */
  align(alignment: number): void {
    this.reserve(alignment, 0);
  }

  /** Sets `sizeBytes` at `offset` to zero; the range must have been reserved. */
  clear(offset: number, sizeBytes: number): void {
    this.#bytes.fill(0, offset, offset + sizeBytes);
  }

  writeUint8(value: number): void {
    const offset = this.reserve(1, 1);
    this.#view.setUint8(offset, value);
  }

  writeUint16(value: number): void {
    const offset = this.reserve(2, 2);
    this.#view.setUint16(offset, value, true);
  }

  writeUint32(value: number): void {
    const offset = this.reserve(4, 4);
    this.#view.setUint32(offset, value, true);
  }

  /** A hyper, by its 64 bits. */
  writeUint64(value: bigint): void {
    const offset = this.reserve(8, 8);
    this.#view.setBigUint64(offset, value, true);
  }

  writeGuid(value: Guid): void {
    const offset = this.reserve(4, 16);
    guidToBytes(value, this.#bytes, offset);
  }

  /** Copies `bytes` as they are, without alignment. */
  writeBytes(bytes: Uint8Array): void {
    const offset = this.reserve(1, bytes.length);
    this.#bytes.set(bytes, offset);
  }

  /** Copies the first `count` elements of a typed array, aligned to their size. */
  writeTypedArray(source: ArrayBufferView & { BYTES_PER_ELEMENT: number }, count: number): void {
    const { BYTES_PER_ELEMENT: size } = source;
    const offset = this.reserve(size, count * size);
    this.#bytes.set(new Uint8Array(source.buffer, source.byteOffset, count * size), offset);
    if (!LITTLE_ENDIAN) swapEach(this.#bytes, offset, count, size);
  }

  /** The UTF-16 code units of `text`, without a terminator. */
  writeUtf16(text: string): void {
    const { length } = text;
    const offset = this.reserve(2, length * 2);
    const view = this.#view;
    for (let i = 0; i < length; i++) view.setUint16(offset + i * 2, text.charCodeAt(i), true);
  }

  /** One byte a character; those beyond U+00FF must have been refused. */
  writeLatin1(text: string): void {
    const { length } = text;
    const offset = this.reserve(1, length);
    for (let i = 0; i < length; i++) this.#bytes[offset + i] = text.charCodeAt(i);
  }

  /** The referent id of the next pointer that is not NULL. */
  nextReferent(): number {
    const id = this.#referent;
    this.#referent = (id + REFERENT_STEP) >>> 0;
    return id;
  }

  /** Writes {@link nextReferent}, with `bits` set, and returns it. */
  writeReferent(bits = 0): number {
    const id = (this.nextReferent() | bits) >>> 0;
    this.writeUint32(id);
    return id;
  }

  #grow(neededBytes: number): void {
    if (neededBytes > MAX_MESSAGE_BYTES) {
      throw new ComError(RPC_E_OUT_OF_RESOURCES, "NDR", {
        detail: `a message of ${neededBytes} bytes exceeds ${MAX_MESSAGE_BYTES}`,
      });
    }
    const bytes = new Uint8Array(Math.max(neededBytes, this.#bytes.length * 2, 64));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

function swapEach(bytes: Uint8Array, offset: number, count: number, size: number): void {
  for (let i = 0; i < count; i++) {
    bytes.subarray(offset + i * size, offset + (i + 1) * size).reverse();
  }
}
