import {
  type Awaitable,
  type Clock,
  ComError,
  E_INVALIDARG,
  E_UNEXPECTED,
  failed,
  type HResult,
  ICancelMethodCalls,
  IClientSecurity,
  INFINITE,
  type Interface,
  ISynchronize,
  ISynchronizeHandle,
  type Method,
  type Reply,
  RPC_E_CALL_CANCELED,
  RPC_E_CALL_COMPLETE,
  RPC_E_DISCONNECTED,
  RPC_S_CALLPENDING,
  S_OK,
  type TraceEvent,
} from "@callfactory/core";
import type { CallContext } from "../apartment/apartment.ts";
import { waitForServer } from "../cancel/wait-for-server.ts";
import type { PreparedCall } from "../marshal/interface-proxy.ts";
import { chain } from "../object/awaitable.ts";
import { ComObject, type Pointer, type Unknown } from "../object/com-object.ts";
import type { OrpcReply, OutgoingCall } from "../orpc/channel.ts";
import type { ProcessServices } from "../process-services.ts";
import { CallObjectSecurity } from "../security/call-object-security.ts";
import { clientSecurity } from "../security/client-security.ts";
import type { CallCarrier } from "./call-carrier.ts";
import { SyncEvent } from "./sync-event.ts";

/**
 * At most one call at a time. "canceling": the server was told, Cancel still waits for it;
 * "canceled": the caller is released, whatever comes is dropped.
 */
type State =
  | { readonly kind: "idle" }
  /** A pointer among the values of Begin_ takes time to marshal. */
  | { readonly kind: "marshaling" }
  | {
      readonly kind: "begun" | "canceling";
      readonly call: PreparedCall;
      readonly sent: OutgoingCall;
    }
  | { readonly kind: "canceled"; readonly call: PreparedCall }
  | { readonly kind: "replied"; readonly call: PreparedCall; readonly reply: OrpcReply };

/** What a client call object is made with. */
export interface ClientCallOptions {
  readonly services: ProcessServices;
  readonly context: CallContext;
  /** The proxy manager: kept alive, and with it the connection (CALL-12, LIFE-01). */
  readonly proxyManager: Pick<Unknown, "addRef" | "release">;
  readonly proxy: CallCarrier;
  readonly asyncInterface: Interface;
  readonly outer: Unknown | null;
}

const IDLE: State = { kind: "idle" };
const SIGNAL = ISynchronize.members.get("Signal") as Method;
const RESET = ISynchronize.members.get("Reset") as Method;
const WAIT = ISynchronize.members.get("Wait") as Method;

/**
 * The client's call object of a proxy (CALL-15): Begin_ sends the request, the reply signals the
 * controlling unknown's ISynchronize, Finish_ reads the reply (SYNC-23).
 */
export class ClientCall extends ComObject {
  readonly #options: ClientCallOptions;
  readonly #event: SyncEvent;
  readonly #security: CallObjectSecurity;
  readonly #onServerDone: (() => void)[] = [];
  #state: State = IDLE;

