import type { Codec, Scope } from "./codec.ts";

/**
 * How many levels of types that contain themselves a value may have. Reading and writing them
 * recurses, and must end before the stack does.
 */
const MAX_NESTING = 1200;
const TOO_DEEP = `nested deeper than ${MAX_NESTING} levels`;

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
    writeReferents(writer, value, scope) {
      const { writeReferents } = target();
      if (writeReferents === null) return;
      enter(scope, levels);
      writeReferents(writer, value, scope);
      scope.nesting -= levels;
    },
    readReferents(reader, standIn, scope) {
      const { readReferents } = target();
      if (readReferents === null) return standIn;
      if (scope.nesting + levels > MAX_NESTING) reader.fail(TOO_DEEP);
      scope.nesting += levels;
      const value = readReferents(reader, standIn, scope);
      scope.nesting -= levels;
      return value;
    },
    zero(scope) {
      enter(scope, levels);
      const value = target().zero(scope);
      scope.nesting -= levels;
      return value;
    },
  };
}

/** Goes `levels` down; what throws leaves a scope behind that nobody uses again. */
function enter(scope: Scope, levels: number): void {
  if (scope.nesting + levels > MAX_NESTING) throw new RangeError(TOO_DEEP);
  scope.nesting += levels;
}
