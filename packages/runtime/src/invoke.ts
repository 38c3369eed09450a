import {
  type AsyncInterface,
  asyncOf,
  type BackendApartment,
  type BackendCall,
  type BackendObject,
  type CallOptions,
  type Clock,
  CO_E_NOTINITIALIZED,
  ComError,
  checkArgs,
  E_NOINTERFACE,
  failed,
  type HResult,
  type Interface,
  type Method,
  mapArgs,
  mapOuts,
  type Reply,
  RPC_E_DISCONNECTED,
  RPC_E_WRONG_THREAD,
  S_OK,
  shapeResult,
  spreadResult,
} from "@callfactory/core";
import { Call, type CallControl } from "./call.ts";
import type { Com } from "./com.ts";
import { splitOptions, watchOptions } from "./call-options.ts";

/** How an apartment's pointers look to its backend, and the other way round. */
export interface PointerMapping {
  readonly clock: Clock;
  readonly isPointer: (value: unknown) => boolean;
  /** Borrows; throws ComError RPC_E_WRONG_THREAD for a pointer of another apartment (APT-04). */
  readonly toBackend: (pointer: NonNullable<unknown>) => BackendObject;
  /** Takes over the reference. */
  readonly toPointer: (object: NonNullable<unknown>) => unknown;
  /** COM as a thread of the apartment sees it. */
  readonly comOf: (apartment: BackendApartment) => Com;
}

/** The object that calls go to, and how they get there. */
export interface CallTarget {
  /** Throws ComError CO_E_RELEASED once the pointer was released. */
  readonly object: BackendObject;
  readonly iface: Interface;
  readonly mapping: PointerMapping;
  /** False after the object has refused to make a call object. */
  offersCallObjects: boolean;
}

interface Invocation {
  readonly target: CallTarget;
  readonly method: Method;
  readonly values: readonly unknown[];
  readonly control: CallControl<unknown>;
  /** The lane that the caller insists on. */
  readonly lane: CallOptions["lane"];
}

/**
 * Calls a method through the best lane that the object offers: a call object (CALL-17), else the
 * synchronous method away from the event loop.
 */
export function invoke(
  target: CallTarget,
  method: Method,
  callerArgs: readonly unknown[],
): Call<unknown> {
  return Call.start(method.qualifiedName, (control) => {
    prepareAndRun(target, method, callerArgs, control).catch((error: unknown) =>
      control.fail(error),
    );
  });
}

async function prepareAndRun(
  target: CallTarget,
  method: Method,
  callerArgs: readonly unknown[],
  control: CallControl<unknown>,
): Promise<void> {
  const { mapping } = target;
  const { args, options } = splitOptions(method, callerArgs, mapping.isPointer);
  const checked = checkArgs(method, args, mapping.isPointer);
  const values = mapArgs(method, checked, mapping.toBackend);
  const stopWatching = watchOptions(options, mapping.clock, control);
  // Once canceled, the call may go on for long; nothing is left to watch for.
  control.onCancel(stopWatching);
  try {
    if (control.isCanceled) return;
    const call = { target, method, values, control, lane: options.lane };
    const twin = callObjectInterface(call);
    // Without one the method is sent before anything else can happen, and for whoever calls now.
    if (twin === null || !(await runOnCallObject(call, twin))) await runMethod(call);
  } finally {
    stopWatching();
  }
}

/** The interface to ask for a call object; `null` when the synchronous method is to run (DISC-04). */
function callObjectInterface({ target, method, lane }: Invocation): AsyncInterface | null {
  const insists = lane === "call-object";
  if (lane === "worker" || !(target.offersCallObjects || insists)) return null;
  // What was set on the proxy is to govern this call (SEC-02).
  if (target.object.hasOwnBlanket === true && !insists) return null;
  const twin = twinFor(target.iface, method);
  if (twin === null && insists) throw noCallObject(method);
  return twin;
}

/** What is no answer of the object's: its pointer cannot be called at all from here (APT-02, APT-04). */
const NOT_CALLABLE: ReadonlySet<HResult> = new Set([CO_E_NOTINITIALIZED, RPC_E_WRONG_THREAD]);

