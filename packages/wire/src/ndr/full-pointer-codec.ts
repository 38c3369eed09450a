import { type Type, typeName } from "@callfactory/core";
import { type Codec, type Scope, writeWhole } from "./codec.ts";
import { FullPointers, PENDING } from "./full-pointers.ts";
import type { NdrReader } from "./ndr-reader.ts";

/**
 * A `[ptr]` pointer: a referent id, 0 for NULL; the referent is deferred and stands in the message
 * once, behind the first pointer to it (C706 14.3.12.2).
 *
 * Objects are shared, and may lead back to themselves. Strings and numbers have no identity, so
 * that each pointer to one is written with a referent of its own.
 */
export function fullCodec(target: Codec, type: Type): Codec {
  return {
    alignment: 4,
    leastBytes: 4,
    flat: null,
    conformance: null,
    write(writer, value, scope) {
      if (value === null) {
        writer.writeUint32(0);
        return;
      }
      if (typeof value !== "object") {
        writer.writeReferent(scope.replyBits);
        return;
      }
      const full = (scope.full ??= new FullPointers());
      const known = full.referentOf(value, type);
      if (known === undefined) full.add(value, type, writer.writeReferent(scope.replyBits));
      else writer.writeUint32(known.id);
    },
    read: (reader) => reader.readUint32(),
    writeReferents(writer, value, scope) {
      if (value === null) return;
      if (typeof value === "object") {
        const referent = scope.full?.referentOf(value, type);
        if (referent === undefined || referent.written) return;
        referent.written = true;
      }
      writeWhole(target, writer, value, scope);
    },
    readReferents: (reader, id, scope) =>
      id === 0 ? null : readReferent(target, type, { reader, id: id as number, scope }),
    zero: () => null,
  };
}

interface Reading {
  readonly reader: NdrReader;
  readonly id: number;
  readonly scope: Scope;
}

function readReferent(target: Codec, type: Type, { reader, id, scope }: Reading): unknown {
  const full = (scope.full ??= new FullPointers());
  const known = full.arrival(id);
  if (known !== undefined) {
    if (known.type !== type) {
      return reader.fail(`referent ${id} is a ${typeName(known.type)} and a ${typeName(type)}`);
    }
    if (known.value === PENDING) return reader.fail(`referent ${id} is a pointer to itself`);
    return known.value;
  }
  const arrival = full.expect(id, type);
  if (target.conformance !== null) target.conformance.read(reader, scope);
  const inline = target.read(reader, scope);
  // Structures, unions and arrays are filled in place, so that their own members may share them.
  if (typeof inline === "object" && inline !== null) arrival.value = inline;
  if (target.readReferents !== null) {
    arrival.value = target.readReferents(reader, inline, scope);
  } else arrival.value = inline;
  return arrival.value;
}
