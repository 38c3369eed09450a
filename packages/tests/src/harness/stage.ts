import {
  type AsyncInterface,
  type ClientCall,
  type Com,
  type CreateCallOptions,
  guid,
  type ImplementationOf,
  type Host,
  type Interface,
  type InterfacePointer,
  IPipeByte,
  IUnknown,
  type TraceEvent,
} from "callfactory";
import {
  CLSID_BasicPipe,
  CLSID_Calculator,
  CLSID_PlainCalculator,
  CLSID_SlowPipe,
  ICalculator,
  IPipeControl,
} from "../fixtures/interfaces.ts";
import { hrOf } from "./hr.ts";
import type { OpenTarget, Place } from "./target.ts";

type Of<I> = I extends Interface<infer S> ? S : never;

/** A pipe, and its knobs. */
export interface StagedPipe {
  readonly pipe: InterfacePointer<Of<typeof IPipeByte>>;
  readonly control: InterfacePointer<Of<typeof IPipeControl>>;
}

/** What one test works with: objects at the place under test, released when the test ends. */
export class Stage {
  readonly com: Com;
  readonly place: Place;
  readonly #target: OpenTarget;
  readonly #held: { release(): void }[] = [];
  readonly #endings: (() => Promise<unknown>)[] = [];
  #classes = 0;

  constructor(target: OpenTarget, place: Place) {
    this.#target = target;
    this.com = target.com;
    this.place = place;
  }

  /** A pipe whose calls take as many milliseconds as they move bytes; call objects can be canceled. */
  slowPipe(): Promise<StagedPipe> {
    return this.#pipe(CLSID_SlowPipe);
  }

  /** A pipe whose call objects have no ICancelMethodCalls, and whose Finish_Push does not wait. */
  basicPipe(): Promise<StagedPipe> {
    return this.#pipe(CLSID_BasicPipe);
  }

  /** A calculator whose call objects complete inside Begin_. */
  calculator(): Promise<InterfacePointer<Of<typeof ICalculator>>> {
    return this.create(CLSID_Calculator, ICalculator);
  }

  /** A calculator without a call factory of its own. */
  plainCalculator(): Promise<InterfacePointer<Of<typeof ICalculator>>> {
    return this.create(CLSID_PlainCalculator, ICalculator);
  }

  /** An object of a fixture class at the place under test. */
  async create<S>(clsid: string, iface: Interface<S>): Promise<InterfacePointer<S>> {
    const { clsid: located, ...options } = this.#target.locate(clsid, this.place);
    return this.hold(await this.com.createInstance(located, iface, options));
  }

  /** An object of a class written for one test, at the place under test. Needs "register-class". */
  async serve<const I extends readonly [Interface, ...Interface[]]>(
    interfaces: I,
    create: (host: Host) => ImplementationOf<I>,
    /** The apartment of the object when it is marshaled; an STA unless said otherwise. */
    apartment: "sta" | "mta" = "sta",
  ): Promise<I[0] extends Interface<infer S> ? InterfacePointer<S> : never> {
    const clsid = guid(`c0ffee00-0000-4000-8000-${String(++this.#classes).padStart(12, "0")}`);
    const threadingModel = this.place === "same-apartment" ? "Both" : "Apartment";
    if (this.place === "marshaled" && apartment === "mta")
      return this.#serveInMta(interfaces, create);
    this.com.registerClass({ clsid, threadingModel, interfaces, create });
    const pointer = await this.com.createInstance(clsid, interfaces[0]);
    return this.hold(pointer) as I[0] extends Interface<infer S> ? InterfacePointer<S> : never;
  }

  /** A client in an STA, for an object in the MTA. */
  async #serveInMta<const I extends readonly [Interface, ...Interface[]]>(
    interfaces: I,
    create: (host: Host) => ImplementationOf<I>,
  ): Promise<I[0] extends Interface<infer S> ? InterfacePointer<S> : never> {
    const clsid = guid(`c0ffee01-0000-4000-8000-${String(this.#classes).padStart(12, "0")}`);
    this.com.registerClass({ clsid, threadingModel: "Free", interfaces, create });
    const client = await this.com.openApartment("sta");
    const pointer = await client.createInstance(clsid, interfaces[0]);
    return this.hold(pointer) as I[0] extends Interface<infer S> ? InterfacePointer<S> : never;
  }

  /** A call object of `pointer`, released when the test ends. */
  async callOf<S>(
    pointer: InterfacePointer<unknown>,
    iface: AsyncInterface<S>,
    options?: CreateCallOptions,
  ): Promise<ClientCall<S>> {
    return this.hold(await pointer.createCall(iface, options));
  }

  /** Another interface of `pointer`, released when the test ends. */
  async query<S>(
    pointer: { queryInterface<T>(iface: Interface<T>): Promise<InterfacePointer<T>> },
    iface: Interface<S>,
  ): Promise<InterfacePointer<S>> {
    return this.hold(await pointer.queryInterface(iface));
  }

  /** Resolves when releases before it have had their effect, on whatever thread that happens. */
  async fence(): Promise<void> {
    // What is no OBJREF fails at once, behind everything that was to be done before.
    await hrOf(this.com.unmarshal(new Uint8Array(24), IUnknown));
  }

  /** Releases `reference` when the test ends. */
  hold<R extends { release(): void }>(reference: R): R {
    this.#held.push(reference);
    return reference;
  }

  /** Everything that happens from now on. */
  record(): TraceEvent[] {
    const events: TraceEvent[] = [];
    const stop = this.com.trace((event) => events.push(event));
    this.#held.push({ release: stop });
    return events;
  }

  /** Completes what is held open, and releases everything. */
  async release(): Promise<void> {
    const endings = this.#endings.splice(0).map((ending) => ending());
    await Promise.allSettled(endings);
    for (const reference of this.#held.splice(0).reverse()) reference.release();
  }

  async #pipe(clsid: string): Promise<StagedPipe> {
    const pipe = await this.create(clsid, IPipeByte);
    const control = await this.query(pipe, IPipeControl);
    // A server that is never told to stop would keep its calls open for ever (CAN-12, SRV-19).
    this.#endings.push(() => control.CompleteCalls());
    return { pipe, control };
  }
}
