import type { Method } from "@callfactory/core";
import { methodCodec, NdrReader, readOrpcThis } from "@callfactory/wire";
import type { Marshals } from "./marshals.ts";
import { giveBack } from "./message.ts";

/** Gives back the packets of a request that was refused unread: nobody will unmarshal them (APT-11). */
export function withdraw(marshaler: Marshals, method: Method, bytes: Uint8Array): void {
  if (!method.hasInterfaces) return;
  const reader = new NdrReader(bytes);
  readOrpcThis(reader);
  methodCodec(method).decodeRequest(reader, {
    marshalInterface: () => null,
    unmarshalInterface: (objref) => {
      void giveBack(marshaler, objref);
      return null;
    },
  });
}
