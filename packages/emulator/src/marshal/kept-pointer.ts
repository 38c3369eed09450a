import {
  type Awaitable,
  ComError,
  type Guid,
  MSHCTX_INPROC,
  MSHLFLAGS_TABLESTRONG,
} from "@callfactory/core";
import { chain } from "../object/awaitable.ts";
import type { Pointer } from "../object/com-object.ts";
import type { Marshaler } from "./marshaler.ts";

/** How a pointer is kept. */
export interface KeptOptions {
  /** MSHLFLAGS_TABLESTRONG, the default, or MSHLFLAGS_TABLEWEAK. */
  readonly flags?: number;
  /** MSHCTX_*: who may ask for it; other apartments of the process by default. */
  readonly context?: number;
}

/** An interface pointer that waits in a table, marshaled, for whatever apartment asks for it. */
export class KeptPointer {
  readonly #home: Marshaler;
  readonly #packet: Uint8Array;

  private constructor(home: Marshaler, packet: Uint8Array) {
    this.#home = home;
    this.#packet = packet;
  }

  /** Keeps a pointer of the apartment of `home`; the reference stays the caller's. */
  static of(
    home: Marshaler,
    pointer: Pointer,
    iid: Guid,
    { flags = MSHLFLAGS_TABLESTRONG, context = MSHCTX_INPROC }: KeptOptions = {},
  ): Awaitable<KeptPointer> {
    const packet = home.marshal(pointer, iid, { context, flags });
    return chain(packet, (bytes) => new KeptPointer(home, bytes));
  }

  /** The pointer for the apartment of `here`; the caller owns the reference. */
  resolve(here: Marshaler, iid: Guid): Awaitable<Pointer> {
    return here.unmarshalAs(this.#packet, iid);
  }

  /** Keeps it no longer. */
  async release(): Promise<void> {
    try {
      await this.#home.releaseMarshalData(this.#packet);
    } catch (error) {
      // Its apartment has ended, and the object with it.
      if (!(error instanceof ComError)) throw error;
    }
  }
}
