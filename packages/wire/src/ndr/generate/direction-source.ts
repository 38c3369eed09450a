import type { Type } from "@callfactory/core";
import { type Codec, readWhole, type Scope, writeWhole } from "../codec.ts";
import type { NdrReader } from "../ndr-reader.ts";
import type { NdrWriter } from "../ndr-writer.ts";
import { canGenerate, Emitter } from "./emitter.ts";
import { isKnown } from "./known.ts";
import { type Names, WholeSource } from "./whole.ts";

/** Reads and writes all values of one direction of a method, in IDL order. */
export interface ValuesCodec {
  /** Whether the scope is looked at; `null` when only the types can tell. */
  readonly scoped: boolean | null;
  write(writer: NdrWriter, values: readonly unknown[], scope: Scope): void;
  /** Fills `values` from the first on: later ones may be sized by earlier ones. */
  read(reader: NdrReader, values: unknown[], scope: Scope): void;
}

/**
 * Makes the codec of a direction. Where the platform allows it, that is one function of generated
 * source for all values, which runs as fast as one written by hand; types that the generator does
 * not know go through their own codecs in the midst of it.
 */
export function valuesCodec(
  types: readonly Type[],
  codecs: readonly Codec[],
  names: Names,
): ValuesCodec {
  return canGenerate() ? generatedCodec(types, codecs, names) : composedCodec(codecs);
}

/** The codec of a direction without generated source. */
export function composedCodec(codecs: readonly Codec[]): ValuesCodec {
  return {
    scoped: null,
    write(writer, values, scope) {
      for (let i = 0; i < codecs.length; i++) {
        writeWhole(codecs[i] as Codec, writer, values[i], scope);
      }
    },
    read(reader, values, scope) {
      for (let i = 0; i < codecs.length; i++) {
        values[i] = readWhole(codecs[i] as Codec, reader, scope);
      }
    },
  };
}

/** The codec of a direction as generated source; the platform must allow it. */
export function generatedCodec(
  types: readonly Type[],
  codecs: readonly Codec[],
  names: Names,
): ValuesCodec {
  const write = new Emitter();
  const writing = new WholeSource(write, names);
  const writes = types.map((type, i) =>
    isKnown(type)
      ? writing.write(type, `a[${i}]`, null)
      : `${write.constant(writeWhole)}(${write.constant(codecs[i])}, w, a[${i}], s);`,
  );
  const read = new Emitter();
  const reading = new WholeSource(read, names);
  const reads = types.map((type, i) =>
    isKnown(type)
      ? reading.read(type, `a[${i}]`, null)
      : `a[${i}] = ${read.constant(readWhole)}(${read.constant(codecs[i])}, r, s);`,
  );
  return {
    scoped: [...writes, ...reads].some((source) => /\bs\b/.test(source)),
    write: write.build("w, a, s", `let v, raw;\n${writes.join("\n")}`) as ValuesCodec["write"],
    read: read.build(
      "r, a, s",
      `const v = r.view, raw = r.raw;\n${reads.join("\n")}`,
    ) as ValuesCodec["read"],
  };
}
