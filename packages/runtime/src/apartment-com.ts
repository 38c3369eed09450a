import {
  type ApartmentKind,
  asyncOf,
  type Backend,
  type BackendApartment,
  type BackendName,
  type BackendObject,
  type Clock,
  ComError,
  type ComFunctionCalls,
  E_NOTIMPL,
  type Feature,
  guid,
  type Interface,
  type InterfacePointer,
  type MarshalOptions,
  type ProcessOptions,
  type TraceListener,
} from "@callfactory/core";
import type {
  Com,
  CreateInstanceOptions,
  Host,
  ImplementationOf,
  ProcessCom,
  ImplementOptions,
  ServerClass,
} from "./com.ts";
import { createFunctions } from "./functions.ts";
import type { PointerMapping } from "./invoke.ts";
import { checkOptionNames } from "./option-names.ts";
import { createPointer, Pointer } from "./pointer.ts";
import { ServedImplementation } from "./serve/served-implementation.ts";

/** What stands behind a {@link Com}. */
export interface ComParts {
  readonly backend: Backend;
  readonly apartment: BackendApartment;
  readonly reason: string;
  /** Closes the whole backend with this handle. */
  readonly ownsBackend: boolean;
}

/** Makes the handle of one apartment. */
export function createCom(parts: ComParts): Com {
  return new ApartmentCom(parts);
}

class ApartmentCom implements Com {
  readonly #parts: ComParts;
  readonly #mapping: PointerMapping;
  #functions: ComFunctionCalls | null = null;

  constructor(parts: ComParts) {
    this.#parts = parts;
    this.#mapping = {
      clock: parts.backend.clock,
      isPointer: (value) => value instanceof Pointer,
      toBackend: (pointer) => toBackend(pointer),
      toPointer: (object) => createPointer(object as BackendObject, this.#mapping),
      comOf: (apartment) => new ApartmentCom({ ...parts, apartment, ownsBackend: false }),
    };
  }

  get backend(): BackendName {
    return this.#parts.backend.name;
  }

  get reason(): string {
    return this.#parts.reason;
  }

  get features(): ReadonlySet<Feature> {
    return this.#parts.backend.features;
  }

  get apartment(): ApartmentKind | "na" {
    return this.#parts.apartment.kind;
  }

  get functions(): ComFunctionCalls {
    this.#functions ??= createFunctions(this.#parts.apartment, this.#mapping);
    return this.#functions;
  }

  get clock(): Clock {
    return this.#parts.backend.clock;
  }

