import type { Awaitable, Guid, MarshalOptions } from "@callfactory/core";
import type { Pointer } from "../object/com-object.ts";

/** Turns interface pointers into packets and back, for one apartment: CoMarshalInterface and its kin. */
export interface Marshals {
  /**
   * Writes a packet; the pointer stays the caller's. Answers at once unless the object has to be
   * asked, or the server of a proxy.
   *
   * @throws ComError E_NOINTERFACE, REGDB_E_IIDNOTREG (MAR-09).
   */
  marshal(pointer: Pointer, iid: Guid, options?: MarshalOptions): Awaitable<Uint8Array>;
  /**
   * Makes a pointer of a packet; the caller owns the reference.
   *
   * @throws ComError CO_E_OBJNOTCONNECTED, REGDB_E_IIDNOTREG, RPC_E_INVALID_OBJREF (MAR-05).
   */
  unmarshal(objref: Uint8Array, iid: Guid): Awaitable<Pointer>;
  /** Gives back what a packet holds that is not unmarshaled (MAR-02, MAR-03). */
  releaseMarshalData(objref: Uint8Array): Awaitable<void>;
}
