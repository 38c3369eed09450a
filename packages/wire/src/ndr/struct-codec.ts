import type { StructType } from "@callfactory/core";
import { type Codec, type FlatCodec, liftFlat, type Scope } from "./codec.ts";

/** A member: its name and codec. */
export interface Member {
  readonly name: string;
  readonly codec: Codec;
}

type Struct = Record<string, unknown>;

/** What a structure is compiled from. */
export interface StructParts {
  readonly type: StructType;
  readonly members: readonly Member[];
  /** Members size each other, so that `Scope.owner` must be set while they are at work. */
  readonly ownsExtents: boolean;
}

/**
 * A structure: members in order, each at its own alignment, the whole at the greatest of them, no
 * padding at its end (C706 14.3.6).
 *
 * @throws TypeError when it has no members, or a conformant one that is not the last.
 */
export function structCodec({ type, members, ownsExtents }: StructParts): Codec {
  const { name } = type;
  if (members.length === 0) throw new TypeError(`${name} has no members, which NDR cannot express`);
  for (const { name: member, codec } of members.slice(0, -1)) {
    if (codec.conformance !== null) {
      throw new TypeError(`${name}.${member} is conformant and not the last member`);
    }
  }
  if (members.every(({ codec }) => codec.flat !== null)) return liftFlat(flatStruct(members));
  return streamStruct(members, ownsExtents);
}

function fromEach(members: readonly Member[], make: (member: Member) => unknown): Struct {
  return Object.fromEntries(members.map((member) => [member.name, make(member)]));
}

function flatStruct(members: readonly Member[]): FlatCodec {
  const names = members.map(({ name }) => name);
  const flats = members.map(({ codec }) => codec.flat as FlatCodec);
  const offsets: number[] = [];
  let end = 0;
  let gaps = false;
  for (const { alignment, sizeBytes, gaps: inner } of flats) {
    const offset = (end + alignment - 1) & -alignment;
    gaps ||= inner || offset !== end;
    offsets.push(offset);
    end = offset + sizeBytes;
  }
  const zero = (): Struct => fromEach(members, ({ codec }) => codec.flat?.zero());
  const template = zero();
  const count = names.length;
  return {
    alignment: Math.max(...flats.map(({ alignment }) => alignment)),
    sizeBytes: end,
    gaps,
    put(memory, at, value) {
      for (let i = 0; i < count; i++) {
        const member = (value as Struct)[names[i] as string];
        (flats[i] as FlatCodec).put(memory, at + (offsets[i] as number), member);
      }
    },
    get(memory, at) {
      // A copy of one template gives all values the same hidden class.
      const value = { ...template };
      for (let i = 0; i < count; i++) {
        value[names[i] as string] = (flats[i] as FlatCodec).get(
          memory,
          at + (offsets[i] as number),
        );
      }
      return value;
    },
    zero,
  };
}

function streamStruct(members: readonly Member[], ownsExtents: boolean): Codec {
  const alignment = Math.max(...members.map(({ codec }) => codec.alignment));
  const last = members.at(-1) as Member;
  const { conformance } = last.codec;
  const deferred = members.filter(({ codec }) => codec.writeReferents !== null);
  const template = fromEach(members, () => null);

  /** Members that are sized by others find them in `value`, also while it is being filled. */
  const own = (scope: Scope, value: Struct): Scope["owner"] => {
    const outer = scope.owner;
    if (ownsExtents) scope.owner = value;
    return outer;
  };

  return {
    alignment,
    leastBytes: members.reduce((sum, { codec }) => sum + codec.leastBytes, 0),
    flat: null,
    conformance: conformance && {
      write(writer, value, scope) {
        const outer = own(scope, value as Struct);
        conformance.write(writer, (value as Struct)[last.name], scope);
        scope.owner = outer;
      },
      read: (reader, scope) => conformance.read(reader, scope),
    },
    write(writer, value, scope) {
      writer.align(alignment);
      const outer = own(scope, value as Struct);
      for (const { name, codec } of members) codec.write(writer, (value as Struct)[name], scope);
      scope.owner = outer;
    },
    read(reader, scope) {
      reader.align(alignment);
      const value = { ...template };
      const outer = own(scope, value);
      for (const { name, codec } of members) value[name] = codec.read(reader, scope);
      scope.owner = outer;
      return value;
    },
    ...referentsOf(deferred, own),
    zero(scope) {
      const value: Struct = {};
      const outer = own(scope, value);
      for (const { name, codec } of members) value[name] = codec.zero(scope);
      scope.owner = outer;
      return value;
    },
  };
}

type Own = (scope: Scope, value: Struct) => Scope["owner"];

function referentsOf(
  deferred: readonly Member[],
  own: Own,
): Pick<Codec, "writeReferents" | "readReferents"> {
  if (deferred.length === 0) return { writeReferents: null, readReferents: null };
  return {
    writeReferents(writer, value, scope) {
      const outer = own(scope, value as Struct);
      for (const { name, codec } of deferred) {
        codec.writeReferents?.(writer, (value as Struct)[name], scope);
      }
      scope.owner = outer;
    },
    readReferents(reader, standIn, scope) {
      const value = standIn as Struct;
      const outer = own(scope, value);
      for (const { name, codec } of deferred) {
        value[name] = codec.readReferents?.(reader, value[name], scope);
      }
      scope.owner = outer;
      return value;
    },
  };
}
