import {
  E_INVALIDARG,
  type HResult,
  RPC_E_CALL_CANCELED,
  RPC_E_CALL_COMPLETE,
  RPC_S_CALLPENDING,
  S_OK,
} from "@callfactory/core";

/** What a Finish_ or a Cancel that blocks will give; not known yet while it blocks. */
export interface Outcome {
  hr: HResult | "blocked";
  value?: number;
}

type State = "idle" | "begun" | "canceling" | "canceled" | "replied";

/** A client call object as the catalogue describes it, without a line of the emulator. */
export class CallModel {
  #state: State = "idle";
  #isSignaled = false;
  #id = 0;
  #blockedFinish: Outcome | null = null;
  #blockedCancel: (Outcome & { readonly untilMs: number }) | null = null;

  get isFinishBlocked(): boolean {
    return this.#blockedFinish !== null;
  }

  /** BEG-05, BEG-06: one call at a time, until Finish_. */
  begin(id: number): HResult {
    if (this.#state !== "idle") return RPC_S_CALLPENDING;
    this.#state = "begun";
    this.#id = id;
    this.#isSignaled = false;
    return S_OK;
  }

  /** FIN-02 idle; FIN-03 blocks before completion; CAN-04 canceled. */
  finish(): Outcome {
    if (this.#state === "idle") return { hr: RPC_E_CALL_COMPLETE };
    const outcome: Outcome = { hr: "blocked" };
    this.#blockedFinish = outcome;
    this.#endFinish();
    return outcome;
  }

  /** FIN-07: the wrong Finish_ fails and changes nothing. */
  finishOther(): HResult {
    return this.#state === "idle" ? RPC_E_CALL_COMPLETE : E_INVALIDARG;
  }

  /** CAN-02 not waiting, CAN-09 waiting; CAN-06, CAN-08 too late; CAN-07 twice. */
  cancel(seconds: number, nowMs: number): Outcome {
    if (this.#state === "idle" || this.#state === "replied") return { hr: RPC_E_CALL_COMPLETE };
    if (this.#state !== "begun") return { hr: RPC_E_CALL_CANCELED };
    if (seconds === 0) {
      this.#giveUp();
      return { hr: S_OK };
    }
    this.#state = "canceling";
    this.#blockedCancel = { hr: "blocked", untilMs: nowMs + seconds * 1000 };
    return this.#blockedCancel;
  }

  /** CAN-11. */
  testCancel(): HResult {
    if (this.#state === "begun") return RPC_S_CALLPENDING;
    if (this.#state === "canceling" || this.#state === "canceled") return RPC_E_CALL_CANCELED;
    return RPC_E_CALL_COMPLETE;
  }

  /** SYNC-02, SYNC-04: completion and cancellation signal, Begin_ resets. */
  poll(): HResult {
    return this.#isSignaled ? S_OK : RPC_S_CALLPENDING;
  }

  /** The server has finished `id`; too late for a call that was canceled (CAN-12). */
  complete(id: number): void {
    const isAwaited = this.#state === "begun" || this.#state === "canceling";
    if (!isAwaited || this.#id !== id) return;
    this.#state = "replied";
    this.#isSignaled = true;
    this.#endCancel(RPC_E_CALL_COMPLETE);
    this.#endFinish();
  }

  /** Time has come to `nowMs`: a Cancel that waits may lose its patience (CAN-09). */
  tick(nowMs: number): void {
    if (this.#blockedCancel === null || nowMs < this.#blockedCancel.untilMs) return;
    this.#endCancel(S_OK);
    this.#giveUp();
  }

  #giveUp(): void {
    this.#state = "canceled";
    this.#isSignaled = true;
    this.#endFinish();
  }

  #endCancel(hr: HResult): void {
    if (this.#blockedCancel !== null) this.#blockedCancel.hr = hr;
    this.#blockedCancel = null;
  }

  #endFinish(): void {
    const outcome = this.#blockedFinish;
    if (outcome === null || (this.#state !== "replied" && this.#state !== "canceled")) return;
    if (this.#state === "canceled") outcome.hr = RPC_E_CALL_CANCELED;
    else Object.assign(outcome, { hr: S_OK, value: this.#id * 2 });
    this.#blockedFinish = null;
    this.#state = "idle";
  }
}
