import { type Reply, RPC_S_CALLPENDING, S_OK, WAIT_IO_COMPLETION } from "@callfactory/core";
import type { Thread } from "../apartment/apartment.ts";
import type { ProcessServices } from "../process-services.ts";
import { modalWait } from "./modal-wait.ts";
import { type SignalState, takeSignal, waitForSignals } from "./signal-state.ts";
import type { Dispatches } from "./thread-queue.ts";

/** How a thread waits for events, in the words of COWAIT_FLAGS (SYNC-32). */
export interface CoWaitOptions {
  readonly services: ProcessServices;
  readonly thread: Thread;
  readonly timeoutMs: number;
  readonly all: boolean;
  readonly isAlertable: boolean;
  readonly dispatches: Dispatches;
}

/**
 * CoWaitForMultipleHandles once its arguments are known to be good: the index of the signaled
 * event, or RPC_S_CALLPENDING (SYNC-30).
 *
 * What is signaled already ends it before any message is looked at (SYNC-29).
 */
export function coWait(
  events: readonly SignalState[],
  options: CoWaitOptions,
): Reply | Promise<Reply> {
  const { services, thread, isAlertable, all } = options;
  const taken = takeSignal(events, all);
  if (taken !== null) return { hr: S_OK, value: taken };
  const queue = isAlertable ? services.queues.of(thread) : null;
  if (queue?.runApcs()) return { hr: S_OK, value: WAIT_IO_COMPLETION };
  const pending = (done: (reply: Reply) => void): void => {
    const { timeoutMs } = options;
    let stopListening = (): void => {};
    const stopWaiting = waitForSignals(
      events,
      { clock: services.scheduler, timeoutMs, all },
      (index) => {
        stopListening();
        done(
          index === null ? { hr: RPC_S_CALLPENDING, value: undefined } : { hr: S_OK, value: index },
        );
      },
    );
    if (queue === null || timeoutMs === 0) return;
    stopListening = queue.onApc(() => {
      queue.runApcs();
      stopListening();
      stopWaiting();
      done({ hr: S_OK, value: WAIT_IO_COMPLETION });
    });
  };
  return modalWait(thread, services.queues, pending, options.dispatches);
}
