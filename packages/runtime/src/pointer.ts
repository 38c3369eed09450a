import {
  type AsyncInterface,
  type BackendObject,
  CO_E_RELEASED,
  ComError,
  type ClientCall,
  type ComCall,
  type CreateCallOptions,
  type Interface,
  type InterfacePointer,
  type Method,
  type PointerBase,
} from "@callfactory/core";
import { createClientCall } from "./client-call.ts";
import { type CallTarget, invoke, type PointerMapping } from "./invoke.ts";

/** What all interface pointers have in common; the methods of an interface come on top. */
export class Pointer implements PointerBase<unknown>, CallTarget {
  readonly interface: Interface;
  readonly mapping: PointerMapping;
  offersCallObjects = true;
  #object: BackendObject | null;

  /** Takes over the reference of `object`. */
  constructor(object: BackendObject, mapping: PointerMapping) {
    this.#object = object;
    this.interface = object.iface;
    this.mapping = mapping;
  }

  get iface(): Interface {
    return this.interface;
  }

  /** The backend's reference, borrowed. */
  get object(): BackendObject {
    if (this.#object !== null) return this.#object;
    throw new ComError(CO_E_RELEASED, this.interface.name, {
      detail: "the interface pointer was released; keep one with addRef() if you need it longer",
    });
  }

  /** Gives the reference away: the pointer is released, the result is the taker's. */
  take(): BackendObject {
    const { object } = this;
    this.#object = null;
    return object;
  }

  async queryInterface<T>(iface: Interface<T>): Promise<InterfacePointer<T>> {
    return createPointer<T>(await this.object.queryInterface(iface), this.mapping);
  }

  createCall<T>(iface: AsyncInterface<T>, options?: CreateCallOptions): Promise<ClientCall<T>> {
    return createClientCall(this, iface, options);
  }

  addRef(): InterfacePointer<unknown> {
    return createPointer(this.object.addRef(), this.mapping);
  }

  async isSameObject(other: PointerBase<unknown>): Promise<boolean> {
    const [mine, theirs] = await Promise.all([
      this.object.identity(),
      this.mapping.toBackend(other).identity(),
    ]);
    return mine === theirs;
  }

  release(): void {
    const object = this.#object;
    this.#object = null;
    object?.release();
  }

  [Symbol.dispose](): void {
    this.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
  }

  /** Shows the pointer without a word to the server. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `${this.interface.name} { ${this.#object === null ? "released" : this.#object.lane} }`;
  }
}

type PointerClass = new (object: BackendObject, mapping: PointerMapping) => Pointer;

const classes = new WeakMap<Interface, PointerClass>();

/** Makes a typed pointer of a backend's object; takes over its reference. */
export function createPointer<S>(
  object: BackendObject,
  mapping: PointerMapping,
): InterfacePointer<S> {
  let pointerClass = classes.get(object.iface);
  if (pointerClass === undefined) {
    pointerClass = derive(object.iface);
    classes.set(object.iface, pointerClass);
  }
  return new pointerClass(object, mapping) as unknown as InterfacePointer<S>;
}

/** One class for each interface, its methods on the prototype, so that a pointer costs no closures. */
function derive(iface: Interface): PointerClass {
  const pointerClass = class extends Pointer {};
  Object.defineProperty(pointerClass, "name", { value: iface.name });
  for (const method of iface.members.values()) {
    Object.defineProperty(pointerClass.prototype, method.name, {
      value: callMethod(method),
      enumerable: true,
    });
  }
  return pointerClass;
}

function callMethod(method: Method): (this: Pointer, ...args: unknown[]) => ComCall<unknown> {
  return function (...args) {
    return invoke(this, method, args);
  };
}
