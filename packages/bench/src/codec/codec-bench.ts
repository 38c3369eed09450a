import assert from "node:assert/strict";
import { methodCodec, type NdrHost, NdrReader, NdrWriter } from "@callfactory/wire";
import { Packr } from "msgpackr";
import { type Contender, type Effort, type Measured, measure } from "../measure.ts";
import { readByHand, writeByHand } from "./hand-written.ts";
import { makeSample, SEND } from "./sample.ts";

/** No interface pointers occur. */
const HOST: NdrHost = {
  marshalInterface: () => {
    throw new Error("a sample has no pointers");
  },
  unmarshalInterface: () => {
    throw new Error("a sample has no pointers");
  },
};

/** The rates of one direction, ours first. */
export interface CodecRates {
  readonly direction: "encode" | "decode";
  readonly doubles: number;
  readonly rows: readonly Measured[];
}

/** Encodes and decodes a SAMPLE with `doubles` doubles: NDR, by hand, and msgpackr's records. */
export function benchCodecs(doubles: number, effort: Effort): CodecRates[] {
  const codec = methodCodec(SEND);
  const writer = new NdrWriter(8192);
  const args = [makeSample(doubles)];
  const view = new DataView(new ArrayBuffer(8192));
  const packr = new Packr({ structures: [] });
  codec.encodeRequest(writer, args, HOST);
  const bytes = writer.bytes();
  assert.deepEqual(codec.decodeRequest(new NdrReader(bytes), HOST), args);
  const handWritten = writeByHand(view, args[0] as ReturnType<typeof makeSample>);
  // Both speak the same bytes, or the comparison means nothing.
  assert.deepEqual(new Uint8Array(view.buffer, 0, handWritten), bytes);
  const packed = Uint8Array.from(packr.pack(plain(doubles)));
  return [
    { direction: "encode", doubles, rows: measure(encoders(), effort) },
    { direction: "decode", doubles, rows: measure(decoders(), effort) },
  ];

  function encoders(): Contender[] {
    const sample = makeSample(doubles);
    const value = plain(doubles);
    return [
      repeat("NDR, pooled", () => {
        writer.reset();
        codec.encodeRequest(writer, args, HOST);
        return writer.length;
      }),
      repeat("NDR, copied out of the pool", () => {
        writer.reset();
        codec.encodeRequest(writer, args, HOST);
        return writer.bytes().length;
      }),
      repeat("by hand, preallocated", () => writeByHand(view, sample)),
      repeat("msgpackr, records", () => packr.pack(value).length),
    ];
  }

  function decoders(): Contender[] {
    const source = new DataView(bytes.buffer);
    return [
      repeat("NDR", () => codec.decodeRequest(new NdrReader(bytes), HOST).length),
      repeat("by hand", () => readByHand(source).count),
      repeat("msgpackr, records", () => (packr.unpack(packed) as { count: number }).count),
    ];
  }
}

/** MessagePack has no typed arrays: an ordinary one is what its users have. */
function plain(doubles: number): unknown {
  const sample = makeSample(doubles);
  return { ...sample, values: [...sample.values] };
}

let sink = 0;

/** Keeps what `once` returns, so that no compiler leaves it out. */
function repeat(name: string, once: () => number): Contender {
  return {
    name,
    run: (count) => {
      for (let i = 0; i < count; i++) sink = (sink + once()) | 0;
    },
  };
}
