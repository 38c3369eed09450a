import {
  type AsyncInterface,
  asyncOf,
  type Awaitable,
  type BackendObject,
  ComError,
  defineInterface,
  E_INVALIDARG,
  E_NOINTERFACE,
  E_NOTIMPL,
  type ErrorInfo,
  failed,
  type Guid,
  GUID,
  type HResult,
  ICallFactory,
  type Interface,
  ISynchronize,
  IUnknown,
  type Method,
  mapArgs,
  mapOuts,
  method as describeMethod,
  param,
  pointerTo,
  type Reply,
  RPC_E_SERVERFAULT,
  S_FALSE,
  S_OK,
  type ServerObject,
  spreadResult,
  type SynchronizeHooks,
} from "@callfactory/core";
import type { Incoming, NativeIncomingHandle, NativeObjectHandle } from "./addon.ts";
import { handleOf, type Home, NativeObject } from "./native-object.ts";
import type { NativeProcess } from "./native-process.ts";
import { CallSynchronization, plainCall, type RunningCall } from "./server-call.ts";

/** How an object is made. */
export interface ServeOptions {
  /** The object that aggregates it; `null` for its own inner unknown (CALL-08). */
  readonly outer?: BackendObject | null;
  /** A call object (SRV-12), or a part of the backend, which nobody can leak. */
  readonly kind?: "call" | "internal";
}

/** An apartment that objects can be made in. */
export interface ServingApartment extends Home {
  serve(object: ServerObject, options: ServeOptions): NativeObject;
}

const FREE_THREADED = 1;
const CALL = 2;
const INTERNAL = 4;
const INNER = 8;

/** The flags of the addon's `implement`. */
export function flagsOf(object: ServerObject, { outer, kind }: ServeOptions): number {
  const isInner = outer !== undefined || kind === "call";
  return (
    (object.isFreeThreaded === true ? FREE_THREADED : 0) |
    (kind === "call" ? CALL : 0) |
    (kind === "internal" ? INTERNAL : 0) |
    (isInner ? INNER : 0)
  );
}

/** How the addon asks for the inner unknown of an interface that an object aggregates. */
const QUERY_INNER = defineInterface({
  name: "QueryInner",
  iid: "5f0c8a0e-6d2b-4b7e-9a41-0d6f2f1c7be3",
  base: IUnknown,
  methods: [
    describeMethod("QueryInner", [param.in("iid", GUID), param.out("inner", pointerTo(IUnknown))]),
  ],
}).members.get("QueryInner") as Method;

const CREATE_CALL = ICallFactory.members.get("CreateCall") as Method;

/** An outer object's ISynchronize as an object that the addon calls. */
export function hookServer(hooks: SynchronizeHooks): ServerObject {
  return {
    interfaces: [ISynchronize],
    invoke: ({ name }) => {
      if (name === "Wait") return reply(E_NOTIMPL);
      if (name === "Reset") hooks.Reset?.();
      else hooks.Signal?.();
      return reply(S_OK);
    },
  };
}

/** A JavaScript object that COM calls: every call comes here, on the JavaScript thread. */
export class ServedObject {
  readonly interfaces: readonly Interface[];
  readonly #object: ServerObject;
  readonly #process: NativeProcess;
  readonly #home: ServingApartment;
  /** Of a call object: `null` for an object that has an asynchronous interface of its own (DISC-09). */
  readonly #synchronization: CallSynchronization | null;
  #ticket = 0;

  constructor(
    object: ServerObject,
    process: NativeProcess,
    home: ServingApartment,
    kind: ServeOptions["kind"],
  ) {
    this.#object = object;
    this.#process = process;
    this.#home = home;
    this.#synchronization = kind === "call" ? new CallSynchronization() : null;
    const factory = object.createCall === undefined ? [] : [ICallFactory];
    this.interfaces = [...object.interfaces, ...factory];
  }

