import {
  type AsyncInterface,
  BSTR,
  defineInterface,
  guid,
  type Host,
  type ImplementationOf,
  type Interface,
  type InterfacePointer,
  IUnknown,
  LONG,
  method,
  param,
  pointerTo,
  RPC_E_CALL_CANCELED,
  type ServerClass,
  type ServerCallObject,
} from "callfactory";

/** What guests implement to hear when something is served. */
export const IGuest = defineInterface({
  name: "IGuest",
  iid: "cccccccc-2222-4333-8444-555555555551",
  base: IUnknown,
  methods: [method("Served", [param.in("dish", BSTR)])],
});

/** Cooks with call objects. */
export const IKitchen = defineInterface({
  name: "IKitchen",
  iid: "cccccccc-2222-4333-8444-555555555552",
  asyncIid: "cccccccc-2222-4333-8444-555555555553",
  base: IUnknown,
  methods: [method("Cook", [param.in("delayMs", LONG), param.retval("dish", BSTR)])],
});

/** Where guests subscribe; `null` ends the subscription. */
export const IGuestBook = defineInterface({
  name: "IGuestBook",
  iid: "cccccccc-2222-4333-8444-555555555554",
  base: IUnknown,
  methods: [method("Enter", [param.in("guest", pointerTo(IGuest))])],
});

type MethodsOf<I> = I extends Interface<infer S> ? S : never;
type Guest = InterfacePointer<MethodsOf<typeof IGuest>>;

const INTERFACES = [IKitchen, IGuestBook] as const;

class Kitchen implements ImplementationOf<typeof INTERFACES> {
  readonly #host: Host;
  #guest: Guest | null = null;

  constructor(host: Host) {
    this.#host = host;
  }

  /** The class answers through call objects where an asynchronous form is asked for. */
  async Cook(delayMs: number): Promise<string> {
    await this.#host.sleep(delayMs);
    return "cooked while everybody waited";
  }

  Enter(guest: unknown): void {
    this.#guest?.release();
    this.#guest = guest === null ? null : (guest as Guest).addRef();
  }

  createCall(iface: AsyncInterface, call: ServerCallObject): object | null {
    return iface.syncOf === IKitchen ? new Cooking(this.#host, call, () => this.#guest) : null;
  }

  finalRelease(): void {
    this.#guest?.release();
  }
}

/** One dish: looks every millisecond whether it is done, or nobody wants it any more. */
class Cooking {
  readonly #host: Host;
  readonly #call: ServerCallObject;
  readonly #guest: () => Guest | null;

  constructor(host: Host, call: ServerCallObject, guest: () => Guest | null) {
    this.#host = host;
    this.#call = call;
    this.#guest = guest;
  }

  Begin_Cook(delayMs: number): void {
    const doneMs = this.#host.clock.now() + delayMs;
    const look = async (): Promise<void> => {
      if (this.#call.testCancel() === RPC_E_CALL_CANCELED) {
        this.#call.signal();
      } else if (this.#host.clock.now() >= doneMs) {
        await this.#guest()?.Served("soup");
        this.#call.signal();
      } else {
        this.#host.setTimer(1, () => void look());
      }
    };
    this.#host.setTimer(1, () => void look());
  }

  Finish_Cook(): string {
    return "soup";
  }
}

/** A kitchen, in an STA. */
export const kitchenClass: ServerClass<typeof INTERFACES> = {
  clsid: guid("cccccccc-2222-4333-8444-555555555550"),
  threadingModel: "Apartment",
  interfaces: INTERFACES,
  create: (host) => new Kitchen(host),
};
