import {
  type ApartmentKind,
  type Awaitable,
  type Guid,
  type HResult,
  RPC_E_CALL_COMPLETE,
} from "@callfactory/core";

/** Something that an apartment runs: an incoming call or a message. */
export interface Incoming {
  readonly cid: Guid | null;
  /** Runs on `thread`, whose innermost frame is this one's. Never rejects. */
  run(thread: Thread): Awaitable<void>;
  /** The apartment ended before it could run. */
  drop(): void;
}

/** Starts something that ends later; `done` is called once. */
export type Pending<T> = (done: (value: T) => void) => void;

/** The unit of concurrency: who may run when (APT-03). */
export interface Apartment {
  readonly kind: ApartmentKind;
  /** For people: "STA 1", "MTA". */
  readonly name: string;
  readonly isClosed: boolean;
  /** The STA's one thread; in the MTA, one of COM's own. */
  readonly thread: Thread;
  /** Runs `incoming` as soon as the apartment's rules allow. */
  deliver(incoming: Incoming): void;
  /**
   * Waits as a blocking COM call does: an STA serves incoming calls meanwhile (APT-07, FIN-06),
   * and the wait ends only when the calls served inside it have ended.
   */
  wait<T>(pending: Pending<T>): Promise<T>;
  close(): void;
}

/** An incoming call or a message that a thread is running. */
export interface Frame {
  /** The causality id that calls made from here carry (APT-15); `null` for a message. */
  readonly cid: Guid | null;
}

/** For whom a method runs: the thread, and the incoming call if there is one. */
export interface CallContext {
  readonly thread: Thread;
  /** Whether the client has asked to cancel (CAN-11, CAN-22). */
  testCancel(): HResult;
}

/**
 * A thread of the emulated process. An STA has one; the MTA has those that joined it, and one of
 * COM's own for each incoming call (APT-03, APT-06).
 */
export class Thread {
  /** As GetCurrentThreadId has it. */
  readonly id: number;
  readonly apartment: Apartment;
  /** What runs on the thread: calls served while another one waits lie on top (APT-05). */
  readonly frames: readonly Frame[];
  /** The context of plain virtual calls made here: no incoming call, nothing to cancel. */
  readonly direct: CallContext = { thread: this, testCancel: () => RPC_E_CALL_COMPLETE };

  constructor(id: number, apartment: Apartment, frames: readonly Frame[] = []) {
    this.id = id;
    this.apartment = apartment;
    this.frames = frames;
  }

  /** The innermost frame. */
  get frame(): Frame | null {
    return this.frames.at(-1) ?? null;
  }
}

/** The thread whose code runs right now, until that code awaits something. */
export class Running {
  #thread: Thread | null = null;
  #lastId = 0;

  get thread(): Thread | null {
    return this.#thread;
  }

  get apartment(): Apartment | null {
    return this.#thread?.apartment ?? null;
  }

  during<T>(thread: Thread, run: () => T): T {
    const outer = this.#thread;
    this.#thread = thread;
    try {
      return run();
    } finally {
      this.#thread = outer;
    }
  }

  /** A new thread; ids look like Windows': multiples of four. */
  newThread(apartment: Apartment, frames?: readonly Frame[]): Thread {
    this.#lastId += 4;
    return new Thread(this.#lastId, apartment, frames);
  }
}
