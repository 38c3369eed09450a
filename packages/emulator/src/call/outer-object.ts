import {
  type Awaitable,
  ComError,
  E_UNEXPECTED,
  type Guid,
  ISynchronize,
  ISynchronizeHandle,
  type Method,
  type Reply,
  type SynchronizeHooks,
} from "@callfactory/core";
import type { Apartment, CallContext } from "../apartment/apartment.ts";
import { ComObject, type Pointer, type QueryResult } from "../object/com-object.ts";
import type { ProcessServices } from "../process-services.ts";
import { SyncEvent } from "./sync-event.ts";

/** What a client's outer object is made with. */
export interface OuterObjectOptions {
  readonly services: ProcessServices;
  readonly apartment: Apartment;
  readonly hooks: SynchronizeHooks;
}

/**
 * A client's outer object around a call object: answers for ISynchronize itself, and passes all
 * else to the inner unknown (CALL-09, SYNC-27).
 */
export class OuterObject extends ComObject {
  readonly #event: SyncEvent;
  readonly #hooks: SynchronizeHooks;
  #innerCall: Pointer | null = null;

  constructor(options: OuterObjectOptions) {
    const { services, apartment } = options;
    super({ apartment, ledger: services.ledger, kind: "call object" });
    this.#hooks = options.hooks;
    this.#event = new SyncEvent({
      services,
      isPart: true,
      autoReset: false,
      outer: this,
    });
    this.expose(ISynchronize, (method, args, context) => this.#synchronize(method, args, context));
    // The handle of what is waited for: the call object's own event is not signaled (SYNC-15).
    this.expose(
      ISynchronizeHandle,
      (this.#event.exposed(ISynchronizeHandle.iid) as Pointer).invoke,
    );
  }

  /** Takes over the reference to the call object's inner unknown. */
  adopt(inner: Pointer): void {
    this.#innerCall = inner;
  }

  protected override queryMissing(iid: Guid): Awaitable<QueryResult> {
    return this.#innerCall?.unknown.query(iid) ?? super.queryMissing(iid);
  }

  protected override finalRelease(): void {
    this.#event.release();
    this.#innerCall?.unknown.release();
    this.#innerCall = null;
  }

  #synchronize(method: Method, args: readonly unknown[], context: CallContext): Awaitable<Reply> {
    switch (method.name) {
      case "Reset": {
        const failure = this.#runHook("Reset");
        return failure ?? this.#event.synchronize(method, args, context);
      }
      case "Signal":
        return this.#signal(method, context);
      default:
        return this.#event.synchronize(method, args, context);
    }
  }

  /** The event first, so that Finish_ is legal inside the hook (SYNC-26). */
  #signal(method: Method, context: CallContext): Awaitable<Reply> {
    const forwarded = this.#event.synchronize(method, [], context);
    return this.#runHook("Signal") ?? forwarded;
  }

  /** A hook that throws fails with its HRESULT (BEG-08, SYNC-24). */
  #runHook(name: keyof SynchronizeHooks): Reply | null {
    try {
      this.#hooks[name]?.();
      return null;
    } catch (error) {
      const hr = error instanceof ComError ? error.hr : E_UNEXPECTED;
      return { hr, value: undefined, cause: error };
    }
  }
}
