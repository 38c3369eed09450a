import {
  ComError,
  type HResult,
  hresult,
  type Method,
  RPC_E_CLIENT_CANTMARSHAL_DATA,
  RPC_E_CLIENT_CANTUNMARSHAL_DATA,
  RPC_E_SERVER_CANTMARSHAL_DATA,
  RPC_E_SERVER_CANTUNMARSHAL_DATA,
  S_OK,
} from "@callfactory/core";
import { settleLater } from "./agreement.ts";
import type { Scope } from "./codec.ts";
import type { NdrHost } from "./host.ts";
import { compileMethod, type Direction, type MethodPlan } from "./method-plan.ts";
import type { NdrReader } from "./ndr-reader.ts";
import type { NdrWriter } from "./ndr-writer.ts";
import { newScope } from "./scope.ts";

/**
 * The bytes of one method, in both directions and for both sides.
 *
 * Values are those of `Value` in core, already checked; interface pointers are whatever the host
 * understands. A ComError that the host throws passes through.
 */
export interface MethodCodec {
  /**
   * Writes `args`: the [in] and [in,out] values in IDL order, as `Method.ins` lists them.
   *
   * @throws ComError RPC_E_CLIENT_CANTMARSHAL_DATA when a value does not fit its type or extent.
   */
  encodeRequest(writer: NdrWriter, args: readonly unknown[], host: NdrHost): void;
  /**
   * Reads what `encodeRequest` wrote.
   *
   * @throws ComError RPC_E_SERVER_CANTUNMARSHAL_DATA when the bytes are no request of the method.
   */
  decodeRequest(reader: NdrReader, host: NdrHost): unknown[];
  /**
   * Writes `outs`, all [out] and [in,out] values in IDL order, as `Method.outs` lists them, and
   * then what the method returns.
   *
   * The outs travel whatever `hr` says, as stubs do it: only a fault leaves them out. `undefined`
   * stands for a location that the server has not written to: an [out] is zero, NULL or empty,
   * an [in,out] still has its value from `ins`, the request's values (FIN-09). `hr` is not sent
   * for a `void` method; for one that returns a ULONG it is that number.
   *
   * @throws ComError RPC_E_SERVER_CANTMARSHAL_DATA when a value does not fit its type or extent.
   */
  encodeReply(
    writer: NdrWriter,
    outs: readonly unknown[],
    ins: readonly unknown[],
    hr: HResult,
    host: NdrHost,
  ): void;
  /**
   * Reads what `encodeReply` wrote; the HRESULT of a `void` method is S_OK.
   *
   * @throws ComError RPC_E_CLIENT_CANTUNMARSHAL_DATA when the bytes are no reply of the method.
   */
  decodeReply(
    reader: NdrReader,
    ins: readonly unknown[],
    host: NdrHost,
  ): { hr: HResult; outs: unknown[] };
}

/** Marks the [ptr] referents of a reply. */
const REPLY_BITS = 0x80000000;

const NOTHING: readonly unknown[] = [];
const compiled = new WeakMap<Method, MethodCodec>();

/**
 * Returns the codec of a method, compiled at the first request and kept as long as the method.
 *
 * @throws TypeError when NDR cannot express a parameter, or the method is Begin_ or Finish_: those
 *   are local, and the synchronous method's bytes travel for them.
 */
export function methodCodec(method: Method): MethodCodec {
  let codec = compiled.get(method);
  if (codec === undefined) {
    codec = build(compileMethod(method));
    compiled.set(method, codec);
  }
  return codec;
}