/** The call-object lane; false when the object makes no call object (CALL-03). */
async function runOnCallObject(call: Invocation, twin: AsyncInterface): Promise<boolean> {
  const { target, method, values, control } = call;
  let callObject: BackendCall;
  try {
    callObject = await target.object.createCall(twin);
  } catch (error) {
    if (call.lane === "call-object" || !(error instanceof ComError) || NOT_CALLABLE.has(error.hr))
      throw error;
    // Any failure means: not supported here; the synchronous method still is (CALL-03).
    target.offersCallObjects = false;
    return false;
  }
  control.setLane("call-object");
  let isBegun = false;
  try {
    if (control.isCanceled) return true;
    await callObject.begin(method, values);
    isBegun = true;
    const outcome = await Promise.race([callObject.wait(Number.POSITIVE_INFINITY), given(control)]);
    if (outcome === CANCELED) return true;
    isBegun = false;
    // The apartment has ended, and with it whoever could call Finish_ (LIFE-09).
    if (outcome === RPC_E_DISCONNECTED) throw new ComError(outcome, method.qualifiedName);
    settle(call, await callObject.finish(method));
  } finally {
    if (isBegun) void endCanceled(call, callObject);
    else callObject.release();
  }
  return true;
}

function noCallObject(method: Method): ComError {
  return new ComError(E_NOINTERFACE, method.qualifiedName, {
    detail: "the interface has no async form; leave out the option lane",
  });
}

/** A cancelled call is always finished, behind its caller's back; what comes late is dropped (CAN-03). */
async function endCanceled(call: Invocation, callObject: BackendCall): Promise<void> {
  try {
    // Without ICancelMethodCalls the call just runs to its end (CAN-13).
    await callObject.cancel(0);
    dropReply(call.method, await callObject.finish(call.method));
  } catch (error) {
    if (!(error instanceof ComError)) throw error;
  } finally {
    callObject.release();
  }
}

/** The synchronous method itself: on an apartment thread, or as a plain call within the apartment. */
async function runMethod(call: Invocation): Promise<void> {
  const { target, method, values, control } = call;
  const { object } = target;
  // Given up while a call object was asked for: nothing has been sent yet, and nothing will be.
  if (control.isCanceled) return;
  control.setLane(object.lane);
  const reply = await object.invoke(method, values, (cancel) => control.onCancel(cancel));
  if (control.isCanceled) dropReply(method, reply);
  else settle(call, reply);
}

function settle({ target, method, control }: Invocation, reply: Reply): void {
  if (control.isCanceled) {
    dropReply(method, reply);
    return;
  }
  if (method.returns === "ULONG" && reply.value === undefined && reply.cause === undefined) {
    // A raw vtable call gives nothing but the number.
    control.settle(S_OK, reply.hr);
    return;
  }
  if (failed(reply.hr)) {
    control.fail(failureOf(method, reply));
    return;
  }
  control.settle(reply.hr, toCaller(method, reply.value, target.mapping));
}

/** The error of a reply that reports failure. */
export function failureOf(method: Method, { hr, cause, errorInfo }: Reply): ComError {
  if (errorInfo !== undefined) {
    const said = errorInfo.description === undefined ? {} : { detail: errorInfo.description };
    return new ComError(hr, method.qualifiedName, { errorInfo, ...said });
  }
  if (cause === undefined) return new ComError(hr, method.qualifiedName);
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new ComError(hr, method.qualifiedName, { detail, cause });
}

/** A result as the caller sees it: with interface pointers in place of a backend's objects. */
export function toCaller(method: Method, value: unknown, mapping: PointerMapping): unknown {
  if (!method.hasInterfaces || method.results.length === 0) return value;
  const outs = spreadResult(method, value);
  return shapeResult(method, mapOuts(method, outs, mapping.toPointer));
}

/** Releases the pointers of a result that nobody takes (FIN-12). */
export function dropReply(method: Method, reply: Reply): void {
  if (!method.hasInterfaces || failed(reply.hr)) return;
  mapOuts(method, spreadResult(method, reply.value), (object) => {
    (object as BackendObject).release();
    return null;
  });
}

/** The async form that has `method`: of the interface itself, or of the base that declares it. */
function twinFor(iface: Interface, method: Method): AsyncInterface | null {
  for (let i: Interface | null = iface; i?.members.has(method.name); i = i.base) {
    if (i.asyncIid !== null) return asyncOf(i);
  }
  return null;
}

const CANCELED = Symbol("canceled");

function given(control: CallControl<unknown>): Promise<typeof CANCELED> {
  return new Promise((resolve) => control.onCancel(() => resolve(CANCELED)));
}
