import { Currency, Decimal, OleDate } from "@callfactory/core";
import type { Codec, FlatCodec } from "../ndr/codec.ts";

const DECIMAL_BYTES = 16;
const DECIMAL_NEG = 0x80;
const MOST_SCALE = 28;
const LOW_BITS = 64n;

const CURRENCY_ZERO = new Currency(0n);
const DATE_ZERO = new OleDate(0);
const DECIMAL_ZERO = new Decimal({ negative: false, digits: 0n, scale: 0 });

/** An int64 of ten-thousandths ([MS-OAUT] 2.2.24). */
export const CURRENCY_CODEC: FlatCodec = {
  alignment: 8,
  sizeBytes: 8,
  gaps: false,
  put: ({ view }, at, value) => view.setBigInt64(at, (value as Currency).scaled, true),
  get: ({ view }, at) => new Currency(view.getBigInt64(at, true)),
  zero: () => CURRENCY_ZERO,
};

/** A double of days ([MS-OAUT] 2.2.25). */
export const DATE_CODEC: FlatCodec = {
  alignment: 8,
  sizeBytes: 8,
  gaps: false,
  put: ({ view }, at, value) => view.setFloat64(at, (value as OleDate).days, true),
  get: ({ view }, at) => new OleDate(view.getFloat64(at, true)),
  zero: () => DATE_ZERO,
};

/**
 * wReserved 2, scale 1, sign 1, Hi32 4, Lo64 8 ([MS-OAUT] 2.2.26); wReserved is zero, and ignored
 * when read.
 */
export const DECIMAL_CODEC: Codec = {
  alignment: 8,
  leastBytes: DECIMAL_BYTES,
  flat: null,
  conformance: null,
  write(writer, value) {
    const { negative, digits, scale } = value as Decimal;
    const at = writer.reserve(8, DECIMAL_BYTES);
    const { view } = writer;
    view.setUint16(at, 0, true);
    view.setUint8(at + 2, scale);
    view.setUint8(at + 3, negative ? DECIMAL_NEG : 0);
    view.setUint32(at + 4, Number(digits >> LOW_BITS), true);
    view.setBigUint64(at + 8, BigInt.asUintN(64, digits), true);
  },
  read(reader) {
    const at = reader.take(8, DECIMAL_BYTES);
    const { view } = reader;
    const scale = view.getUint8(at + 2);
    const sign = view.getUint8(at + 3);
    if (scale > MOST_SCALE) reader.fail(`a DECIMAL of ${scale} decimals`);
    if (sign !== 0 && sign !== DECIMAL_NEG) reader.fail(`a DECIMAL with the sign ${sign}`);
    const high = BigInt(view.getUint32(at + 4, true));
    const digits = (high << LOW_BITS) | view.getBigUint64(at + 8, true);
    return new Decimal({ negative: sign === DECIMAL_NEG, digits, scale });
  },
  writeReferents: null,
  readReferents: null,
  zero: () => DECIMAL_ZERO,
};
