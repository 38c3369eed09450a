import {
  type Awaitable,
  type Guid,
  ICancelMethodCalls,
  ISynchronize,
  type Method,
  type Reply,
  RPC_E_WRONG_THREAD,
  S_OK,
} from "@callfactory/core";
import type { Apartment, CallContext } from "../apartment/apartment.ts";
import { ComObject, type Pointer, type QueryResult } from "../object/com-object.ts";
import type { ProcessServices } from "../process-services.ts";
import { SyncEvent } from "./sync-event.ts";

/** What COM's outer object of a server call object is made with. */
export interface ServerCallOuterOptions {
  readonly services: ProcessServices;
  readonly apartment: Apartment;
  readonly call: CallContext;
  /** Signal has done its work (SEC-04). */
  readonly onSignaled: () => void;
}

const OK: Reply = { hr: S_OK, value: undefined };

/**
 * COM's controlling unknown around a server's call object (CALL-10): its ISynchronize is the one
 * whose Signal completes the call (SRV-04, SRV-11), its ICancelMethodCalls tells of the client's
 * cancel (SRV-18). Everything else is the server's.
 */
export class ServerCallOuter extends ComObject {
  readonly #event: SyncEvent;
  readonly #services: ProcessServices;
  readonly #home: Apartment;
  readonly #onSignaled: () => void;
  #innerCall: Pointer | null = null;
  #complete: (() => void) | null = null;
  #isBeginning = true;
  #isSignaled = false;

  constructor(options: ServerCallOuterOptions) {
    const { services, apartment } = options;
    super({ apartment, ledger: services.ledger, kind: "call object" });
    this.#services = services;
    this.#home = options.apartment;
    this.#onSignaled = options.onSignaled;
    this.#event = new SyncEvent({
      services,
      isPart: true,
      autoReset: false,
      outer: this,
    });
    this.expose(ISynchronize, (method, args, context) => this.#synchronize(method, args, context));
    this.expose(ICancelMethodCalls, (method) => ({
      hr: method.name === "TestCancel" ? options.call.testCancel() : S_OK,
      value: undefined,
    }));
  }

  get isSignaled(): boolean {
    return this.#isSignaled;
  }

  /** Takes over the reference to the server's inner unknown. */
  adopt(inner: Pointer): void {
    this.#innerCall = inner;
  }

  /** Resets the synchronizer; `complete` runs once, when the server has signaled and Begin_ has returned. */
  start(complete: () => void): void {
    this.#complete = complete;
    this.#event.state.reset();
  }

  /** Begin_ is over: a signal given inside it takes effect now (SRV-08). */
  beginReturned(): void {
    this.#isBeginning = false;
    if (this.#isSignaled) this.#runCompletion();
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
    if (method.name !== "Signal") return this.#event.synchronize(method, args, context);
    // Only the apartment of Begin_ may signal (SRV-10).
    const caller = this.#services.running.apartment ?? context.thread.apartment;
    if (caller !== this.#home) return { hr: RPC_E_WRONG_THREAD, value: undefined };
    this.#event.state.signal();
    this.#isSignaled = true;
    if (!this.#isBeginning) this.#runCompletion();
    this.#onSignaled();
    return OK;
  }

  /** Further signals find nothing to complete (SRV-20). */
  #runCompletion(): void {
    const complete = this.#complete;
    this.#complete = null;
    complete?.();
  }
}
