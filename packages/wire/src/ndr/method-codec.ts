import type { HResult, Method } from "@callfactory/core";
import { ComError, E_NOTIMPL } from "@callfactory/core";
import type { NdrHost } from "./host.ts";
import type { NdrReader } from "./ndr-reader.ts";
import type { NdrWriter } from "./ndr-writer.ts";

/** The bytes of one method, in both directions and for both sides. */
export interface MethodCodec {
  /** `args`: the [in] and [in,out] values in IDL order, as `Method.ins` lists them. */
  encodeRequest(writer: NdrWriter, args: readonly unknown[], host: NdrHost): void;
  /** The inverse of `encodeRequest`. */
  decodeRequest(reader: NdrReader, host: NdrHost): unknown[];
  /**
   * `outs`: all [out] and [in,out] values in IDL order, as `Method.outs` lists them; `ins`: the
   * request's values, for size_is. An `undefined` out becomes zero, NULL or empty.
   */
  encodeReply(
    writer: NdrWriter,
    outs: readonly unknown[],
    ins: readonly unknown[],
    hr: HResult,
    host: NdrHost,
  ): void;
  /** The inverse of `encodeReply`. */
  decodeReply(
    reader: NdrReader,
    ins: readonly unknown[],
    host: NdrHost,
  ): { hr: HResult; outs: unknown[] };
}

/** The codec of a method; compiled once. */
export function methodCodec(method: Method): MethodCodec {
  const missing = (): never => {
    throw new ComError(E_NOTIMPL, method.qualifiedName);
  };
  return {
    encodeRequest: missing,
    decodeRequest: missing,
    encodeReply: missing,
    decodeReply: missing,
  };
}
