import {
  type Awaitable,
  type BackendApartment,
  type BackendObject,
  type CallRequest,
  ComError,
  E_INVALIDARG,
  E_NOINTERFACE,
  E_NOTIMPL,
  type Guid,
  type HResult,
  IAgileObject,
  ICallFactory,
  ICancelMethodCalls,
  INFINITE,
  type Interface,
  ISynchronize,
  IUnknown,
  type Method,
  mapArgs,
  mapOuts,
  type Reply,
  RPC_E_CALL_COMPLETE,
  RPC_E_SERVERFAULT,
  RPC_S_CALLPENDING,
  S_OK,
  type ServerCall,
  type ServerObject,
  shapeResult,
  spreadResult,
} from "@callfactory/core";
import type { Apartment, CallContext, Thread } from "../apartment/apartment.ts";
import { SyncEvent } from "../call/sync-event.ts";
import type { ProcessServices } from "../process-services.ts";
import { chain } from "./awaitable.ts";
import { addEnding } from "./endings.ts";
import { ComObject, type Pointer, type QueryResult, type Unknown } from "./com-object.ts";
import type { PointerBridge } from "./pointer-bridge.ts";

const CREATE_CALL = "ICallFactory::CreateCall";

/** What a served object is made with. */
export interface ServedObjectOptions {
  readonly services: ProcessServices;
  readonly apartment: Apartment;
  readonly bridge: PointerBridge;
  /** For calls on a thread of another apartment, as a free-threaded object gets them (MAR-10). */
  readonly bridgeFor: (thread: Thread) => PointerBridge;
  /** The apartment as one of its threads sees it. */
  readonly apartmentOf: (thread: Thread) => BackendApartment;
  readonly outer?: Unknown | null;
}

/** An object whose methods JavaScript implements. */
export class ServedObject extends ComObject {
  readonly #object: ServerObject;
  readonly #options: ServedObjectOptions;

