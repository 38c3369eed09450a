import {
  type Awaitable,
  E_FAIL,
  E_INVALIDARG,
  type HResult,
  ISynchronize,
  ISynchronizeEvent,
  ISynchronizeHandle,
  type Method,
  type Reply,
  S_OK,
} from "@callfactory/core";
import type { CallContext } from "../apartment/apartment.ts";
import { ComObject, type Unknown } from "../object/com-object.ts";
import type { ProcessServices } from "../process-services.ts";
import { isGone, modalWait } from "../wait/modal-wait.ts";
import { SignalState } from "../wait/signal-state.ts";

/** The flags that Wait takes: those of COWAIT_FLAGS (SYNC-05, SYNC-32). */
export const KNOWN_WAIT_FLAGS = 0x1f;

/** What a synchronization object is made with. */
export interface SyncEventOptions {
  readonly services: ProcessServices;
  /** StdEvent resets itself after a wait (SYNC-09); ManualResetEvent does not (SYNC-10). */
  readonly autoReset: boolean;
  /** Part of another object, which is counted in its place and releases it. */
  readonly isPart?: boolean;
  readonly outer?: Unknown | null;
}

/** CLSID_StdEvent or CLSID_ManualResetEvent: agile, and made to be aggregated (SYNC-13). */
export class SyncEvent extends ComObject {
  readonly #services: ProcessServices;
  #state: SignalState;
  /** Made when somebody asks for it: most call objects live without. */
  #handle: bigint | null = null;

  constructor({ services, autoReset, isPart = false, outer = null }: SyncEventOptions) {
    super({ apartment: null, ledger: isPart ? null : services.ledger, kind: "object", outer });
    this.#services = services;
    this.#state = new SignalState(services.scheduler, { autoReset });
    this.expose(ISynchronize, (method, args, context) => this.synchronize(method, args, context));
    this.expose(isPart ? ISynchronizeHandle : ISynchronizeEvent, (method, args) =>
      method.name === "GetHandle"
        ? { hr: S_OK, value: this.#getHandle() }
        : result(this.#setEventHandle(args[0] as bigint | null)),
    );
  }

  /** What Signal sets: the object's own event, or its caller's (SYNC-16). */
  get state(): SignalState {
    return this.#state;
  }

  /** ISynchronize: Wait blocks as its apartment blocks (SYNC-06). */
  synchronize(method: Method, args: readonly unknown[], context: CallContext): Awaitable<Reply> {
    switch (method.name) {
      case "Signal":
        this.#state.signal();
        return result(S_OK);
      case "Reset":
        this.#state.reset();
        return result(S_OK);
      default:
        return this.#wait(args[0] as number, args[1] as number, context);
    }
  }

  protected override finalRelease(): void {
    if (this.#handle !== null) this.#services.handles.closeProtected(this.#handle);
  }

  #wait(flags: number, timeoutMs: number, { thread }: CallContext): Awaitable<Reply> {
    if ((flags & ~KNOWN_WAIT_FLAGS) !== 0) return result(E_INVALIDARG);
    return modalWait(thread, this.#services.queues, (done: (reply: Reply) => void) => {
      this.#state.wait(
        timeoutMs,
        (hr) => done(result(hr)),
        () => isGone(thread),
      );
    });
  }

  /** The handle stays the object's own: callers duplicate what they want to keep (SYNC-14). */
  #getHandle(): bigint {
    this.#handle ??= this.#services.handles.openProtected(this.#state);
    return this.#handle;
  }

  /** Puts the caller's event below the object; its handle stays the caller's (SYNC-16). */
  #setEventHandle(handle: bigint | null): HResult {
    const event = handle === null ? undefined : this.#services.handles.find(handle);
    if (handle === null || event === undefined) return E_INVALIDARG;
    // An object that has shown a handle keeps it; so does one that was given one.
    if (this.#handle !== null) return E_FAIL;
    this.#handle = handle;
    this.#state = event;
    return S_OK;
  }
}

function result(hr: HResult): Reply {
  return { hr, value: undefined };
}
