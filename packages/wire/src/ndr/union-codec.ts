import type { UnionType } from "@callfactory/core";
import { agree } from "./agreement.ts";
import type { Codec, FlatCodec, Lookup, Scope } from "./codec.ts";
import type { NdrReader } from "./ndr-reader.ts";

/** What a union is compiled from: the codecs stand in the order of the arms, `null` for empty ones. */
export interface UnionParts {
  readonly type: UnionType;
  readonly discriminant: FlatCodec;
  readonly arms: readonly (Codec | null)[];
  readonly switchIs: Lookup | null;
}

interface Tagged {
  readonly tag: unknown;
  value?: unknown;
}

/**
 * A union: its discriminant, then the arm that it selects at the arm's own alignment (C706 14.3.8).
 *
 * A structure around it is aligned to the greatest of all arms. A non-encapsulated union is the
 * same; that its tag also travels as a member or parameter is checked.
 *
 * @throws TypeError when an arm is conformant.
 */
export function unionCodec({ type, discriminant, arms, switchIs }: UnionParts): Codec {
  const { name } = type;
  const byLabel = new Map<unknown, Codec | null>();
  let fallback: Codec | null | undefined;
  for (const [i, codec] of arms.entries()) {
    const { labels = [] } = type.arms[i] ?? {};
    if (codec !== null && codec.conformance !== null) {
      throw new TypeError(`${name}: a conformant arm`);
    }
    for (const label of labels) byLabel.set(label, codec);
    if (labels.length === 0) fallback = codec;
  }
  const armOf = (tag: unknown): Codec | null | undefined => {
    const codec = byLabel.get(tag);
    return codec === undefined ? fallback : codec;
  };
  const present = arms.filter((codec) => codec !== null);
  return {
    alignment: Math.max(discriminant.alignment, ...present.map(({ alignment }) => alignment)),
    leastBytes: discriminant.sizeBytes,
    flat: null,
    conformance: null,
    write(writer, value, scope) {
      const { tag, value: inner } = value as Tagged;
      const codec = armOf(tag);
      if (codec === undefined) throw noArm(name, tag);
      const said = switchIs?.(scope) ?? tag;
      if (Number(said) !== Number(tag)) {
        throw new RangeError(`${name} with tag ${String(tag)}, switch_is ${String(said)}`);
      }
      const offset = writer.reserve(discriminant.alignment, discriminant.sizeBytes);
      discriminant.put(writer, offset, tag);
      codec?.write(writer, inner, scope);
    },
    read(reader, scope) {
      const tag = readTag(reader, discriminant);
      const codec = armOf(tag);
      if (codec === undefined) reader.fail(noArm(name, tag).message);
      agree(reader, scope, Number(tag), switchIs, "switch_is");
      return { tag, value: codec?.read(reader, scope) };
    },
    ...referentsOf(present, armOf),
    zero(scope: Scope) {
      const tag = switchIs?.(scope) ?? discriminant.zero();
      // Memory that nobody has written to may fit no arm; it does not marshal then.
      return { tag, value: armOf(tag)?.zero(scope) };
    },
  };
}

function readTag(reader: NdrReader, discriminant: FlatCodec): unknown {
  const offset = reader.take(discriminant.alignment, discriminant.sizeBytes);
  return discriminant.get(reader, offset);
}

function referentsOf(
  present: readonly Codec[],
  armOf: (tag: unknown) => Codec | null | undefined,
): Pick<Codec, "writeReferents" | "readReferents"> {
  if (present.every(({ writeReferents }) => writeReferents === null)) {
    return { writeReferents: null, readReferents: null };
  }
  return {
    writeReferents(writer, value, scope) {
      const { tag, value: inner } = value as Tagged;
      armOf(tag)?.writeReferents?.(writer, inner, scope);
    },
    readReferents(reader, standIn, scope) {
      const union = standIn as Tagged;
      const codec = armOf(union.tag);
      if (codec?.readReferents) union.value = codec.readReferents(reader, union.value, scope);
      return union;
    },
  };
}

function noArm(name: string, tag: unknown): RangeError {
  return new RangeError(`${name} has no arm for ${String(tag)}`);
}
