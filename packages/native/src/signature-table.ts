import type { Interface, Method } from "@callfactory/core";
import type { Addon } from "./addon.ts";
import { signatureWords } from "./signature-words.ts";

/** Which interfaces and methods the addon knows, by number; each is compiled once. */
export class SignatureTable {
  readonly #addon: Addon;
  readonly #interfaceIds = new WeakMap<Interface, number>();
  readonly #interfaces: Interface[] = [];
  readonly #methodIds = new WeakMap<Method, number>();
  readonly #methods: Method[] = [];
  readonly #vtableIds = new WeakMap<Interface, number>();

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
   * @throws TypeError when no call can be made of it: more than 32 parameters, or [out] memory whose
   *   size nothing says before the call.
   */
  methodId(method: Method): number {
    const known = this.#methodIds.get(method);
    if (known !== undefined) return known;
    const { words, fieldNames } = signatureWords(method, (iface) => this.interfaceId(iface));
    const id = this.#addon.defineMethod(method.qualifiedName, words, fieldNames);
    this.#methodIds.set(method, id);
    this.#methods[id] = method;
    return id;
  }

  /** The method behind a number that came out of the addon. */
  methodOf(id: number): Method {
    return this.#methods[id] as Method;
  }

  /**
   * The number of an interface's vtable, for objects that JavaScript implements. Methods that the
   * addon cannot describe answer E_NOTIMPL.
   */
  vtableId(iface: Interface): number {
    const known = this.#vtableIds.get(iface);
    if (known !== undefined) return known;
    const methodIds: number[] = [];
    for (let i = 3; i < iface.slots; i++) methodIds.push(-1);
    for (const method of iface.members.values()) {
      methodIds[method.slot - 3] = this.#methodIdOrNone(method);
    }
    const bases: number[] = [];
    for (let i = iface.base; i !== null && i.base !== null; i = i.base) {
      bases.push(this.interfaceId(i));
    }
    const id = this.#addon.defineVtable(this.interfaceId(iface), bases, methodIds);
    this.#vtableIds.set(iface, id);
    return id;
  }

  #methodIdOrNone(method: Method): number {
    try {
      return this.methodId(method);
    } catch (error) {
      if (error instanceof TypeError) return -1;
      throw error;
    }
  }
}
