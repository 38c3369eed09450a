import {
  type Awaitable,
  E_FAIL,
  E_INVALIDARG,
  E_NOTIMPL,
  type HResult,
  ICancelMethodCalls,
  IServerSecurity,
  type Method,
  type Reply,
  RPC_C_AUTHN_LEVEL_NONE,
  RPC_E_CALL_COMPLETE,
  S_OK,
} from "@callfactory/core";
import type { CallContext, Thread } from "../apartment/apartment.ts";
import { ComObject, type Unknown } from "../object/com-object.ts";
import type { Ledger } from "../object/ledger.ts";
import type { CallAuth } from "./call-auth.ts";
import type { ProcessSecurity } from "./process-security.ts";
import { CallScope, type ContextOwner } from "./thread-security.ts";

/** What the security of one incoming call is made of. */
export interface ServedSecurityOptions {
  readonly security: ProcessSecurity;
  readonly ledger: Ledger;
  /** Who calls; absent from a request of somebody who did not say. */
  readonly auth: CallAuth | undefined;
  readonly call: CallContext;
}

/** The security of one call being served, from its arrival to its Signal or its reply. */
export class ServedSecurity implements ContextOwner {
  readonly #options: ServedSecurityOptions;
  #context: CallContextObject | null = null;
  #isOver = false;

  constructor(options: ServedSecurityOptions) {
    this.#options = options;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get context(): Unknown {
    this.#context ??= new CallContextObject(this, this.#options);
    return this.#context;
  }

  /** Runs the call on `thread`, which has its context meanwhile and reverts to itself afterwards (SEC-06, SEC-07). */
  during<T>(thread: Thread, run: () => Awaitable<T>): Awaitable<T> {
    const threads = this.#options.security.threads.of(thread);
    const scope = new CallScope(this);
    threads.enter(scope);
    const running = run();
    if (running instanceof Promise) return running.finally(() => threads.leave(scope));
    threads.leave(scope);
    return running;
  }

  /** The server has signaled, or answered: it cannot impersonate any more (SEC-04). */
  end(): void {
    this.#isOver = true;
  }

  /** The call is gone; who holds its context keeps it (SEC-08). */
  release(): void {
    this.end();
    this.#context?.release();
  }
}

/** The call context that standard marshaling supplies (SEC-07): agile, because its holder may be a worker (SEC-08). */
class CallContextObject extends ComObject {
  readonly #call: ServedSecurity;
  readonly #options: ServedSecurityOptions;

  constructor(call: ServedSecurity, options: ServedSecurityOptions) {
    super({ apartment: null, ledger: options.ledger, kind: "object" });
    this.#call = call;
    this.#options = options;
    this.expose(IServerSecurity, (method, args, context) => this.#serve(method, args, context));
    this.expose(ICancelMethodCalls, (method) => {
      // The client cancels; the server can only look (CAN-22).
      if (method.name === "Cancel") return result(E_NOTIMPL);
      return result(call.isOver ? RPC_E_CALL_COMPLETE : options.call.testCancel());
    });
  }

  #serve(method: Method, args: readonly unknown[], { thread }: CallContext): Reply {
    switch (method.name) {
      case "QueryBlanket":
        return this.#queryBlanket(args[0]);
      case "ImpersonateClient":
        return result(this.#impersonate(thread));
      case "RevertToSelf":
        this.#scopeOf(thread).revert(this);
        return result(S_OK);
      default:
        return { hr: S_OK, value: this.#scopeOf(thread).isImpersonatedBy(this) ? 1 : 0 };
    }
  }

  #scopeOf(thread: Thread): CallScope {
    return this.#options.security.threads.of(thread).scope;
  }

  #queryBlanket(impLevel: unknown): Reply {
    const { auth } = this.#options;
    if (impLevel !== null || auth === undefined) return result(E_INVALIDARG);
    return {
      hr: S_OK,
      value: {
        pAuthnSvc: auth.authnSvc,
        pAuthzSvc: auth.authzSvc,
        pServerPrincName: auth.serverPrincName,
        pAuthnLevel: auth.authnLevel,
        pPrivs: auth.client?.name ?? null,
        pCapabilities: auth.capabilities,
      },
    };
  }

  #impersonate(thread: Thread): HResult {
    const { auth } = this.#options;
    if (this.#call.isOver) return RPC_E_CALL_COMPLETE;
    // Nobody has proved anything about the client (SEC-13).
    if (auth === undefined || auth.authnLevel === RPC_C_AUTHN_LEVEL_NONE) return E_FAIL;
    this.#scopeOf(thread).impersonate({ identity: auth.client, level: auth.impLevel }, this);
    return S_OK;
  }
}

function result(hr: HResult): Reply {
  return { hr, value: undefined };
}
