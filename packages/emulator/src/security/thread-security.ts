import type { Thread } from "../apartment/apartment.ts";
import type { Unknown } from "../object/com-object.ts";
import type { Token } from "./identity.ts";

/** A call being served: makes its context when somebody asks for it, and owns it. */
export interface ContextOwner {
  readonly context: Unknown;
}

/**
 * What a thread has while it serves one call: the call's context, and the token that it acts with.
 * A nested call has a scope of its own, so that each keeps its impersonation (SEC-09).
 */
export class CallScope {
  #impersonation: { readonly token: Token; readonly by: Unknown } | null = null;
  #context: Unknown | null = null;
  #call: ContextOwner | null;

  /** Without a call it is the scope of a thread's own code. */
  constructor(call: ContextOwner | null = null) {
    this.#call = call;
  }

  /** Whom the thread acts as; `null`: as its process. */
  get token(): Token | null {
    return this.#impersonation?.token ?? null;
  }

  /** ImpersonateClient of the call context `by`; the last one counts. */
  impersonate(token: Token, by: Unknown): void {
    this.#impersonation = { token, by };
  }

  isImpersonatedBy(context: Unknown): boolean {
    return this.#impersonation?.by === context;
  }

  /** RevertToSelf of the call context `by`: takes back what it did itself. */
  revert(by: Unknown): void {
    if (this.isImpersonatedBy(by)) this.#impersonation = null;
  }

  /** What CoGetCallContext queries, borrowed; `null` outside any call (SEC-07). */
  get context(): Unknown | null {
    if (this.#call !== null) {
      this.#context = this.#call.context;
      this.#call = null;
    }
    return this.#context;
  }

  /** CoSwitchCallContext: neither pointer is AddRef'd (SEC-10). */
  switchContext(next: Unknown | null): Unknown | null {
    const former = this.context;
    this.#context = next;
    return former;
  }
}

/** The calls that one thread serves, innermost last, as far as security goes. */
export class ThreadSecurity {
  /** The first is the thread's own, outside any call. */
  readonly #scopes: CallScope[] = [new CallScope()];

  get scope(): CallScope {
    return this.#scopes.at(-1) as CallScope;
  }

  enter(scope: CallScope): void {
    this.#scopes.push(scope);
  }

  /** The call has left the thread, and with it whom it impersonated (SEC-06). */
  leave(scope: CallScope): void {
    this.#scopes.splice(this.#scopes.lastIndexOf(scope), 1);
  }
}

/** {@link ThreadSecurity} of all threads. */
export class ThreadSecurityTable {
  readonly #byThread = new WeakMap<Thread, ThreadSecurity>();

  of(visitor: Thread): ThreadSecurity {
    // A visitor of the neutral apartment is the thread that it was (APT-18).
    const thread = visitor.home ?? visitor;
    let security = this.#byThread.get(thread);
    if (security === undefined) {
      security = new ThreadSecurity();
      this.#byThread.set(thread, security);
    }
    return security;
  }
}
