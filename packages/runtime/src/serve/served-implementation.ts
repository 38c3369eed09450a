import {
  type AsyncInterface,
  type Awaitable,
  type BackendObject,
  type CallRequest,
  ComError,
  checkOuts,
  E_NOTIMPL,
  failed,
  type HResult,
  type Interface,
  type InterfacePointer,
  type Method,
  mapArgs,
  mapOuts,
  type Reply,
  RPC_E_CALL_COMPLETE,
  RPC_E_SERVER_CANTMARSHAL_DATA,
  RPC_S_CALLPENDING,
  S_OK,
  type ServerCall,
  type ServerObject,
  shapeResult,
  spreadResult,
} from "@callfactory/core";
import type { Com, ImplementationOptions, IncomingCall } from "../com.ts";
import type { PointerMapping } from "../invoke.ts";
import type { Pointer } from "../pointer.ts";
import { Success } from "../success.ts";
import type { CallObjectOptions, ServerCallObject } from "./server-call-object.ts";

type Methods = Readonly<Record<string, unknown>>;

/** A user's object as a backend sees it: finds methods by name, converts and checks values. */
export class ServedImplementation implements ServerObject {
  readonly interfaces: readonly Interface[];
  readonly isFreeThreaded: boolean;
  readonly createCall?: NonNullable<ServerObject["createCall"]>;
  readonly queryInner?: NonNullable<ServerObject["queryInner"]>;
  readonly #object: object;
  readonly #mapping: PointerMapping;

  constructor(interfaces: readonly Interface[], object: object, mapping: PointerMapping) {
    checkObject("an implementation", object);
    this.interfaces = interfaces;
    this.#object = object;
    this.#mapping = mapping;
    const options = object as ImplementationOptions;
    this.isFreeThreaded = options.isFreeThreaded ?? false;
    if (options.createCall !== undefined) {
      this.createCall = (request) => this.#createCall(request);
    }
    if (options.queryInner !== undefined) {
      this.queryInner = (iid) => {
        const inner = options.queryInner?.(iid) ?? null;
        return inner === null ? null : mapping.toBackend(inner);
      };
    }
  }

