import {
  type ApartmentKind,
  COINIT_APARTMENTTHREADED,
  CO_E_NOTINITIALIZED,
  ComError,
  E_INVALIDARG,
  type HResult,
  RPC_E_CHANGED_MODE,
  S_FALSE,
  S_OK,
} from "@callfactory/core";
import type { Apartment, Thread, ThreadOwner } from "./apartment/apartment.ts";
import type { Caller } from "./caller.ts";
import type { OwnThread, Process } from "./process.ts";

/** A thread that calls COM, in an apartment or not. */
export interface ThreadHandle {
  readonly id: number;
  readonly process: Process;
  /** The thread as its apartment has it; `null` outside of any. */
  readonly thread: Thread | null;
  /** Of the apartment that the thread is in, or was in last. */
  readonly kind: ApartmentKind | "na";
  /** @throws ComError CO_E_NOTINITIALIZED when the thread is in no apartment (APT-02). */
  caller(where: string): Caller;
  /** CoInitializeEx (APT-01). */
  initialize(flags: number): HResult;
  /** CoUninitialize; too many do nothing. */
  uninitialize(): void;
  /** Leaves its apartment for good. */
  end(): void;
}

/** COINIT_APARTMENTTHREADED, COINIT_DISABLE_OLE1DDE and COINIT_SPEED_OVER_MEMORY; the MTA's flag is 0. */
const COINIT_ALL = 0xe;

/** A thread of the program: the one behind a handle, which joins apartments and leaves them. */
export class ComThread implements ThreadHandle, ThreadOwner, OwnThread {
  readonly id: number;
  readonly process: Process;
  #caller: Caller | null = null;
  #kind: ApartmentKind = "mta";
  /** How many CoUninitialize are due. */
  #initializations = 0;
  #hasEnded = false;

  /** A thread that has not called CoInitializeEx yet. */
  constructor(process: Process) {
    this.process = process;
    this.id = process.services.running.newThreadId();
    process.threadBegan(this);
  }

  get kind(): ApartmentKind {
    return this.#kind;
  }

  get thread(): Thread | null {
    return this.isOut ? null : this.caller("GetCurrentThread").thread;
  }

  get isOut(): boolean {
    if (this.#hasEnded) return true;
    return this.#initializations === 0 && this.process.apartments.mta === null;
  }

  get apartment(): Apartment | null {
    return this.thread?.apartment ?? null;
  }

  caller(where: string): Caller {
    if (this.isOut) {
      const detail = this.#hasEnded
        ? "the handle was closed; open another with openApartment"
        : "the thread is in no apartment; call CoInitializeEx";
      throw new ComError(CO_E_NOTINITIALIZED, where, { detail });
    }
    const { apartments } = this.process;
    // Without CoInitializeEx, a thread is in the MTA while there is one.
    if (this.#caller === null || this.#caller.entry.apartment.isClosed) {
      this.#caller = this.#callerIn("mta", apartments.joinMta(), true);
    }
    return this.#caller;
  }

  initialize(flags: number): HResult {
    if (this.#hasEnded) return CO_E_NOTINITIALIZED;
    if ((flags & ~COINIT_ALL) !== 0) return E_INVALIDARG;
    const kind = (flags & COINIT_APARTMENTTHREADED) === 0 ? "mta" : "sta";
    if (this.#initializations > 0) {
      if (kind !== this.#kind) return RPC_E_CHANGED_MODE;
      this.#initializations++;
      return S_FALSE;
    }
    this.#initializations = 1;
    this.#caller = this.#callerIn(kind, this.process.apartments.join(kind, this.id), false);
    return S_OK;
  }

  uninitialize(): void {
    if (this.#initializations === 0 || --this.#initializations > 0) return;
    const caller = this.#caller as Caller;
    // In the MTA, while others keep it; what the thread holds stays good then.
    caller.thread.isImplicit = true;
    this.process.services.pendingCalls.of(caller.thread).reset();
    this.process.apartments.leave(caller.entry);
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.process.threadEnded(this);
    this.process.services.queues.drop(this);
    const isIn = this.#initializations > 0;
    this.#initializations = 0;
    if (this.#caller === null) return;
    this.process.services.pendingCalls.of(this.#caller.thread).reset();
    this.process.apartments.disconnect(this.#caller.entry);
    if (isIn) this.process.apartments.leave(this.#caller.entry);
  }

  #callerIn(kind: ApartmentKind, entry: Caller["entry"], isImplicit: boolean): Caller {
    const { apartment } = entry;
    const { running } = this.process.services;
    this.#kind = kind;
    // An STA has made its thread already; it is this one.
    const thread =
      kind === "sta"
        ? apartment.thread
        : running.newThread(apartment, { id: this.id, isImplicit, owner: this });
    thread.owner = this;
    return { process: this.process, entry, thread };
  }
}

/** A thread that runs an incoming call, or that COM keeps for an apartment: it stays where it is. */
export class VisitedThread implements ThreadHandle {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  get id(): number {
    return this.#caller.thread.id;
  }

  get process(): Process {
    return this.#caller.process;
  }

  get thread(): Thread | null {
    const { thread } = this.#caller;
    return thread.isOut ? null : thread;
  }

  get kind(): ApartmentKind | "na" {
    return this.#caller.thread.apartment.kind;
  }

  caller(where: string): Caller {
    if (this.#caller.thread.isOut) throw new ComError(CO_E_NOTINITIALIZED, where);
    return this.#caller;
  }

  initialize(flags: number): HResult {
    const { owner } = this.#caller.thread;
    if (owner instanceof ComThread) return owner.initialize(flags);
    if ((flags & ~COINIT_ALL) !== 0) return E_INVALIDARG;
    const kind = (flags & COINIT_APARTMENTTHREADED) === 0 ? "mta" : "sta";
    // Inside the neutral apartment any model is another one (APT-18).
    return kind === this.kind ? S_FALSE : RPC_E_CHANGED_MODE;
  }

  uninitialize(): void {
    const { owner } = this.#caller.thread;
    if (owner instanceof ComThread) owner.uninitialize();
  }

  end(): void {
    const { process, thread } = this.#caller;
    if (thread.owner instanceof ComThread) thread.owner.end();
    // A host STA of COM's ends with its thread; the MTA and the neutral apartment do without this one.
    else if (this.kind === "sta") process.apartments.close(thread.apartment);
  }
}
