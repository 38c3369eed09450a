import { AsyncIUnknown, type Interface, type Method } from "@callfactory/core";

/** A pointer that its holder can give away. */
export interface Holder {
  /** @throws ComError CO_E_RELEASED when it was given away or released. */
  check(): void;
  take(): unknown;
}

/**
 * The references that a caller may give up through a call object for AsyncIUnknown: those that it
 * added through it, and then the pointer that made the call object, which is released with that.
 */
export class CountedReference {
  readonly #holder: Holder;
  #added = 0;

  constructor(holder: Holder) {
    this.#holder = holder;
  }

  /**
   * What to do once Begin_ of `method` has succeeded.
   *
   * @throws ComError CO_E_RELEASED when there is nothing left to release.
   */
  begin(iface: Interface, method: Method): () => void {
    if (iface !== AsyncIUnknown) return () => {};
    if (method.name === "AddRef") return () => this.#added++;
    if (method.name !== "Release") return () => {};
    if (this.#added > 0) return () => this.#added--;
    this.#holder.check();
    return () => this.#holder.take();
  }
}
