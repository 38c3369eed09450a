import { type Clock, RPC_C_CANCEL_INFINITE_TIMEOUT } from "@callfactory/core";
import type { CallContext } from "../apartment/apartment.ts";

/** What a Cancel with a timeout waits for. */
export interface WaitForServerOptions {
  readonly clock: Clock;
  readonly context: CallContext;
  readonly cancelSeconds: number;
  /** Callbacks for the moment when the server's reply is there; ours is added. */
  readonly onDone: (() => void)[];
}

/**
 * Waits inside Cancel until the server, which has been told, is done, or `cancelSeconds` are over;
 * RPC_C_CANCEL_INFINITE_TIMEOUT waits as long as it takes (CAN-09).
 */
export function waitForServer(options: WaitForServerOptions): Promise<void> {
  const { clock, context, cancelSeconds, onDone } = options;
  return context.thread.wait((done: () => void) => {
    let stopTimer = (): void => {};
    const finish = (): void => {
      stopTimer();
      const place = onDone.indexOf(finish);
      if (place >= 0) onDone.splice(place, 1);
      done();
    };
    onDone.push(finish);
    if (cancelSeconds === RPC_C_CANCEL_INFINITE_TIMEOUT) return;
    stopTimer = clock.setTimer(cancelSeconds * 1000, finish);
  });
}
