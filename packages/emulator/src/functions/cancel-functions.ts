import {
  type Awaitable,
  CO_E_CANCEL_DISABLED,
  E_NOINTERFACE,
  type Guid,
  ICancelMethodCalls,
  type Method,
  type Reply,
} from "@callfactory/core";
import { CancelObject } from "../cancel/cancel-object.ts";
import type { CancelTarget, PendingCalls } from "../cancel/pending-calls.ts";
import type { Caller } from "../caller.ts";
import { chain } from "../object/awaitable.ts";
import { Pointer } from "../object/com-object.ts";
import { type ComFunctionGroup, reply } from "./com-function.ts";

const CANCEL = ICancelMethodCalls.members.get("Cancel") as Method;

/** Cancellation of synchronous calls. */
export const cancelFunctions: ComFunctionGroup = {
  CoEnableCallCancellation: (caller) => reply(callsOf(caller).enable()),

  CoDisableCallCancellation: (caller) => reply(callsOf(caller).disable()),

  CoCancelCall: (caller, [threadId, seconds]) => {
    const calls = callsOfThread(caller, threadId as number);
    const target = calls?.target ?? null;
    if (target === null) return reply(calls === null ? CO_E_CANCEL_DISABLED : E_NOINTERFACE);
    return cancel(target, seconds as number, caller);
  },

  CoGetCancelObject: (caller, [threadId, iid]) => {
    const target = callsOfThread(caller, threadId as number)?.target ?? null;
    if (target === null) return reply(E_NOINTERFACE);
    return cancelObject(target, iid as Guid, caller);
  },

  CoSetCancelObject: (caller, [object]) => {
    if (object === null) return reply(callsOf(caller).popObject());
    const { unknown } = object as Pointer;
    return chain(unknown.query(ICancelMethodCalls.iid), ({ pointer }) => {
      if (pointer === null) return reply(E_NOINTERFACE);
      return reply(callsOf(caller).pushObject(pointer));
    });
  },
};

function callsOf({ process, thread }: Caller): PendingCalls {
  return process.services.pendingCalls.of(thread);
}

/** The calls of a thread named by its id; `null` when it lets none be canceled (CAN-19). */
function callsOfThread({ process, thread }: Caller, id: number): PendingCalls | null {
  return process.services.pendingCalls.find(id === 0 ? thread.id : id);
}

function cancel(target: CancelTarget, seconds: number, { thread }: Caller): Awaitable<Reply> {
  if (!(target instanceof Pointer)) return chain(target.cancel(seconds, thread.direct), reply);
  // The marshaler may take its object away while we ask it.
  target.unknown.addRef();
  return chain(target.invoke(CANCEL, [seconds], thread.direct), (result) => {
    target.unknown.release();
    return result;
  });
}

function cancelObject(target: CancelTarget, iid: Guid, { process }: Caller): Awaitable<Reply> {
  if (target instanceof Pointer) {
    return chain(target.unknown.query(iid), ({ hr, pointer }) => reply(hr, pointer));
  }
  const object = new CancelObject(target, process.services.ledger);
  return chain(object.query(iid), ({ hr, pointer }) => {
    object.release();
    return reply(hr, pointer);
  });
}
