import assert from "node:assert/strict";
import {
  type Com,
  type Guid,
  type Interface,
  type InterfacePointer,
  PM_NOREMOVE,
  PM_REMOVE,
  QS_ALLPOSTMESSAGE,
} from "callfactory";
import type { Stage } from "../harness/stage.ts";

/** What waits need of a target. */
export const WAIT_NEEDS = ["functions", "virtual-clock"] as const;

/** An object of one of COM's own classes, in the client's apartment. */
export async function systemObject<S>(
  stage: Stage,
  clsid: Guid,
  iface: Interface<S>,
): Promise<InterfacePointer<S>> {
  return stage.hold(await stage.com.createInstance(clsid, iface));
}

/** An event of the test's own, closed when the test ends; manual-reset and nonsignaled by default. */
export async function newEvent(
  stage: Stage,
  { autoReset = false, signaled = false } = {},
): Promise<bigint> {
  const { functions } = stage.com;
  const handle = await functions.CreateEventW(!autoReset, signaled);
  stage.hold({ release: () => void functions.CloseHandle(handle) });
  return handle;
}

/** CoWaitForMultipleHandles on the thread of `com`: the index of what ended the wait. */
export function coWait(com: Com, handles: readonly bigint[], { flags = 0, timeoutMs = 50 } = {}) {
  const array = BigUint64Array.from(handles);
  return com.functions.CoWaitForMultipleHandles(flags, timeoutMs, array.length, array);
}

/** Posts a message to the thread of `com`. */
export async function postTo(com: Com, message: number): Promise<void> {
  const threadId = await com.functions.GetCurrentThreadId();
  await com.functions.PostThreadMessageW(threadId, message, 0n, 0n);
}

/** Whether `message` is in the queue of the thread of `com`; it is taken out of it. */
export async function takeMessage(com: Com, message: number): Promise<boolean> {
  return (await com.functions.PeekMessageW(message, message, PM_REMOVE)) !== null;
}

/** Gives the thread of `com` a queue, as asking for a message does. */
export async function makeQueue(com: Com): Promise<void> {
  assert.equal(await com.functions.PeekMessageW(0, 0, PM_NOREMOVE), null);
}

/** What of the posted messages of the thread of `com` is in its queue, and what is new in it. */
export async function postedMessages(com: Com): Promise<{ present: boolean; isNew: boolean }> {
  const status = await com.functions.GetQueueStatus(QS_ALLPOSTMESSAGE);
  return {
    present: ((status >>> 16) & QS_ALLPOSTMESSAGE) !== 0,
    isNew: (status & QS_ALLPOSTMESSAGE) !== 0,
  };
}
