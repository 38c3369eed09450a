import {
  COWAIT_ALERTABLE,
  COWAIT_DISPATCH_WINDOW_MESSAGES,
  COWAIT_WAITALL,
  type Reply,
  RPC_S_CALLPENDING,
  S_OK,
  WAIT_IO_COMPLETION,
} from "@callfactory/core";
import type { ProcessServices } from "../process-services.ts";
import { isGone, modalWait, type WaitingThread } from "./modal-wait.ts";
import { type SignalState, takeSignal, waitForSignals } from "./signal-state.ts";

/** How a thread waits for events. */
export interface CoWaitOptions {
  readonly services: ProcessServices;
  readonly thread: WaitingThread;
  readonly timeoutMs: number;
  /** COWAIT_FLAGS; COWAIT_INPUTAVAILABLE changes nothing, as most versions of Windows show (SYNC-32). */
  readonly flags: number;
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
  const { services, thread, flags } = options;
  const all = (flags & COWAIT_WAITALL) !== 0;
  const taken = takeSignal(events, all);
  if (taken !== null) return { hr: S_OK, value: taken };
  const queue = (flags & COWAIT_ALERTABLE) !== 0 ? services.queues.of(thread) : null;
  if (queue?.runApcs()) return { hr: S_OK, value: WAIT_IO_COMPLETION };
  const pending = (done: (reply: Reply) => void): void => {
    const { timeoutMs } = options;
    let stopListening = (): void => {};
    const stopWaiting = waitForSignals(
      events,
      { clock: services.scheduler, timeoutMs, all, isGone: () => isGone(thread) },
      (index) => {
        stopListening();
        done(
          index === null ? { hr: RPC_S_CALLPENDING, value: undefined } : { hr: S_OK, value: index },
        );
      },
    );
    if (queue === null || timeoutMs === 0) return;
    stopListening = queue.onApc(() => {
      // Procedures run in one wait: others of the thread go on.
      if (!queue.runApcs()) return;
      stopListening();
      stopWaiting();
      done({ hr: S_OK, value: WAIT_IO_COMPLETION });
    });
  };
  const dispatchesAll = (flags & COWAIT_DISPATCH_WINDOW_MESSAGES) !== 0;
  return modalWait(thread, services.queues, pending, dispatchesAll ? "all" : "special");
}
