import {
  type Awaitable,
  type Clock,
  type HResult,
  RPC_E_CALL_CANCELED,
  RPC_E_CALL_COMPLETE,
  RPC_S_CALLPENDING,
  S_OK,
} from "@callfactory/core";
import type { CallContext, OutgoingSyncCall, WaitOptions } from "../apartment/apartment.ts";
import type { OutgoingCall } from "../orpc/channel.ts";
import type { PendingCalls, PendingCallTable } from "./pending-calls.ts";
import { waitForServer } from "./wait-for-server.ts";

/** What a synchronous call is made with; `R` is what comes back. */
export interface SyncCallOptions<R> {
  /** The thread that calls, and waits. */
  readonly context: CallContext;
  readonly clock: Clock;
  readonly pending: PendingCallTable;
  readonly wait?: WaitOptions;
  /** Sends the request; `done` is called once. */
  readonly send: (done: (reply: R) => void) => OutgoingCall;
  /** What the caller gets when the call is canceled. */
  readonly canceled: R;
  /** Takes the reply of a call that was canceled. */
  readonly drop: (late: R) => void;
}

/** "canceling": the server was told, Cancel still waits for it; "canceled": the caller has gone on. */
type State = "waiting" | "canceling" | "canceled" | "replied";

/**
 * Makes a synchronous call: waits as the thread's apartment does, and ends with
 * {@link SyncCallOptions.canceled} when somebody cancels it (CAN-23, CAN-24).
 */
export function callSync<R>(options: SyncCallOptions<R>): Promise<R> {
  const { context, wait } = options;
  return context.thread.wait((done: (reply: R) => void) => {
    new SyncCall(options, done).start();
  }, wait);
}

/** One synchronous call that its thread waits for. */
class SyncCall<R> implements OutgoingSyncCall {
  readonly isCancelable: boolean;
  readonly #options: SyncCallOptions<R>;
  readonly #done: (reply: R) => void;
  readonly #onServerDone: (() => void)[] = [];
  #state: State = "waiting";
  #sent: OutgoingCall | null = null;

  constructor(options: SyncCallOptions<R>, done: (reply: R) => void) {
    this.#options = options;
    this.#done = done;
    // What the thread is told later does not reach this call (CAN-16).
    this.isCancelable = this.#calls.isEnabled;
  }

  start(): void {
    const { context, send } = this.#options;
    this.#calls.push(this);
    this.#sent = send((reply) => this.#onReply(reply));
    context.onOutgoingCall?.(this);
  }

  testCancel(): HResult {
    switch (this.#state) {
      case "waiting":
        return RPC_S_CALLPENDING;
      case "canceling":
      case "canceled":
        return RPC_E_CALL_CANCELED;
      case "replied":
        return RPC_E_CALL_COMPLETE;
    }
  }

  cancel(cancelSeconds: number, context: CallContext): Awaitable<HResult> {
    if (this.#state === "replied") return RPC_E_CALL_COMPLETE;
    if (this.#state !== "waiting") return RPC_E_CALL_CANCELED;
    this.#sent?.cancel();
    if (cancelSeconds === 0) return this.#giveUp();
    this.#state = "canceling";
    const { clock } = this.#options;
    const waiting = waitForServer({ clock, context, cancelSeconds, onDone: this.#onServerDone });
    return waiting.then(() => (this.#state === "canceling" ? this.#giveUp() : RPC_E_CALL_COMPLETE));
  }

  #onReply(reply: R): void {
    if (this.#state === "canceled") {
      this.#options.drop(reply);
      return;
    }
    this.#state = "replied";
    this.#end(reply);
    for (const done of this.#onServerDone.splice(0)) done();
  }

  /** Releases the caller; the server is on its own from now on. */
  #giveUp(): HResult {
    this.#state = "canceled";
    this.#end(this.#options.canceled);
    return S_OK;
  }

  #end(reply: R): void {
    this.#calls.remove(this);
    this.#done(reply);
  }

  get #calls(): PendingCalls {
    const { pending, context } = this.#options;
    return pending.of(context.thread);
  }
}
