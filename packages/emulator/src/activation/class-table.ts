import type { ClassRegistration, Guid } from "@callfactory/core";

/** The classes that a process can create. */
export class ClassTable {
  readonly #classes = new Map<Guid, ClassRegistration>();

  /**
   * Makes a class known; the result takes it back.
   *
   * @throws TypeError when the CLSID is taken.
   */
  register(registration: ClassRegistration): () => void {
    const { clsid } = registration;
    if (this.#classes.has(clsid)) throw new TypeError(`class {${clsid}} is registered already`);
    this.#classes.set(clsid, registration);
    return () => {
      if (this.#classes.get(clsid) === registration) this.#classes.delete(clsid);
    };
  }

  find(clsid: Guid): ClassRegistration | undefined {
    return this.#classes.get(clsid);
  }
}
