import {
  type Awaitable,
  CALLTYPE_ASYNC,
  CALLTYPE_ASYNC_CALLPENDING,
  CALLTYPE_NESTED,
  CALLTYPE_TOPLEVEL,
  CALLTYPE_TOPLEVEL_CALLPENDING,
  type Clock,
  failed,
  IMessageFilter,
  type Method,
  PENDINGMSG_WAITDEFPROCESS,
  PENDINGTYPE_NESTED,
  PENDINGTYPE_TOPLEVEL,
  RPC_E_SERVERCALL_REJECTED,
  RPC_E_SERVERCALL_RETRYLATER,
  SERVERCALL_ISHANDLED,
  SERVERCALL_REJECTED,
} from "@callfactory/core";
import { chain } from "../object/awaitable.ts";
import type { Pointer } from "../object/com-object.ts";
import type { Apartment, AwaitedCall, Frame, Incoming, IncomingCall, Thread } from "./apartment.ts";
import type { Running } from "./running.ts";
import { StaApartment } from "./sta.ts";

const HANDLE_INCOMING = IMessageFilter.members.get("HandleInComingCall") as Method;
const RETRY_REJECTED = IMessageFilter.members.get("RetryRejectedCall") as Method;
const MESSAGE_PENDING = IMessageFilter.members.get("MessagePending") as Method;

/** RetryRejectedCall's -1, as a DWORD. */
const GIVE_UP = 0xffffffff;

/** What RetryRejectedCall wants: another try after some milliseconds, or none; `null` without a filter. */
export type RetryDecision = number | "give up" | null;

/** The message filters of a process: at most one for each STA (APT-08). */
export class MessageFilters {
  readonly #clock: Clock;
  readonly #running: Running;
  readonly #filters = new Map<Apartment, Pointer>();

  constructor(clock: Clock, running: Running) {
    this.#clock = clock;
    this.#running = running;
  }

  /** Puts `filter` in the place of the one before, whose reference is the caller's; takes one of its own. */
  register(sta: StaApartment, filter: Pointer | null): Pointer | null {
    const previous = this.#filters.get(sta) ?? null;
    filter?.unknown.addRef();
    if (filter === null) this.#filters.delete(sta);
    else this.#filters.set(sta, filter);
    sta.admission = filter === null ? null : (incoming) => this.#admit(sta, filter, incoming);
    return previous;
  }

  /** The apartment has ended. */
  drop(apartment: Apartment): void {
    if (apartment instanceof StaApartment) this.register(apartment, null)?.unknown.release();
  }

  /** IMessageFilter::RetryRejectedCall of the caller's STA (APT-11). */
  async retry(thread: Thread, call: AwaitedCall, rejectType: number): Promise<RetryDecision> {
    const args = [call.calleeThreadId, this.#ticksSince(call), rejectType];
    const decision = await this.#ask(thread, RETRY_REJECTED, args);
    return decision === GIVE_UP ? "give up" : decision;
  }

  /** IMessageFilter::MessagePending, for a message that arrives while `thread` waits (APT-13). */
  messagePending(thread: Thread, call: AwaitedCall): Awaitable<number> {
    const isNested = thread.frames.some(({ activity }) => activity !== "message");
    const pendingType = isNested ? PENDINGTYPE_NESTED : PENDINGTYPE_TOPLEVEL;
    const args = [call.calleeThreadId, this.#ticksSince(call), pendingType];
    return chain(
      this.#ask(thread, MESSAGE_PENDING, args),
      (decision) => decision ?? PENDINGMSG_WAITDEFPROCESS,
    );
  }

  /** IMessageFilter::HandleInComingCall; what it refuses is answered here (APT-09). */
  #admit(sta: StaApartment, filter: Pointer, { cid, call }: Incoming): Awaitable<boolean> {
    // IRemUnknown is COM's own: references are not the filter's business.
    if (call === undefined || call.object === null) return true;
    const { thread } = sta;
    const outgoing = [...thread.awaited].at(-1);
    // The innermost frame is the call's own; those below wait, be it for a call object's call.
    const below = thread.frames.slice(0, -1);
    const isNested = [...thread.awaited, ...below].some((waiting) => waiting.cid === cid);
    const isPending = outgoing !== undefined || below.length > 0;
    const ticks = outgoing === undefined ? 0 : this.#ticksSince(outgoing);
    const { origin, object, iid, opnum } = call;
    const callType = callTypeOf(call, { isNested, isPending });
    const info = { pUnk: object, iid, wMethod: opnum };
    return chain(
      this.#invoke(filter, thread, HANDLE_INCOMING, [callType, origin.threadId, ticks, info]),
      (verdict) => {
        // Notifications and input-synchronous calls come in whatever is said (APT-10, NOT-05).
        const isHandled = (verdict ?? SERVERCALL_ISHANDLED) === SERVERCALL_ISHANDLED;
        if (isHandled || origin.category !== "synchronous") return true;
        call.refuse(
          verdict === SERVERCALL_REJECTED ? RPC_E_SERVERCALL_REJECTED : RPC_E_SERVERCALL_RETRYLATER,
        );
        return false;
      },
    );
  }

  /** Asks the filter of a thread, on that thread, on top of what it is in; `null` without a filter. */
  #ask(thread: Thread, method: Method, args: readonly unknown[]): Awaitable<number | null> {
    const { apartment } = thread.home ?? thread;
    const filter = this.#filters.get(apartment);
    if (filter === undefined || !(apartment instanceof StaApartment)) return null;
    const frame: Frame = { cid: thread.frame?.cid ?? null, activity: "filter" };
    return apartment.enter(frame, () => this.#invoke(filter, apartment.thread, method, args));
  }

  #invoke(
    filter: Pointer,
    thread: Thread,
    method: Method,
    args: readonly unknown[],
  ): Awaitable<number | null> {
    filter.unknown.addRef();
    const reply = this.#running.during(thread, () => filter.invoke(method, args, thread.direct));
    return chain(reply, ({ hr, value }) => {
      filter.unknown.release();
      // A filter that throws has no say.
      return failed(hr) ? null : (value as number);
    });
  }

  #ticksSince({ startedAtMs }: AwaitedCall): number {
    return Math.trunc(this.#clock.now() - startedAtMs) >>> 0;
  }
}

function callTypeOf(
  { origin }: IncomingCall,
  thread: { readonly isNested: boolean; readonly isPending: boolean },
): number {
  if (origin.category === "notification") {
    return thread.isPending ? CALLTYPE_ASYNC_CALLPENDING : CALLTYPE_ASYNC;
  }
  if (thread.isNested) return CALLTYPE_NESTED;
  return thread.isPending ? CALLTYPE_TOPLEVEL_CALLPENDING : CALLTYPE_TOPLEVEL;
}
