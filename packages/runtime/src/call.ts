import {
  type ComCall,
  ComError,
  type HResult,
  type Lane,
  RPC_E_CALL_CANCELED,
} from "@callfactory/core";

/** What runs a call and tells it how it went. */
export interface CallControl<T> {
  settle(hr: HResult, value: T): void;
  fail(error: unknown): void;
  /** Says through which lane the call runs. */
  setLane(lane: Lane): void;
  /** Calls back when the caller gives up; at once if it has already. */
  onCancel(listener: () => void): void;
  /** Lets the caller go on with RPC_E_CALL_CANCELED; no effect once settled. */
  cancel(reason: unknown): void;
  /** The caller was released; nobody waits for the outcome. */
  readonly isCanceled: boolean;
}

/**
 * A call under way, as the caller holds it.
 *
 * Cancel rejects it at once with RPC_E_CALL_CANCELED; whoever runs it then cancels and finishes
 * the COM call behind the caller's back (CAN-03, CAN-05).
 */
export class Call<T> extends Promise<T> implements ComCall<T> {
  /** `then` gives plain promises: a Call is made by starting a call, not by waiting for one. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  #lane: Lane | undefined;
  #hr: HResult | undefined;
  #cancel: (reason: unknown) => void = () => {};

  /** Starts a call: `run` is handed the control and must in the end settle or fail it. */
  static start<T>(where: string, run: (control: CallControl<T>) => void): Call<T> {
    let resolve: (value: T) => void = () => {};
    let reject: (error: unknown) => void = () => {};
    const call = new Call<T>((onValue, onError) => {
      resolve = onValue;
      reject = onError;
    });
    let isOpen = true;
    let isCanceled = false;
    const listeners: (() => void)[] = [];
    const control: CallControl<T> = {
      settle: (hr, value) => {
        if (!isOpen) return;
        isOpen = false;
        call.#hr = hr;
        resolve(value);
      },
      fail: (error) => {
        if (!isOpen) return;
        isOpen = false;
        if (error instanceof ComError) call.#hr = error.hr;
        reject(error);
      },
      setLane: (lane) => {
        call.#lane = lane;
      },
      onCancel: (listener) => {
        if (isCanceled) listener();
        else listeners.push(listener);
      },
      cancel: (reason) => {
        if (!isOpen) return;
        isCanceled = true;
        control.fail(
          new ComError(RPC_E_CALL_CANCELED, where, reason === undefined ? {} : { cause: reason }),
        );
        for (const listener of listeners.splice(0)) listener();
      },
      get isCanceled() {
        return isCanceled;
      },
    };
    call.#cancel = (reason) => control.cancel(reason);
    run(control);
    return call;
  }

  get lane(): Lane | undefined {
    return this.#lane;
  }

  get hr(): HResult | undefined {
    return this.#hr;
  }

  cancel(reason?: unknown): void {
    this.#cancel(reason);
  }
}