  invoke(method: Method, args: readonly unknown[], call: ServerCall): Awaitable<Reply> {
    const lent = this.#lend(method, args);
    const run = { object: this.#object, method, sent: args, mapping: this.#mapping };
    return runMethod(run, [...lent, runningCall(call, this.#mapping)]);
  }

  finalRelease(): Awaitable<void> {
    return (this.#object as ImplementationOptions).finalRelease?.();
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
    checkObject("what createCall gives", object);
    return new ServedCallObject(iface, object, this.#mapping, handle);
  }
}

function checkObject(what: string, object: unknown): void {
  if (typeof object === "object" && object !== null) return;
  throw new TypeError(`${what} must be an object with the methods, got ${String(object)}`);
}

/** What a method is told of the call that it runs for; made to be taken apart in a parameter list. */
function runningCall(call: ServerCall, mapping: PointerMapping): IncomingCall {
  let com: Com | null = null;
  return {
    get com() {
      com ??= mapping.comOf(call.apartment);
      return com;
    },
    self: async <S>(iface: Interface<S>) =>
      mapping.toPointer(await call.self(iface)) as InterfacePointer<S>,
    testCancel: () => call.testCancel(),
  };
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
  /** What Begin_ was given: it bounds what Finish_ gives (FIN-11). */
  #sent: readonly unknown[] = [];

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
    if (half === null) return runMethod(this.#run(method, args), args);
    this.#handle.call = call;
    return half.kind === "Begin_" ? this.#begin(method, args, call) : this.#finish(method, call);
  }

  finalRelease(): Awaitable<void> {
    return (this.#object as ImplementationOptions).finalRelease?.();
  }

  #run(method: Method, sent: readonly unknown[]): Run {
    return { object: this.#object, method, sent, mapping: this.#mapping };
  }

  #begin(method: Method, args: readonly unknown[], call: ServerCall): Awaitable<Reply> {
    if (this.#open !== null) return reply(RPC_S_CALLPENDING);
    this.#open = method.half?.of ?? null;
    this.#sent = args;
    this.#handle.isSignaled = false;
    // The synchronizer's state is not ours to assume (BEG-09).
    call.reset();
    const lent = mapArgs(method, args, this.#mapping.toPointer);
    const incoming = runningCall(call, this.#mapping);
    const begun = runMethod(this.#run(method, args), [...lent, incoming]);
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
    const result = await runMethod(this.#run(method, this.#sent), []);
    if (result.hr !== RPC_S_CALLPENDING) this.#open = null;
    return result;
  }
}

/** One method to run, and the [in] values that bound its [out] arrays. */
interface Run {
  readonly object: object;
  readonly method: Method;
  readonly sent: readonly unknown[];
  readonly mapping: PointerMapping;
}

/** Runs a method of a user's object; a ComError without a cause is its HRESULT. */
function runMethod(target: Run, args: readonly unknown[]): Awaitable<Reply> {
  const { object, method } = target;
  const run = (object as Methods)[method.name];
  if (typeof run !== "function") return reply(E_NOTIMPL);
  try {
    const result: unknown = run.apply(object, args);
    if (!(result instanceof Promise)) return toReply(target, result);
    return result.then(
      (value: unknown) => toReply(target, value),
      (error: unknown) => failure(error),
    );
  } catch (error) {
    return failure(error);
  }
}

/** A thrown ComError is the method's HRESULT; all else goes on to the backend (LIFE-08). */
function failure(error: unknown): Reply {
  if (!(error instanceof ComError)) throw error;
  const { hr, errorInfo } = error;
  return errorInfo === null ? reply(hr) : { hr, value: undefined, errorInfo };
}

function toReply({ method, sent, mapping }: Run, result: unknown): Reply {
  const [hr, value] = result instanceof Success ? [result.hr, result.value] : [S_OK, result];
  if (method.returns === "ULONG") return { hr: S_OK, value: Number(value ?? 0) >>> 0 };
  if (method.outs.length === 0) return reply(hr);
  const returned = spreadResult(method, value);
  const taken: BackendObject[] = [];
  // An [out] pointer is the caller's from now on.
  const take = (pointer: unknown): BackendObject => {
    const object = (pointer as Pointer).take();
    taken.push(object);
    return object;
  };
  try {
    const outs = checkOuts(method, returned, mapping.isPointer);
    const given = mapOuts(method, outs, take);
    checkExtents(method, sent, outs);
    return { hr, value: shapeResult(method, given) };
  } catch (error) {
    // What is given away is nobody's when no caller can have it.
    for (const object of taken) object.release();
    for (const out of returned) if (mapping.isPointer(out)) (out as Pointer).release();
    throw error;
  }
}

/**
 * An [out] array must not be longer than the caller's buffer, whether or not it is marshaled (FIN-11).
 *
 * @throws ComError RPC_E_SERVER_CANTMARSHAL_DATA, as a stub has it.
 */
function checkExtents(method: Method, sent: readonly unknown[], outs: readonly unknown[]): void {
  const { ins, params } = method.half?.of ?? method;
  for (const [place, index] of method.outs.entries()) {
    const type = method.params[index]?.type;
    const array = type?.kind === "pointer" ? type.target : type;
    if (array?.kind !== "array" || array.bound.sizeIs === undefined) continue;
    const size = sent[ins.findIndex((at) => params[at]?.name === array.bound.sizeIs)];
    const length = (outs[place] as ArrayLike<unknown> | null)?.length ?? 0;
    if (typeof size !== "number" || length <= size) continue;
    throw new ComError(RPC_E_SERVER_CANTMARSHAL_DATA, method.qualifiedName, {
      detail: `'${method.params[index]?.name}' has ${length} elements, more than ${size}`,
    });
  }
}

function reply(hr: HResult): Reply {
  return { hr, value: undefined };
}
