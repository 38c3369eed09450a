import type { Interface, Method } from "@callfactory/core";
import type { Addon } from "./addon.ts";
import { signatureWords } from "./signature-words.ts";

/** Which interfaces and methods the addon knows, by number; each is compiled once. */
export class SignatureTable {
  readonly #addon: Addon;
  readonly #interfaceIds = new WeakMap<Interface, number>();
  readonly #interfaces: Interface[] = [];
  readonly #methodIds = new WeakMap<Method, number>();

  constructor(addon: Addon) {
    this.#addon = addon;
  }

  interfaceId(iface: Interface): number {
    const known = this.#interfaceIds.get(iface);
    if (known !== undefined) return known;
    const id = this.#addon.defineInterface(iface.iid);
    this.#interfaceIds.set(iface, id);
    this.#interfaces[id] = iface;
    return id;
  }

  /** The interface behind a number that came out of the addon. */
  interfaceOf(id: number): Interface {
    return this.#interfaces[id] as Interface;
  }

  /**
   * The number of a method.
   *
   * @throws TypeError when no call can be made of it: too many parameters, or a conformant array
   *   inside a structure.
   */
  methodId(method: Method): number {
    const known = this.#methodIds.get(method);
    if (known !== undefined) return known;
    const { words, fieldNames } = signatureWords(method, (iface) => this.interfaceId(iface));
    const id = this.#addon.defineMethod(method.qualifiedName, words, fieldNames);
    this.#methodIds.set(method, id);
    return id;
  }
}