  async createInstance<S>(
    clsid: string,
    iface: Interface<S>,
    options: CreateInstanceOptions = {},
  ): Promise<InterfacePointer<S>> {
    checkInterface(iface, "createInstance");
    checkOptionNames("createInstance", options, ["library", "outer"]);
    const { library, outer } = options;
    const place = library === undefined ? {} : { library };
    if (outer !== undefined && !this.features.has("aggregable-event")) {
      throw new ComError(E_NOTIMPL, "CoCreateInstance", {
        detail: `the backend ${this.backend} creates no object inside an outer one`,
      });
    }
    const aggregator = outer === undefined ? {} : { outer: toBackend(outer) };
    const activation = { clsid: guid(clsid), iface, ...place, ...aggregator };
    const object = await this.#parts.apartment.activate(activation);
    return createPointer<S>(object, this.#mapping);
  }

  implement<const I extends readonly [Interface, ...Interface[]]>(
    interfaces: I,
    implementation: ImplementationOf<I>,
    options?: ImplementOptions,
  ): never {
    for (const iface of interfaces) checkInterface(iface, "implement");
    if (options !== undefined) checkOptionNames("implement", options, ["outer"]);
    const object = new ServedImplementation(interfaces, implementation, this.#mapping);
    const { apartment } = this.#parts;
    const outer = options?.outer ? toBackend(options.outer) : null;
    const made = options ? apartment.implement(object, outer) : apartment.implement(object);
    // Which pointer it is, the overloads of Com say.
    return createPointer(made, this.#mapping) as never;
  }

  registerClass<const I extends readonly Interface[]>(serverClass: ServerClass<I>): () => void {
    const { clsid, interfaces, threadingModel } = serverClass;
    for (const iface of interfaces) checkInterface(iface, "registerClass");
    checkThreadingModel(threadingModel);
    if (typeof serverClass.create !== "function") {
      throw new TypeError("registerClass: 'create' must be a function");
    }
    const { backend, reason } = this.#parts;
    return backend.registerClass({
      clsid: guid(clsid),
      threadingModel,
      interfaces,
      create: async ({ apartment, ...host }) => {
        const com = new ApartmentCom({ backend, apartment, reason, ownsBackend: false });
        const object = await serverClass.create({ com, ...host } satisfies Host);
        return new ServedImplementation(interfaces, object, com.#mapping);
      },
    });
  }

  async openApartment(kind: ApartmentKind): Promise<Com> {
    const { backend, reason } = this.#parts;
    const apartment = await backend.openApartment(checkKind(kind));
    return new ApartmentCom({ backend, apartment, reason, ownsBackend: false });
  }

  async openProcess(
    kind: ApartmentKind = "mta",
    options: ProcessOptions = {},
  ): Promise<ProcessCom> {
    checkOptionNames("openProcess", options, ["identity"]);
    const { reason } = this.#parts;
    checkKind(kind);
    const process = await this.#parts.backend.openProcess?.(options);
    if (process === undefined) throw new ComError(E_NOTIMPL, "openProcess");
    const { backend } = process;
    const apartment = await backend.openApartment(kind);
    const com = new ApartmentCom({ backend, apartment, reason, ownsBackend: true });
    return Object.assign(com, { kill: () => process.kill() });
  }

  async marshal(
    pointer: InterfacePointer<unknown>,
    options: MarshalOptions = {},
  ): Promise<Uint8Array> {
    checkOptionNames("marshal", options, ["context", "flags"]);
    for (const name of ["context", "flags"] as const) {
      const { [name]: value = 0 } = options;
      if (!Number.isInteger(value)) throw new TypeError(`marshal: '${name}' must be a number`);
    }
    return this.#parts.apartment.marshal(toBackend(pointer), options);
  }

  async unmarshal<S>(objref: Uint8Array, iface: Interface<S>): Promise<InterfacePointer<S>> {
    if (!(objref instanceof Uint8Array)) throw new TypeError("unmarshal takes a Uint8Array");
    checkInterface(iface, "unmarshal");
    const object = await this.#parts.apartment.unmarshal(objref, iface);
    return createPointer<S>(object, this.#mapping);
  }

  async releaseMarshalData(objref: Uint8Array): Promise<void> {
    if (!(objref instanceof Uint8Array))
      throw new TypeError("releaseMarshalData takes a Uint8Array");
    await this.#parts.apartment.releaseMarshalData(objref);
  }

  trace(listener: TraceListener): () => void {
    if (typeof listener !== "function") throw new TypeError("trace: expected a function");
    return this.#parts.backend.trace(listener);
  }

  async expectNoLeaks(): Promise<void> {
    const { backend } = this.#parts;
    if (backend.expectNoLeaks === undefined) {
      throw new TypeError(`expectNoLeaks: the backend ${backend.name} counts no references`);
    }
    await backend.expectNoLeaks();
  }

  async close(): Promise<void> {
    if (this.#parts.ownsBackend) await this.#parts.backend.close();
    else await this.#parts.apartment.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function toBackend(pointer: unknown): BackendObject {
  if (pointer instanceof Pointer) return pointer.object;
  throw new TypeError("expected an interface pointer, such as createInstance or implement gives");
}

function checkInterface(iface: Interface, where: string): void {
  if (typeof iface !== "object" || iface === null || !(iface.members instanceof Map)) {
    throw new TypeError(`${where}: expected an interface description, made by defineInterface`);
  }
  // Refuses an async IID that no async form can have, before anything is registered (DISC-06).
  if (iface.asyncIid !== null) asyncOf(iface);
}

/** What a registry could say: any other word would pass for none (ACT-01). */
function checkThreadingModel(model: unknown): void {
  if (model === undefined || (typeof model === "string" && THREADING_MODELS.has(model))) return;
  const known = [...THREADING_MODELS].join(", ");
  throw new TypeError(
    `registerClass: 'threadingModel' must be one of ${known}, got ${JSON.stringify(model)}`,
  );
}

const THREADING_MODELS: ReadonlySet<string> = new Set(["Apartment", "Free", "Both", "Neutral"]);

/** Apartment kinds come from plain JavaScript too. */
export function checkKind(kind: unknown): ApartmentKind {
  if (kind === "sta" || kind === "mta") return kind;
  throw new TypeError(`apartment must be "sta" or "mta", got ${JSON.stringify(kind)}`);
}