  constructor(
    object: ServerObject,
    options: ServedObjectOptions,
    kind: "object" | "call object" = "object",
  ) {
    super({
      apartment: object.isFreeThreaded === true ? null : options.apartment,
      ledger: options.services.ledger,
      kind,
      outer: options.outer ?? null,
    });
    this.#object = object;
    this.#options = options;
    for (const iface of object.interfaces) {
      this.expose(iface, (method, args, context) => this.#run(method, args, context));
    }
    if (object.isFreeThreaded === true) this.expose(IAgileObject, () => failure(E_NOTIMPL));
    if (object.createCall !== undefined) {
      this.expose(ICallFactory, (_method, args) => this.#createCall(args));
    }
  }

  /** Whoever released the last reference has no part in what the implementation throws here. */
  protected override finalRelease(): void {
    const fail = (error: unknown): void => {
      const { services } = this.#options;
      const atMs = services.scheduler.now();
      services.emit({ kind: "exception", atMs, method: "IUnknown::Release", error });
    };
    try {
      const ending = this.#object.finalRelease?.();
      if (ending instanceof Promise) addEnding(ending.catch(fail));
    } catch (error) {
      fail(error);
    }
  }

  /** An object that aggregates others passes on what it does not answer itself (CALL-08, SYNC-27). */
  protected override queryMissing(iid: Guid): Awaitable<QueryResult> {
    try {
      const inner = this.#object.queryInner?.(iid) ?? null;
      if (inner === null) return super.queryMissing(iid);
      return this.#options.bridge.borrow(inner).unknown.query(iid);
    } catch (error) {
      return { hr: this.#failure("IUnknown::QueryInterface", error).hr, pointer: null };
    }
  }

  /** What the implementation sees of the call that it runs for. */
  protected serverCall(context: CallContext): ServerCall {
    const { apartmentOf } = this.#options;
    return {
      get apartment() {
        return apartmentOf(context.thread);
      },
      self: (iface) => this.self(iface, context),
      signal: () => E_NOINTERFACE,
      reset: () => E_NOINTERFACE,
      signaled: () => Promise.reject(new ComError(E_NOINTERFACE, "ISynchronize")),
      testCancel: () => context.testCancel(),
    };
  }

  /** A pointer to this object, as whoever controls it gives it out. */
  protected async self(iface: Interface, { thread }: CallContext): Promise<BackendObject> {
    const { hr, pointer } = await this.controlling.query(iface.iid);
    if (pointer === null) throw new ComError(hr, `IUnknown::QueryInterface for ${iface.name}`);
    const wrapper = this.#options.bridge.wrap(pointer, thread);
    pointer.unknown.release();
    return wrapper as BackendObject;
  }

  /** Runs a method; a thrown ComError is its HRESULT, anything else RPC_E_SERVERFAULT (LIFE-08). */
  #run(method: Method, args: readonly unknown[], context: CallContext): Awaitable<Reply> {
    const { apartment, bridgeFor } = this.#options;
    const { thread } = context;
    const bridge = thread.apartment === apartment ? this.#options.bridge : bridgeFor(thread);
    const lent: { release(): void }[] = [];
    const wrapped = mapArgs(method, args, (pointer) => {
      const wrapper = bridge.wrap(pointer as Pointer, thread);
      lent.push(wrapper);
      return wrapper;
    });
    const end = (reply: Reply): Reply => {
      try {
        return takePointers(method, reply, bridge);
      } catch (error) {
        // A pointer that cannot be given, of another apartment for one (APT-04): none is.
        dropPointers(method, reply);
        return this.#failure(method.qualifiedName, error);
      } finally {
        for (const wrapper of lent) wrapper.release();
      }
    };
    try {
      const reply = this.#object.invoke(method, wrapped, this.serverCall(context));
      if (!(reply instanceof Promise)) return end(reply);
      return reply.catch((error: unknown) => this.#failure(method.qualifiedName, error)).then(end);
    } catch (error) {
      return end(this.#failure(method.qualifiedName, error));
    }
  }

  #failure(where: string, error: unknown): Reply {
    if (error instanceof ComError && error.cause === undefined) {
      const { hr, errorInfo } = error;
      return errorInfo === null ? failure(hr) : { hr, value: undefined, errorInfo };
    }
    const { services } = this.#options;
    const atMs = services.scheduler.now();
    services.emit({ kind: "exception", atMs, method: where, error });
    return { hr: RPC_E_SERVERFAULT, value: undefined, cause: error };
  }

  /** The object's own ICallFactory::CreateCall: [riid, pCtrlUnk, riid2] (CALL-01, CALL-11). */
  #createCall(args: readonly unknown[]): Awaitable<Reply> {
    const [riid, controlling, riid2] = args as [Guid, Pointer | null, Guid];
    const { services } = this.#options;
    const sync = services.interfaces.syncOf(riid);
    const twin = sync === undefined ? null : services.interfaces.asyncOf(sync);
    if (twin === null) return failure(E_NOINTERFACE);
    // An outer gets the inner unknown, or nothing (CALL-07).
    if (controlling !== null && riid2 !== IUnknown.iid) return failure(E_INVALIDARG);
    const request: CallRequest = { iface: twin, aggregated: controlling !== null, riid2 };
    const outer = controlling?.unknown ?? null;
    try {
      const made = this.#object.createCall?.(request) ?? null;
      if (!(made instanceof Promise)) return this.#finishCreate(made, outer, riid2);
      return made.then(
        (object) => this.#finishCreate(object, outer, riid2),
        (error: unknown) => this.#failure(CREATE_CALL, error),
      );
    } catch (error) {
      // The synchronous method is called then (CALL-03): a mistake must not go unseen.
      return this.#failure(CREATE_CALL, error);
    }
  }

  #finishCreate(object: ServerObject | null, outer: Unknown | null, riid2: Guid): Awaitable<Reply> {
    if (object === null) return failure(E_NOINTERFACE);
    const call = new ServedCall(object, { ...this.#options, outer });
    return chain(call.query(riid2), ({ hr, pointer }) => {
      call.release();
      return { hr, value: pointer };
    });
  }
}

/** Takes over the references of a result. */
function takePointers(method: Method, reply: Reply, bridge: PointerBridge): Reply {
  // A method without [out] parameters may return a number all the same, as a message filter's do.
  if (!method.hasInterfaces || method.results.length === 0 || reply.value === undefined)
    return reply;
  const outs = mapOuts(method, spreadResult(method, reply.value), (wrapper) =>
    bridge.take(wrapper),
  );
  return { ...reply, value: shapeResult(method, outs) };
}

/** Releases the pointers of a result; those that were taken already are released wrappers. */
function dropPointers(method: Method, reply: Reply): void {
  mapOuts(method, spreadResult(method, reply.value), (wrapper) => {
    (wrapper as { release(): void }).release();
    return null;
  });
}

/**
 * A server's call object. Its own ISynchronize stands behind it when nobody aggregates it (SRV-12);
 * it always signals through its controlling unknown, whose answer may be COM's (SRV-11).
 */
export class ServedCall extends ServedObject {
  readonly #event: SyncEvent;
  readonly #served: ServedObjectOptions;

  constructor(object: ServerObject, options: ServedObjectOptions) {
    super(object, options, "call object");
    this.#served = options;
    this.#event = new SyncEvent({
      services: options.services,
      isPart: true,
      autoReset: false,
      outer: this.controlling,
    });
    this.expose(ISynchronize, (method, args, context) =>
      this.#event.synchronize(method, args, context),
    );
  }

  protected override serverCall(context: CallContext): ServerCall {
    const { apartmentOf } = this.#served;
    return {
      get apartment() {
        return apartmentOf(context.thread);
      },
      self: (iface) => this.self(iface, context),
      signal: () => syncResult(this.#askOuter(ISynchronize, "Signal", [])),
      reset: () => syncResult(this.#askOuter(ISynchronize, "Reset", [])),
      signaled: async () => {
        await this.#askOuter(ISynchronize, "Wait", [0, INFINITE]);
      },
      testCancel: () => {
        // Without an outer object nobody knows of a client's cancel (SRV-18, CAN-13).
        if (this.controlling === this) return RPC_S_CALLPENDING;
        const hr = syncResult(this.#askOuter(ICancelMethodCalls, "TestCancel", []));
        return hr === E_NOINTERFACE ? RPC_S_CALLPENDING : hr;
      },
    };
  }

  /** Calls a method of an interface of the controlling unknown, which may be COM's (SRV-11). */
  #askOuter(iface: Interface, name: string, args: readonly unknown[]): Awaitable<Reply> {
    // The call is over and its object gone: whoever still signals finds nothing to complete (SRV-20).
    if (!this.isAlive) return failure(RPC_E_CALL_COMPLETE);
    return chain(this.controlling.query(iface.iid), ({ hr, pointer }) => {
      if (pointer === null) return failure(hr);
      const method = iface.members.get(name) as Method;
      return chain(pointer.invoke(method, args, this.#served.apartment.thread.direct), (reply) => {
        pointer.unknown.release();
        return reply;
      });
    });
  }
}

/** The HRESULT of something that answers at once; S_OK for what goes on elsewhere. */
function syncResult(reply: Awaitable<Reply>): HResult {
  return reply instanceof Promise ? S_OK : reply.hr;
}

function failure(hr: HResult): Reply {
  return { hr, value: undefined };
}
