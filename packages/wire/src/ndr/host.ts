import type { Guid } from "@callfactory/core";

/** How interface pointers enter and leave the bytes: CoMarshalInterface and its inverse, without a stream. */
export interface NdrHost {
  /**
   * Returns the OBJREF for what the caller passed in the place of an interface pointer; `null`
   * puts NULL on the wire. Never called with `null` itself.
   */
  marshalInterface(pointer: unknown, iid: Guid): Uint8Array | null;
  /**
   * Turns an OBJREF into a pointer. `objref` is a copy and may be kept. Called only when the whole
   * message has been found well formed, so that bad bytes never take over a reference.
   */
  unmarshalInterface(objref: Uint8Array, iid: Guid): unknown;
}
