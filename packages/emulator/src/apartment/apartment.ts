import {
  type ApartmentKind,
  type Awaitable,
  type Guid,
  type HResult,
  RPC_E_CALL_COMPLETE,
} from "@callfactory/core";

/** An incoming call that an apartment is running: one frame of a thread's stack. */
export interface Frame {
  /** The causality id that calls made from here carry (APT-15). */
  readonly cid: Guid | null;
}

/** Something that an apartment runs: an incoming call or a message. */
export interface Incoming {
  readonly cid: Guid | null;
  /** Never rejects. */
  run(frame: Frame): Awaitable<void>;
  /** The apartment ended before it could run. */
  drop(): void;
}

/** For whom a method runs: the apartment, and the incoming call if there is one. */
export interface CallContext {
  readonly apartment: Apartment;
  /** Whether the client has asked to cancel (CAN-11, CAN-22). */
  testCancel(): HResult;
}

/** The context of a plain virtual call inside `apartment`: no incoming call, nothing to cancel. */
export function directContext(apartment: Apartment): CallContext {
  return { apartment, testCancel: () => RPC_E_CALL_COMPLETE };
}

/** The apartment whose code runs right now, until that code awaits something. */
export class Running {
  #apartment: Apartment | null = null;

  get apartment(): Apartment | null {
    return this.#apartment;
  }

  during<T>(apartment: Apartment, run: () => T): T {
    const outer = this.#apartment;
    this.#apartment = apartment;
    try {
      return run();
    } finally {
      this.#apartment = outer;
    }
  }
}

/** Starts something that ends later; `done` is called once. */
export type Pending<T> = (done: (value: T) => void) => void;

/** The unit of concurrency: who may run when (APT-03). */
export interface Apartment {
  readonly kind: ApartmentKind;
  /** For people: "STA 1", "MTA". */
  readonly name: string;
  readonly isClosed: boolean;
  /** The context of calls that do not cross an apartment border. */
  readonly direct: CallContext;
  /** Runs `incoming` as soon as the apartment's rules allow. */
  deliver(incoming: Incoming): void;
  /**
   * Waits as a blocking COM call does: an STA serves incoming calls meanwhile (APT-07, FIN-06),
   * and the wait ends only when the calls served inside it have ended.
   */
  wait<T>(pending: Pending<T>): Promise<T>;
  /** The frame whose code runs now, as far as that is known. */
  currentFrame(): Frame | null;
  close(): void;
}