  /** The number of the method that asks for inner unknowns; `null` when there are none. */
  get queryInnerId(): number | null {
    if (this.#object.queryInner === undefined) return null;
    return this.#process.loaded.signatures.methodId(QUERY_INNER);
  }

  /** Listens for calls under a ticket, for as long as what `make` makes is alive. */
  open(make: (ticket: number) => NativeObjectHandle): NativeObjectHandle {
    const { tickets } = this.#process.loaded;
    this.#ticket = tickets.subscribe(this, (hr, value) => this.#receive(hr, value));
    try {
      return make(this.#ticket);
    } catch (error) {
      tickets.drop(this.#ticket);
      throw error;
    }
  }

  #receive(hr: HResult, value: unknown): void {
    if (hr === S_FALSE) return this.#end();
    // The caller was gone before its call arrived.
    if (value === undefined) return;
    const [incoming, methodId, args, apartmentId] = value as Incoming;
    const { signatures, apartments } = this.#process.loaded;
    const apartment = (apartments.get(apartmentId) ?? this.#home) as ServingApartment;
    this.#run({ incoming, method: signatures.methodOf(methodId), args, apartment });
  }

  /** Whoever released the last reference has no part in what the implementation throws here. */
  #end(): void {
    this.#process.loaded.tickets.drop(this.#ticket);
    const report = (error: unknown): void => this.#process.report("IUnknown::Release", error);
    try {
      const ended = this.#object.finalRelease?.();
      if (ended instanceof Promise) ended.catch(report);
    } catch (error) {
      report(error);
    }
  }

  #run(run: Run): void {
    const { method, args, apartment } = run;
    const lent: NativeObject[] = [];
    const end = (result: Reply): void => {
      this.#answer(run, result);
      for (const object of lent) object.release();
    };
    try {
      const wrapped = mapArgs(method, args, (pointer) => {
        const object = this.#wrap(pointer as NativeObjectHandle, apartment);
        lent.push(object);
        return object;
      });
      const result = this.#call(run, wrapped);
      if (!(result instanceof Promise)) return end(result);
      result.then(end, (error: unknown) => end(this.#failure(method, error)));
    } catch (error) {
      end(this.#failure(method, error));
    }
  }

  #wrap(handle: NativeObjectHandle, apartment: Home): NativeObject {
    const iface = this.#process.loaded.signatures.interfaceOf(handle.interfaceId);
    return new NativeObject(handle, iface, this.#process, apartment);
  }

  #call(run: Run, args: readonly unknown[]): Awaitable<Reply> {
    const { method, incoming, apartment } = run;
    if (method === QUERY_INNER) {
      const inner = this.#object.queryInner?.(args[0] as Guid) ?? null;
      return inner === null ? reply(E_NOINTERFACE) : reply(S_OK, inner.addRef());
    }
    if (method === CREATE_CALL && this.#object.createCall !== undefined) {
      return this.#createCall(args, apartment);
    }
    const call: RunningCall = { incoming, apartment, process: this.#process };
    const synchronization = this.#synchronization;
    if (method.half === null || synchronization === null) {
      return this.#object.invoke(method, args, plainCall(call));
    }
    if (method.half.kind === "Finish_") {
      return this.#object.invoke(method, args, synchronization.of(call));
    }
    return synchronization.begin(call, (serverCall) =>
      this.#object.invoke(method, args, serverCall),
    );
  }

  /** The object's own ICallFactory::CreateCall: [riid, pCtrlUnk, riid2] (CALL-01, CALL-11). */
  async #createCall(args: readonly unknown[], apartment: ServingApartment): Promise<Reply> {
    const [riid, controlling, riid2] = args as [Guid, NativeObject | null, Guid];
    const iface = this.#asyncForm(riid);
    if (iface === null) return reply(E_NOINTERFACE);
    // An outer gets the inner unknown, or nothing (CALL-07).
    if (controlling !== null && riid2 !== IUnknown.iid) return reply(E_INVALIDARG);
    const request = { iface, aggregated: controlling !== null, riid2 };
    const made = await this.#object.createCall?.(request);
    if (made === null || made === undefined) return reply(E_NOINTERFACE);
    return reply(S_OK, apartment.serve(made, { kind: "call", outer: controlling }));
  }

  /** The async interface with an IID, of all that the object implements; `null` for none (DISC-05). */
  #asyncForm(riid: Guid): AsyncInterface | null {
    for (const offered of this.#object.interfaces) {
      for (let i: Interface | null = offered; i !== null; i = i.base) {
        if (i.asyncIid === riid) return asyncOf(i);
      }
    }
    return null;
  }

  /** A thrown ComError is the method's HRESULT, anything else RPC_E_SERVERFAULT (LIFE-08). */
  #failure(method: Method, error: unknown): Reply {
    if (error instanceof ComError && error.cause === undefined) {
      const { hr, errorInfo } = error;
      return errorInfo === null ? reply(hr) : { hr, value: undefined, errorInfo };
    }
    this.#process.report(method.qualifiedName, error);
    return reply(RPC_E_SERVERFAULT);
  }

  /** Releases the caller; its pointers are its own from now on, and ours are given up. */
  #answer({ method, incoming, apartment }: Run, result: Reply): void {
    const outs =
      failed(result.hr) || method.returns === "ULONG" ? null : spreadResult(method, result.value);
    try {
      const values = outs && mapOuts(method, outs, (pointer) => handleOf(pointer, apartment));
      incoming.finish(numberOf(method, result), values, detailOf(result.errorInfo));
    } catch (error) {
      // A pointer of another apartment for one (APT-04), or a value that does not fit.
      const { hr, errorInfo } = this.#failure(method, error);
      incoming.finish(hr, null, detailOf(errorInfo));
    }
    if (outs !== null && method.hasInterfaces) {
      mapOuts(method, outs, (pointer) => (pointer as BackendObject).release());
    }
  }
}

interface Run {
  readonly incoming: NativeIncomingHandle;
  readonly method: Method;
  readonly args: readonly unknown[];
  readonly apartment: ServingApartment;
}

/** What the vtable's method returns. */
function numberOf(method: Method, { hr, value }: Reply): number {
  return method.returns === "ULONG" ? Number(value ?? 0) >>> 0 : hr;
}

function detailOf(info: ErrorInfo | undefined) {
  if (info === undefined) return null;
  const { description, source, helpFile, helpContext, iid } = info;
  return [description, source, helpFile, helpContext, iid] as const;
}

function reply(hr: HResult, value?: unknown): Reply {
  return { hr, value };
}
