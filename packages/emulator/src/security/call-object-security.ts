import type { Guid } from "@callfactory/core";
import type { ComObject, Pointer } from "../object/com-object.ts";
import { Blanket } from "./blanket.ts";
import type { BlanketHolder } from "./client-security.ts";
import type { ProcessSecurity } from "./process-security.ts";

/**
 * The security settings of a client's call object: one blanket, which governs its calls and starts
 * as that of any new proxy, whatever was set on the proxy that made it (SEC-01, SEC-02).
 */
export class CallObjectSecurity implements BlanketHolder {
  readonly blanket: Blanket;
  readonly #owner: ComObject;
  readonly #asyncIid: Guid;

  constructor(owner: ComObject, asyncIid: Guid, security: ProcessSecurity) {
    this.blanket = new Blanket(security);
    this.#owner = owner;
    this.#asyncIid = asyncIid;
  }

  blanketOf(pointer: Pointer): Blanket | null {
    return pointer === this.#owner.exposed(this.#asyncIid) ? this.blanket : null;
  }

  mayChange(): boolean {
    return true;
  }

  /** A call object is for one call at a time: who wants another creates another (BEG-05). */
  copyOf(): null {
    return null;
  }
}
