import {
  type Awaitable,
  type Guid,
  type HResult,
  PENDINGMSG_CANCELCALL,
  PENDINGMSG_WAITDEFPROCESS,
  RPC_E_CALL_CANCELED,
  RPC_E_CALL_REJECTED,
  RPC_E_SERVERCALL_REJECTED,
  RPC_E_SERVERCALL_RETRYLATER,
  SERVERCALL_REJECTED,
  SERVERCALL_RETRYLATER,
} from "@callfactory/core";
import type {
  AwaitedCall,
  CallContext,
  CallOrigin,
  OutgoingSyncCall,
} from "../apartment/apartment.ts";
import { callSync } from "../cancel/sync-call.ts";
import { chain } from "../object/awaitable.ts";
import type { OrpcReply, OutgoingCall } from "../orpc/channel.ts";
import type { ProcessServices } from "../process-services.ts";
import type { Dispatches } from "../wait/thread-queue.ts";

/** A request to send, and who waits for its reply. */
export interface ExchangeOptions {
  readonly services: ProcessServices;
  readonly context: CallContext;
  readonly origin: CallOrigin;
  readonly cid: Guid;
  readonly calleeThreadId: number;
  /** Sends the request, each time once more. */
  readonly send: (done: (reply: OrpcReply) => void) => OutgoingCall;
  /** Takes the reply of a call that was canceled. */
  readonly drop: (late: OrpcReply) => void;
}

const CANCELED: OrpcReply = { kind: "fault", hr: RPC_E_CALL_CANCELED };
const REJECTED: OrpcReply = { kind: "fault", hr: RPC_E_SERVERCALL_REJECTED };
const IN_TIME: OrpcReply = { kind: "fault", hr: RPC_E_SERVERCALL_RETRYLATER };

/** Retries with less delay than this are made at once (APT-11). */
const SHORTEST_DELAY_MS = 100;
/** At once, but not in no time: a filter that gives up by its ticks has to see them pass. */
const AT_ONCE_MS = 1;

/**
 * Sends a request and waits for its reply; a request that the server's message filter rejects is
 * sent again as often as the caller's filter wants it (APT-11).
 */
export async function exchange(options: ExchangeOptions): Promise<OrpcReply> {
  const { services, context, cid, calleeThreadId, send } = options;
  const { awaited } = context.thread;
  const startedAtMs = services.scheduler.now();
  const record: AwaitedCall = { cid, startedAtMs, calleeThreadId };
  awaited.add(record);
  try {
    for (;;) {
      const reply = await waitFor(record, options, send);
      const rejection = rejectionOf(reply);
      if (rejection === null) return reply;
      const decision = await services.filters.retry(context.thread, record, rejection);
      if (decision === null) return reply;
      if (decision === "give up") return REJECTED;
      const delayMs = decision < SHORTEST_DELAY_MS ? AT_ONCE_MS : decision;
      const outcome = await waitFor(record, options, (done) => pause(services, delayMs, done));
      if (outcome === IN_TIME) continue;
      options.drop(REJECTED);
      return outcome;
    }
  } finally {
    awaited.delete(record);
  }
}

/** The code that a caller gets for a fault: what a filter refused is a rejected call (APT-11, APT-12). */
export function codeOf(fault: HResult): HResult {
  return fault === RPC_E_SERVERCALL_REJECTED ? RPC_E_CALL_REJECTED : fault;
}

/** Waits in the modal loop; a message that arrives there is a matter for the filter (APT-13). */
function waitFor(
  record: AwaitedCall,
  { services, context, origin, drop }: ExchangeOptions,
  send: ExchangeOptions["send"],
): Promise<OrpcReply> {
  const { queues, filters, pendingCalls } = services;
  const thread = context.thread.home ?? context.thread;
  const sentOnly = origin.category === "input-synchronous";
  const decide = (call: OutgoingSyncCall): Awaitable<Dispatches> =>
    chain(filters.messagePending(thread, record), (decision): Dispatches => {
      if (decision === PENDINGMSG_WAITDEFPROCESS) return "special";
      // The filter need not be asked whether cancellation was enabled (CAN-24).
      if (decision === PENDINGMSG_CANCELCALL) void call.cancel(0, context);
      return "none";
    });
  const pumps = thread.apartment.kind === "sta" && !sentOnly;
  let leave = (): void => {};
  // A message can be there already: the filter is asked once there is a call that it can cancel.
  const onOutgoingCall = (call: OutgoingSyncCall): void => {
    context.onOutgoingCall?.(call);
    if (pumps) leave = queues.of(thread).enterLoop(() => decide(call));
  };
  return callSync<OrpcReply>({
    context: { thread: context.thread, testCancel: () => context.testCancel(), onOutgoingCall },
    clock: services.scheduler,
    pending: pendingCalls,
    wait: { sentOnly },
    send: (done) =>
      send((reply) => {
        leave();
        done(reply);
      }),
    canceled: CANCELED,
    drop,
  }).finally(() => leave());
}

function pause(
  { scheduler }: ProcessServices,
  delayMs: number,
  done: (reply: OrpcReply) => void,
): OutgoingCall {
  return { cancel: scheduler.setTimer(delayMs, () => done(IN_TIME)) };
}

/** What the server's filter said, when it is its filter that speaks. */
export function rejectionOf(reply: OrpcReply): number | null {
  if (reply.kind !== "fault") return null;
  if (reply.hr === RPC_E_SERVERCALL_REJECTED) return SERVERCALL_REJECTED;
  return reply.hr === RPC_E_SERVERCALL_RETRYLATER ? SERVERCALL_RETRYLATER : null;
}
