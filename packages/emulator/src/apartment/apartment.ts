import {
  type ApartmentKind,
  type Awaitable,
  type Guid,
  type HResult,
  type Identity,
  RPC_E_CALL_COMPLETE,
} from "@callfactory/core";
import { type Activity, type CallCategory, type Callout, refusalOf } from "./callout.ts";

// Apartments, their threads, and the calls that come in are words for each other: one vocabulary.

/** What a call tells of its caller on the same machine, beside its bytes, as Windows' own COM does. */
export interface CallOrigin {
  /** The thread that calls, as a message filter is told (APT-09). */
  readonly threadId: number;
  readonly category: CallCategory;
  /** The calling thread, which a neutral object's method runs on; `null` for call objects (APT-18). */
  readonly visitor: Thread | null;
}

/** An incoming call as a message filter sees it (APT-09). */
export interface IncomingCall {
  readonly origin: CallOrigin;
  /** The object's pointer, borrowed, as a value of a method; `null` for one of COM's own. */
  readonly object: NonNullable<unknown> | null;
  readonly iid: Guid;
  readonly opnum: number;
  /** Answers without running anything. */
  refuse(hr: HResult): void;
}

/** Something that an apartment runs: an incoming call or a message. */
export interface Incoming {
  readonly cid: Guid | null;
  /** Who calls what; absent for a message. */
  readonly call?: IncomingCall;
  /** Runs on `thread`, whose innermost frame is this one's. Never rejects. */
  run(thread: Thread): Awaitable<void>;
  /** The apartment ended before it could run. */
  drop(): void;
}

/** Starts something that ends later; `done` is called once. */
export type Pending<T> = (done: (value: T) => void) => void;

/** How a thread waits. */
export interface WaitOptions {
  /** SendMessage's way: only what is sent in the same way comes in meanwhile (INP-01). */
  readonly sentOnly?: boolean;
}

/** The unit of concurrency: who may run when (APT-03). */
export interface Apartment {
  readonly kind: ApartmentKind | "na";
  /** For people: "STA 1", "MTA". */
  readonly name: string;
  readonly isClosed: boolean;
  /** The STA's one thread; elsewhere, one of COM's own. */
  readonly thread: Thread;
  /** Runs `incoming` as soon as the apartment's rules allow. */
  deliver(incoming: Incoming): void;
  /**
   * Waits as a blocking COM call does: an STA serves incoming calls meanwhile (APT-07, FIN-06),
   * and the wait ends only when the calls served inside it have ended.
   */
  wait<T>(pending: Pending<T>, options?: WaitOptions): Promise<T>;
  close(): void;
}

/** What a thread is busy with while `incoming` runs. */
export function activityOf({ call }: Incoming): Activity {
  return call?.origin.category ?? "message";
}

/** An incoming call or a message that a thread is running. */
export interface Frame {
  /** The causality id that calls made from here carry (APT-15); `null` for a message. */
  cid: Guid | null;
  /** What runs; it decides which calls may go out. */
  readonly activity: Activity;
}

/** For whom a method runs: the thread, and the incoming call if there is one. */
export interface CallContext {
  readonly thread: Thread;
  /** Whether the client has asked to cancel (CAN-11, CAN-22). */
  testCancel(): HResult;
  /** Who calls, as far as the client says (SEC-11, MAR-15). */
  readonly client?: Identity | null;
  /** Told of each synchronous call that a proxy makes for this context. */
  onOutgoingCall?(call: OutgoingSyncCall): void;
}

/** A synchronous call that a thread waits for, as those see it who may cancel it (CAN-19, CAN-24). */
export interface OutgoingSyncCall {
  /** Whether cancellation was enabled when the call was made (CAN-16). */
  readonly isCancelable: boolean;
  testCancel(): HResult;
  /** Tells the server, and lets the caller go on with RPC_E_CALL_CANCELED (CAN-23). */
  cancel(cancelSeconds: number, context: CallContext): Awaitable<HResult>;
}

/** What a message filter is told of a call that a thread waits for. */
export interface AwaitedCall {
  readonly cid: Guid;
  readonly startedAtMs: number;
  /** The thread that serves it; 0 where none is known before. */
  readonly calleeThreadId: number;
}

/** Who decides whether a thread is in an apartment at all: CoInitializeEx and CoUninitialize. */
export interface ThreadOwner {
  readonly isOut: boolean;
  /** Where the thread is now; `null` in no apartment. */
  readonly apartment: Apartment | null;
}

/** What a thread is made with, besides its id and its apartment. */
export interface ThreadOptions {
  /** The id of the thread; a new one unless it had one before. */
  readonly id?: number;
  /** What runs on it; an STA shares its stack. */
  readonly frames?: readonly Frame[];
  /** The thread of another apartment that visits the neutral one (APT-18). */
  readonly home?: Thread;
  /** In the MTA without CoInitializeEx of its own. */
  readonly isImplicit?: boolean;
  readonly owner?: ThreadOwner;
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
  readonly home: Thread | null;
  /** In the MTA without CoInitializeEx of its own. */
  isImplicit: boolean;
  /** The program's own thread that this is; `null` for COM's. */
  owner: ThreadOwner | null;
  /** The synchronous calls that it waits for, innermost last; those made at once end in any order. */
  readonly awaited: Set<AwaitedCall>;
  /** The context of plain virtual calls made here: no incoming call, nothing to cancel. */
  readonly direct: CallContext = { thread: this, testCancel: () => RPC_E_CALL_COMPLETE };
  #ownCid: Guid | null = null;
  #nextCid: Guid | null = null;

  constructor(id: number, apartment: Apartment, options: ThreadOptions = {}) {
    this.id = id;
    this.apartment = apartment;
    this.frames = options.frames ?? [];
    this.home = options.home ?? null;
    this.isImplicit = options.isImplicit ?? false;
    this.owner = options.owner ?? null;
    // A visitor of the neutral apartment is the same thread: what it waits for is one stack.
    this.awaited = options.home?.awaited ?? new Set();
  }

  /** The thread is in no apartment any more, or has ended (APT-02). */
  get isOut(): boolean {
    return this.owner === null ? this.apartment.isClosed : this.owner.isOut;
  }

  /** The innermost frame. */
  get frame(): Frame | null {
    return this.frames.at(-1) ?? null;
  }

  /** Waits as a blocking COM call of this thread does (APT-07); in the neutral apartment, as at home (APT-18). */
  wait<T>(pending: Pending<T>, options?: WaitOptions): Promise<T> {
    return (this.home ?? this).apartment.wait(pending, options);
  }

  /** Why a call out cannot be made now; `null` when it can. */
  refusal(callout: Callout): HResult | null {
    return refusalOf(this.frame?.activity, callout);
  }

  /** The causality id of a call made now: a nested call's is its caller's, a top-level one gets its own (APT-15). */
  cidForCall(newGuid: () => Guid): Guid {
    const known = this.#knownCid ?? this.#nextCid ?? newGuid();
    this.#nextCid = null;
    return known;
  }

  /** The causality id of the call that the thread is in, or of its next one. */
  currentCid(newGuid: () => Guid): Guid {
    const known = this.#knownCid;
    if (known !== null) return known;
    this.#nextCid ??= newGuid();
    return this.#nextCid;
  }

  /** IComThreadingInfo::SetCurrentLogicalThreadId: for what is running, else for all that the thread calls. */
  setCid(cid: Guid): void {
    const { frame } = this;
    if (frame === null) this.#ownCid = cid;
    else frame.cid = cid;
  }

  get #knownCid(): Guid | null {
    const { frame } = this;
    return frame === null ? this.#ownCid : frame.cid;
  }
}
