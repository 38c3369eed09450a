import {
  type AsyncInterface,
  type Awaitable,
  type CallRequest,
  ComError,
  checkOuts,
  E_NOTIMPL,
  failed,
  type HResult,
  type Interface,
  type Method,
  mapArgs,
  mapOuts,
  type Reply,
  RPC_E_CALL_COMPLETE,
  RPC_S_CALLPENDING,
  S_OK,
  type ServerCall,
  type ServerObject,
  shapeResult,
  spreadResult,
} from "@callfactory/core";
import type { PointerMapping } from "../invoke.ts";
import type { Pointer } from "../pointer.ts";
import { Success } from "../success.ts";
import type {
  CallObjectOptions,
  ImplementationOptions,
  ServerCallObject,
} from "./implementation.ts";

type Methods = Readonly<Record<string, unknown>>;

/** A user's object as a backend sees it: finds methods by name, converts and checks values. */
export class ServedImplementation implements ServerObject {
  readonly interfaces: readonly Interface[];
  readonly createCall?: NonNullable<ServerObject["createCall"]>;
  readonly #object: object;
  readonly #mapping: PointerMapping;

  constructor(interfaces: readonly Interface[], object: object, mapping: PointerMapping) {
    this.interfaces = interfaces;
    this.#object = object;
    this.#mapping = mapping;
    const options = object as ImplementationOptions;
    if (options.createCall !== undefined) {
      this.createCall = (request) => this.#createCall(request);
    }
  }

  invoke(method: Method, args: readonly unknown[], call: ServerCall): Awaitable<Reply> {
    return runMethod(this.#object, method, [...this.#lend(method, args), call], this.#mapping);
  }

  finalRelease(): void {
    (this.#object as ImplementationOptions).finalRelease?.();
  }

  /** Pointers that the backend lends for the call. */
  #lend(method: Method, args: readonly unknown[]): readonly unknown[] {
    return mapArgs(method, args, this.#mapping.toPointer);
  }

  async #createCall(request: CallRequest): Promise<ServerObject | null> {
    const iface = request.iface as AsyncInterface;
    const { aggregated, riid2 } = request;
    const handle = new CallHandle();
    const server = this.#object as ImplementationOptions;
    const object = await server.createCall?.(iface, handle, { aggregated, riid2 });
    if (object === null || object === undefined) return null;
    return new ServedCallObject(iface, object, this.#mapping, handle);
  }
}

/** What a user's call object holds of COM: known from the first Begin_ on. */
class CallHandle implements ServerCallObject {
  call: ServerCall | null = null;
  isSignaled = false;

  signal(): HResult {
    this.isSignaled = true;
    return this.call?.signal() ?? RPC_E_CALL_COMPLETE;
  }

  testCancel(): HResult {
    return this.call?.testCancel() ?? RPC_S_CALLPENDING;
  }
}

/**
 * A user's server call object: enforces one call at a time (SRV-14) and lets an early Finish_
 * wait (SRV-13), so that Begin_ and Finish_ contain nothing but the work.
 */
class ServedCallObject implements ServerObject {
  readonly interfaces: readonly Interface[];
  readonly #object: object & CallObjectOptions;
  readonly #mapping: PointerMapping;
  readonly #handle: CallHandle;
  #open: Method | null = null;

  constructor(
    iface: AsyncInterface,
    object: object & CallObjectOptions,
    mapping: PointerMapping,
    handle: CallHandle,
  ) {
    this.interfaces = [iface, ...(object.interfaces ?? [])];
    this.#object = object;
    this.#mapping = mapping;
    this.#handle = handle;
  }

  invoke(method: Method, args: readonly unknown[], call: ServerCall): Awaitable<Reply> {
    const { half } = method;
    if (half === null) return runMethod(this.#object, method, args, this.#mapping);
    this.#handle.call = call;
    return half.kind === "Begin_" ? this.#begin(method, args, call) : this.#finish(method, call);
  }

  finalRelease(): void {
    (this.#object as ImplementationOptions).finalRelease?.();
  }

  #begin(method: Method, args: readonly unknown[], call: ServerCall): Awaitable<Reply> {
    if (this.#open !== null) return reply(RPC_S_CALLPENDING);
    this.#open = method.half?.of ?? null;
    this.#handle.isSignaled = false;
    // The synchronizer's state is not ours to assume (BEG-09).
    call.reset();
    const lent = mapArgs(method, args, this.#mapping.toPointer);
    const begun = runMethod(this.#object, method, lent, this.#mapping);
    const check = (result: Reply): Reply => {
      // Failing without a signal, it leaves no call open (BEG-04); with one, Finish_ reports (SRV-06).
      if (failed(result.hr) && !this.#handle.isSignaled) this.#open = null;
      return result;
    };
    return begun instanceof Promise ? begun.then(check) : check(begun);
  }

  async #finish(method: Method, call: ServerCall): Promise<Reply> {
    if (this.#open === null || this.#open !== method.half?.of) return reply(RPC_E_CALL_COMPLETE);
    if (this.#object.earlyFinish !== "pass") await call.signaled();
    const result = await runMethod(this.#object, method, [], this.#mapping);
    if (result.hr !== RPC_S_CALLPENDING) this.#open = null;
    return result;
  }
}

/** Runs a method of a user's object; a ComError without a cause is its HRESULT. */
function runMethod(
  object: object,
  method: Method,
  args: readonly unknown[],
  mapping: PointerMapping,
): Awaitable<Reply> {
  const run = (object as Methods)[method.name];
  if (typeof run !== "function") return reply(E_NOTIMPL);
  try {
    const result: unknown = run.apply(object, args);
    if (!(result instanceof Promise)) return toReply(method, result, mapping);
    return result.then(
      (value: unknown) => toReply(method, value, mapping),
      (error: unknown) => failure(error),
    );
  } catch (error) {
    return failure(error);
  }
}

/** A thrown ComError is the method's HRESULT; all else goes on to the backend (LIFE-08). */
function failure(error: unknown): Reply {
  if (error instanceof ComError) return reply(error.hr);
  throw error;
}

function toReply(method: Method, result: unknown, mapping: PointerMapping): Reply {
  const [hr, value] = result instanceof Success ? [result.hr, result.value] : [S_OK, result];
  if (method.outs.length === 0) return reply(hr);
  const outs = checkOuts(method, spreadResult(method, value), mapping.isPointer);
  // An [out] pointer is the caller's from now on.
  const given = mapOuts(method, outs, (pointer) => (pointer as Pointer).take());
  return { hr, value: shapeResult(method, given) };
}

function reply(hr: HResult): Reply {
  return { hr, value: undefined };
}