function build(plan: MethodPlan): MethodCodec {
  const { method, request, reply } = plan;
  const where = method.qualifiedName;
  const returnsNothing = method.returns === "void";
  return {
    encodeRequest(writer, args, host) {
      try {
        request.values.write(writer, args, scopeFor(request, host, args, NOTHING));
      } catch (error) {
        throw marshalError(RPC_E_CLIENT_CANTMARSHAL_DATA, where, error);
      }
    },
    decodeRequest(reader, host) {
      reader.blame(RPC_E_SERVER_CANTUNMARSHAL_DATA, where);
      const args = new Array<unknown>(request.codecs.length).fill(undefined);
      readAll(reader, request, args, { host, ins: args, outs: NOTHING, trailerBytes: 0 });
      return args;
    },
    encodeReply(writer, outs, ins, hr, host) {
      try {
        const values = fillOuts(plan, outs, ins, host);
        const scope = scopeFor(reply, host, ins, values);
        // The client still has the referents of the request: new ones must not look like those.
        if (request.hasFullPointers && reply.hasFullPointers) scope.replyBits = REPLY_BITS;
        reply.values.write(writer, values, scope);
        if (!returnsNothing) writer.writeUint32(hr);
      } catch (error) {
        throw marshalError(RPC_E_SERVER_CANTMARSHAL_DATA, where, error);
      }
    },
    decodeReply(reader, ins, host) {
      reader.blame(RPC_E_CLIENT_CANTUNMARSHAL_DATA, where);
      const outs = new Array<unknown>(reply.codecs.length).fill(undefined);
      const trailerBytes = returnsNothing ? 0 : 4;
      readAll(reader, reply, outs, { host, ins, outs, trailerBytes });
      return { hr: returnsNothing ? S_OK : hresult(reader.readUint32()), outs };
    },
  };
}

interface Reading {
  readonly host: NdrHost;
  readonly ins: readonly unknown[];
  readonly outs: readonly unknown[];
  /** What follows the values and must be there as well. */
  readonly trailerBytes: number;
}

/** Fills `values`, which is also `ins` or `outs` of the scope: later values see earlier ones. */
function readAll(
  reader: NdrReader,
  direction: Direction,
  values: unknown[],
  { host, ins, outs, trailerBytes }: Reading,
): void {
  if (direction.hasInterfaces) {
    // A first reading without the host: no reference is taken over from bytes that turn out bad,
    // and an iid_is parameter may come after its pointer.
    const start = reader.offset;
    readOnce(reader, direction, values, newScope(host, ins, outs, true));
    reader.take(trailerBytes || 1, trailerBytes);
    reader.rewind(start);
  }
  readOnce(reader, direction, values, scopeFor(direction, host, ins, outs));
}

function readOnce(reader: NdrReader, direction: Direction, values: unknown[], scope: Scope): void {
  direction.values.read(reader, values, scope);
  settleLater(reader, scope);
}

/** Gives every out that is unset what its location holds when a server has not written to it. */
function fillOuts(
  plan: MethodPlan,
  outs: readonly unknown[],
  ins: readonly unknown[],
  host: NdrHost,
): readonly unknown[] {
  const { unset, reply } = plan;
  if (outs.length === unset.length && !outs.includes(undefined)) return outs;
  const values = unset.map((_, place) => outs[place]);
  for (const [place, source] of unset.entries()) {
    if (values[place] !== undefined) continue;
    if (source.kind === "in") values[place] = ins[source.place];
    if (source.kind === "count") {
      const counted = outs[source.ofPlace];
      if (counted !== undefined) values[place] = source.count(counted);
    }
  }
  const scope = newScope(host, ins, values, false);
  for (const [place, codec] of reply.codecs.entries()) {
    if (values[place] === undefined) values[place] = codec.zero(scope);
  }
  return values;
}

/** Serves every direction whose codecs look at nothing but their own value. */
const NO_SCOPE: Scope = newScope(null as never, NOTHING, NOTHING, false);

function scopeFor(
  { scoped }: Direction,
  host: NdrHost,
  ins: readonly unknown[],
  outs: readonly unknown[],
): Scope {
  return scoped ? newScope(host, ins, outs, false) : NO_SCOPE;
}

/** COM failures, the host's among them, pass; whatever else went wrong is a value that does not fit. */
function marshalError(hr: HResult, where: string, error: unknown): ComError {
  if (error instanceof ComError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new ComError(hr, where, { detail, cause: error });
}