  constructor(options: ClientCallOptions) {
    const { services, outer } = options;
    super({
      apartment: options.context.thread.apartment,
      ledger: services.ledger,
      kind: "call object",
      outer,
    });
    this.#options = options;
    options.proxyManager.addRef();
    this.#event = new SyncEvent({
      services,
      isPart: true,
      autoReset: false,
      outer: this.controlling,
    });
    this.expose(options.asyncInterface, (method, args, context) =>
      this.#invoke(method, args, context),
    );
    this.expose(ISynchronize, (method, args, context) =>
      this.#event.synchronize(method, args, context),
    );
    this.expose(
      ISynchronizeHandle,
      (this.#event.exposed(ISynchronizeHandle.iid) as Pointer).invoke,
    );
    this.expose(ICancelMethodCalls, (method, args, context) =>
      this.#cancelMethod(method, args, context),
    );
    this.#security = new CallObjectSecurity(this, options.asyncInterface.iid, services.security);
    this.expose(IClientSecurity, clientSecurity(this.#security));
  }

  /** Abandons a call that is still open: its reply will be dropped (FNF-01). */
  protected override finalRelease(): void {
    const state = this.#state;
    this.#state = IDLE;
    if (state.kind === "replied") this.#options.proxy.drop(state.call, state.reply);
    if ("call" in state) this.#trace("abandon", state.call, S_OK);
    this.#event.release();
    this.#options.proxyManager.release();
  }

  #invoke(method: Method, args: readonly unknown[], context: CallContext): Awaitable<Reply> {
    const { half } = method;
    if (half === null) throw new Error(`${method.qualifiedName} is no half of a call`);
    return half.kind === "Begin_" ? this.#begin(half.of, args, context) : this.#finish(half.of);
  }

  #begin(method: Method, args: readonly unknown[], context: CallContext): Awaitable<Reply> {
    // Pending lasts until Finish_, not until completion (BEG-05, BEG-06, CAN-03).
    if (this.#state.kind !== "idle") return result(RPC_S_CALLPENDING);
    if (this.#options.proxy.isDisconnected) return result(RPC_E_DISCONNECTED);
    const refusal = context.thread.refusal("Begin_");
    if (refusal !== null) return result(refusal);
    return chain(this.#synchronizer(RESET, []), (reset) => {
      if (failed(reset.hr)) return reset;
      // An outer object's Reset may take its time, or begin a call itself (BEG-05).
      if (this.#state.kind !== "idle") return result(RPC_S_CALLPENDING);
      try {
        const { blanket } = this.#security;
        const prepared = this.#options.proxy.prepare(method, args, context, { blanket });
        return prepared instanceof Promise ? this.#sendLater(prepared) : this.#send(prepared);
      } catch (error) {
        return notBegun(error);
      }
    });
  }

  #send(call: PreparedCall): Reply {
    const sent = this.#options.proxy.send(call, (reply) => this.#onReply(call, reply));
    this.#state = { kind: "begun", call, sent };
    this.#trace("begin", call, S_OK);
    return result(S_OK);
  }

  async #sendLater(prepared: Promise<PreparedCall>): Promise<Reply> {
    this.#state = { kind: "marshaling" };
    // Released meanwhile, the call is made all the same, and abandoned (FNF-02).
    this.addRef();
    try {
      return this.#send(await prepared);
    } catch (error) {
      this.#state = IDLE;
      return notBegun(error);
    } finally {
      this.release();
    }
  }

  #onReply(call: PreparedCall, reply: OrpcReply): void {
    const state = this.#state;
    const isAwaited = (state.kind === "begun" || state.kind === "canceling") && state.call === call;
    if (!isAwaited) {
      // Canceled or abandoned: the late reply is dropped (CAN-12, FIN-12).
      this.#options.proxy.drop(call, reply);
      return;
    }
    this.#state = { kind: "replied", call, reply };
    this.#complete(call);
    for (const done of this.#onServerDone.splice(0)) done();
  }

  /** Signals through the controlling unknown: an outer object may take our place (CALL-09, SYNC-23). */
  #complete(call: PreparedCall): void {
    const { services } = this.#options;
    if (services.isTraced) {
      const atMs = services.scheduler.now();
      const { callId } = call.request;
      services.emit({ kind: "signal", atMs, callId, method: call.method.qualifiedName });
    }
    // The outer may release us inside Signal (FNF-07).
    this.controlling.addRef();
    const signal = (context?: CallContext): Awaitable<void> =>
      chain(this.#synchronizer(SIGNAL, [], context), (signaled) => {
        if (failed(signaled.hr)) this.#fail(call, signaled);
        this.controlling.release();
      });
    const { apartment } = this.controlling;
    if (this.controlling === this || apartment === null) {
      void signal();
      return;
    }
    // An outer is signaled in its own apartment: an STA gets it when it pumps (SYNC-25).
    const drop = (): void => this.controlling.release();
    apartment.deliver({ cid: null, run: (thread) => signal(thread.direct), drop });
  }

  /** A Signal that fails makes the call a failed one, unless it was finished meanwhile (SYNC-24). */
  #fail(call: PreparedCall, { hr, cause }: Reply): void {
    const state = this.#state;
    if (state.kind !== "replied" || state.call !== call) return;
    this.#options.proxy.drop(call, state.reply);
    this.#state = { kind: "replied", call, reply: { kind: "fault", hr, cause } };
  }

  #finish(method: Method): Awaitable<Reply> {
    const state = this.#state;
    if (!("call" in state)) return result(RPC_E_CALL_COMPLETE);
    // A mismatch leaves the pending call as it is (FIN-07).
    if (state.call.method !== method) return result(E_INVALIDARG);
    return chain(this.#synchronizer(WAIT, [0, INFINITE]), (wait) => {
      if (failed(wait.hr)) return wait;
      return chain(this.#take(method), (reply) => {
        this.#trace("finish", state.call, reply.hr);
        return reply;
      });
    });
  }

  /** When Wait has returned, COM takes the call for complete and hands out what there is (FIN-05). */
  #take(method: Method): Awaitable<Reply> {
    const state = this.#state;
    switch (state.kind) {
      case "idle":
      case "marshaling":
        return result(RPC_E_CALL_COMPLETE);
      case "begun":
      case "canceling":
        return { hr: E_UNEXPECTED, value: undefined, cause: waitLied(method) };
      case "canceled":
        this.#state = IDLE;
        return result(RPC_E_CALL_CANCELED);
      case "replied":
        this.#state = IDLE;
        return this.#options.proxy.read(state.call, state.reply);
    }
  }

  #cancelMethod(method: Method, args: readonly unknown[], context: CallContext): Awaitable<Reply> {
    if (method.name === "TestCancel") return result(this.#testCancel());
    return chain(this.#cancel(args[0] as number, context), result);
  }

  #testCancel(): HResult {
    switch (this.#state.kind) {
      case "idle":
      case "marshaling":
      case "replied":
        return RPC_E_CALL_COMPLETE;
      case "begun":
        return RPC_S_CALLPENDING;
      case "canceling":
      case "canceled":
        return RPC_E_CALL_CANCELED;
    }
  }

  #cancel(cancelSeconds: number, context: CallContext): Awaitable<HResult> {
    const state = this.#state;
    // The reply was faster (CAN-06), or there is nothing to cancel (CAN-08).
    if (!("call" in state) || state.kind === "replied") return RPC_E_CALL_COMPLETE;
    if (state.kind !== "begun") return RPC_E_CALL_CANCELED;
    const { call, sent } = state;
    sent.cancel();
    this.#trace("cancel", call, S_OK);
    if (cancelSeconds === 0) return this.#giveUp(call);
    this.#state = { kind: "canceling", call, sent };
    const clock: Clock = this.#options.services.scheduler;
    const waiting = waitForServer({ clock, context, cancelSeconds, onDone: this.#onServerDone });
    // Released meanwhile, completed meanwhile, or out of patience (CAN-09).
    return waiting.then(() =>
      this.#state.kind === "canceling" ? this.#giveUp(call) : RPC_E_CALL_COMPLETE,
    );
  }

  /** Releases the caller; the server is on its own from now on (CAN-05, CAN-10, CAN-12). */
  #giveUp(call: PreparedCall): HResult {
    this.#state = { kind: "canceled", call };
    this.#complete(call);
    return S_OK;
  }

  /** Calls the controlling unknown's ISynchronize (SYNC-23). */
  #synchronizer(
    method: Method,
    args: readonly unknown[],
    context: CallContext = this.#options.context,
  ): Awaitable<Reply> {
    return chain(this.controlling.query(ISynchronize.iid), ({ hr, pointer }) => {
      if (pointer === null) return result(hr);
      return chain(pointer.invoke(method, args, context), (reply) => {
        pointer.unknown.release();
        return reply;
      });
    });
  }

  #trace(kind: "begin" | "finish" | "cancel" | "abandon", call: PreparedCall, hr: HResult): void {
    const { services } = this.#options;
    if (!services.isTraced) return;
    const atMs = services.scheduler.now();
    const { callId } = call.request;
    const event: TraceEvent = { kind, atMs, callId, method: call.method.qualifiedName, hr };
    services.emit(event);
  }
}

/** What Begin_ returns when the request could not be marshaled (BEG-02, BEG-04). */
function notBegun(error: unknown): Reply {
  if (!(error instanceof ComError)) throw error;
  return { hr: error.hr, value: undefined, cause: error };
}

function result(hr: HResult): Reply {
  return { hr, value: undefined };
}

function waitLied(method: Method): Error {
  return new Error(`ISynchronize::Wait said that ${method.qualifiedName} was complete; it was not`);
}
