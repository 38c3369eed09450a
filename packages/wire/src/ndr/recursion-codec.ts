import type { Codec, Scope } from "./codec.ts";
import type { NdrReader } from "./ndr-reader.ts";

/**
 * How many levels of types that contain themselves a value may have. Reading and writing them
 * recurses, and must end before the stack does.
 */
const MAX_NESTING = 2000;

/** A codec that is still being compiled. */
export interface OpenCodec {
  codec: Codec | null;
  /** How deep in the descriptor it stands. */
  readonly depth: number;
}

/**
 * A type within itself, behind a pointer; `levels` is the length of the way around.
 *
 * Reading fails as bytes do that fit no type, writing with a RangeError, when the value is nested
 * deeper than the limit.
 */
export function recursionCodec(open: OpenCodec, levels: number): Codec {
  const target = (): Codec => open.codec as Codec;
  const nested = <T>(scope: Scope, reader: NdrReader | null, work: () => T): T => {
    scope.nesting += levels;
    try {
      if (scope.nesting > MAX_NESTING) {
        const detail = `nested deeper than ${MAX_NESTING} levels`;
        if (reader === null) throw new RangeError(detail);
        reader.fail(detail);
      }
      return work();
    } finally {
      scope.nesting -= levels;
    }
  };
  return {
    alignment: 1,
    leastBytes: 1,
    flat: null,
    conformance: {
      write: (writer, value, scope) => target().conformance?.write(writer, value, scope),
      read: (reader, scope) => target().conformance?.read(reader, scope),
    },
    write: (writer, value, scope) => target().write(writer, value, scope),
    read: (reader, scope) => target().read(reader, scope),
    writeReferents: (writer, value, scope) =>
      nested(scope, null, () => target().writeReferents?.(writer, value, scope)),
    readReferents: (reader, standIn, scope) =>
      nested(scope, reader, () => {
        const { readReferents } = target();
        return readReferents === null ? standIn : readReferents(reader, standIn, scope);
      }),
    zero: (scope) => nested(scope, null, () => target().zero(scope)),
  };
}
