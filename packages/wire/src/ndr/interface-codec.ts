import type { Guid, InterfaceType } from "@callfactory/core";
import type { Codec, Lookup, Scope } from "./codec.ts";

/**
 * An interface pointer: a referent id; deferred a MInterfacePointer, which is max_count, ulCntData
 * and that many bytes of an OBJREF ([MS-DCOM] 2.2.14).
 *
 * A host that answers `null` for a pointer gets a MInterfacePointer of no bytes, which reads as
 * NULL: its referent id may have been written long before.
 */
export function interfaceCodec(type: InterfaceType, iidIs: Lookup | null): Codec {
  const iidOf = (scope: Scope): Guid => {
    const named = iidIs?.(scope);
    return typeof named === "string" ? (named as Guid) : type.resolve().iid;
  };
  return {
    alignment: 4,
    leastBytes: 4,
    flat: null,
    conformance: null,
    write(writer, value) {
      if (value === null) writer.writeUint32(0);
      else writer.writeReferent();
    },
    read: (reader) => reader.readUint32() !== 0,
    writeReferents(writer, value, scope) {
      if (value === null) return;
      const objref = scope.host.marshalInterface(value, iidOf(scope));
      const length = objref === null ? 0 : objref.length;
      writer.writeUint32(length); // max_count
      writer.writeUint32(length); // ulCntData
      if (objref !== null) writer.writeBytes(objref);
    },
    readReferents(reader, present, scope) {
      if (present !== true) return null;
      const max = reader.readUint32();
      const length = reader.readUint32();
      if (max !== length) reader.fail(`an OBJREF of ${length} bytes in ${max}`);
      const objref = reader.readBytes(length);
      if (length === 0 || scope.probing) return null;
      return scope.host.unmarshalInterface(objref, iidOf(scope));
    },
    zero: () => null,
  };
}
