import {
  type Awaitable,
  COWAIT_DEFAULT,
  COWAIT_DISPATCH_WINDOW_MESSAGES,
  CWMO_DISPATCH_CALLS,
  CWMO_DISPATCH_WINDOW_MESSAGES,
  CWMO_MAX_HANDLES,
  E_HANDLE,
  E_INVALIDARG,
  hresultFromWin32,
  PM_REMOVE,
  type Reply,
  RPC_E_NO_SYNC,
  S_OK,
  WAIT_OBJECT_0,
  WAIT_TIMEOUT,
} from "@callfactory/core";
import type { ProcessServices } from "../process-services.ts";
import { coWait } from "../wait/co-wait.ts";
import { blockThread, isGone, type WaitingThread } from "../wait/modal-wait.ts";
import { SignalState, waitForSignals } from "../wait/signal-state.ts";
import { reply } from "./com-function.ts";

/** For whom the system works: a thread of a process, in an apartment or not. */
interface SystemCaller {
  readonly process: { readonly services: ProcessServices };
  readonly thread: WaitingThread;
}

/** A function that needs no apartment. */
export type SystemFunction = (caller: SystemCaller, args: readonly unknown[]) => Awaitable<Reply>;

type SystemFunctionGroup = Readonly<Record<string, SystemFunction>>;

/** COWAIT_FLAGS (SYNC-32). */
const COWAIT_FLAGS = 0x1f;
const CWMO_FLAGS = CWMO_DISPATCH_CALLS | CWMO_DISPATCH_WINDOW_MESSAGES;

const ERROR_INVALID_THREAD_ID = 0x5a4;
const ERROR_NOT_ENOUGH_QUOTA = 0x718;

/** WaitForMultipleObjects takes 64 handles; a thread with a queue waits for that, too. */
const MAXIMUM_WAIT_OBJECTS = 64;

/** Runs `use` with the event behind the handle that comes first. */
function withEvent(
  use: (event: SignalState, caller: SystemCaller, args: readonly unknown[]) => Awaitable<Reply>,
): SystemFunction {
  return (caller, args) => {
    const event = caller.process.services.handles.find(args[0] as bigint);
    return event === undefined ? reply(E_HANDLE) : use(event, caller, args);
  };
}

/** Handles and waits of the kernel. */
export const kernelFunctions: SystemFunctionGroup = {
  CreateEventW: ({ process: { services } }, args) => {
    const [manualReset, signaled] = args as [boolean, boolean];
    const event = new SignalState(services.scheduler, { autoReset: !manualReset, signaled });
    return reply(S_OK, services.handles.open(event));
  },

  SetEvent: withEvent((event) => {
    event.signal();
    return reply(S_OK);
  }),

  ResetEvent: withEvent((event) => {
    event.reset();
    return reply(S_OK);
  }),

  CloseHandle: ({ process }, args) =>
    reply(process.services.handles.close(args[0] as bigint) ? S_OK : E_HANDLE),

  DuplicateHandle: withEvent((event, { process }) =>
    reply(S_OK, process.services.handles.open(event)),
  ),

  WaitForSingleObject: withEvent((event, { thread, process }, args) => {
    const options = {
      clock: process.services.scheduler,
      timeoutMs: args[1] as number,
      isGone: () => isGone(thread),
    };
    return blockThread(
      thread,
      (done: (reply: Reply) => void) => {
        waitForSignals([event], options, (index) =>
          done(reply(S_OK, index === null ? WAIT_TIMEOUT : WAIT_OBJECT_0)),
        );
      },
      reply(S_OK, WAIT_TIMEOUT),
    );
  }),

  QueueUserAPC: ({ process, thread }, args) => {
    const { queues } = process.services;
    const queue = args[0] === thread.id ? queues.of(thread) : queues.find(args[0] as number);
    if (queue === undefined) return reply(hresultFromWin32(ERROR_INVALID_THREAD_ID));
    queue.queueApc();
    return reply(S_OK);
  },
};

/** The events behind the handles of a wait, or what the wait fails with (SYNC-28). */
function eventsOf({ process }: SystemCaller, args: readonly unknown[]): SignalState[] | Reply {
  const [count, handles] = args.slice(2) as [number, BigUint64Array | null];
  if (handles === null) return reply(E_INVALIDARG);
  if (count === 0) return reply(RPC_E_NO_SYNC);
  const events: SignalState[] = [];
  for (const handle of handles.subarray(0, count)) {
    const event = process.services.handles.find(handle);
    if (event === undefined) return reply(E_HANDLE);
    events.push(event);
  }
  return events;
}

/** Waits that serve COM calls in an STA. */
export const waitFunctions: SystemFunctionGroup = {
  CoWaitForMultipleHandles: (caller, args) => {
    const events = eventsOf(caller, args);
    if (!Array.isArray(events)) return events;
    const [flags, timeoutMs] = args as [number, number];
    const { thread, process } = caller;
    const limit = MAXIMUM_WAIT_OBJECTS - (thread.apartment?.kind === "sta" ? 1 : 0);
    if ((flags & ~COWAIT_FLAGS) !== 0 || events.length > limit) return reply(E_INVALIDARG);
    return coWait(events, { services: process.services, thread, timeoutMs, flags });
  },

  CoWaitForMultipleObjects: (caller, args) => {
    const events = eventsOf(caller, args);
    if (!Array.isArray(events)) return events;
    const [flags, timeoutMs] = args as [number, number];
    if ((flags & ~CWMO_FLAGS) !== 0 || events.length > CWMO_MAX_HANDLES) return reply(E_INVALIDARG);
    const dispatchesAll = (flags & CWMO_DISPATCH_WINDOW_MESSAGES) !== 0;
    return coWait(events, {
      services: caller.process.services,
      thread: caller.thread,
      timeoutMs,
      flags: dispatchesAll ? COWAIT_DISPATCH_WINDOW_MESSAGES : COWAIT_DEFAULT,
    });
  },
};

/** Messages posted to a thread. */
export const messageFunctions: SystemFunctionGroup = {
  PostThreadMessageW: ({ process }, args) => {
    const [threadId, message, wParam, lParam] = args as [number, number, bigint, bigint];
    const queue = process.services.queues.find(threadId);
    if (queue === undefined) return reply(hresultFromWin32(ERROR_INVALID_THREAD_ID));
    const isPosted = queue.post(message, wParam, lParam);
    return reply(isPosted ? S_OK : hresultFromWin32(ERROR_NOT_ENOUGH_QUOTA));
  },

  PeekMessageW: ({ process, thread }, args) => {
    const [min, max, flags] = args as [number, number, number];
    const remove = (flags & PM_REMOVE) !== 0;
    return reply(S_OK, process.services.queues.of(thread).peek(min, max, remove));
  },

  GetQueueStatus: ({ process, thread }, args) =>
    reply(S_OK, process.services.queues.of(thread).status(args[0] as number)),
};
