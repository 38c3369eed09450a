import {
  type Awaitable,
  type Clock,
  E_INVALIDARG,
  ISynchronize,
  ISynchronizeHandle,
  type Method,
  type Reply,
  S_OK,
} from "@callfactory/core";
import type { CallContext } from "../apartment/apartment.ts";
import { ComObject, type Unknown } from "../object/com-object.ts";
import type { Ledger } from "../object/ledger.ts";
import { SignalState } from "./signal-state.ts";

/** The flags that Wait takes: those of COWAIT_FLAGS (SYNC-05, SYNC-32). */
const KNOWN_WAIT_FLAGS = 0x1f;

const OK: Reply = { hr: S_OK, value: undefined };

/** What a synchronization object is made with. */
export interface SyncEventOptions {
  readonly clock: Clock;
  /** `null` when the event is part of another object. */
  readonly ledger: Ledger | null;
  /** StdEvent resets itself after a wait (SYNC-09); ManualResetEvent does not (SYNC-10). */
  readonly autoReset: boolean;
  /** The event's handle, as ISynchronizeHandle::GetHandle shows it. */
  readonly handle: bigint;
  readonly outer?: Unknown | null;
}

/** CLSID_StdEvent or CLSID_ManualResetEvent: agile, and made to be aggregated (SYNC-13). */
export class SyncEvent extends ComObject {
  readonly state: SignalState;
  readonly #handle: bigint;

  constructor(options: SyncEventOptions) {
    super({
      apartment: null,
      ledger: options.ledger,
      kind: "object",
      outer: options.outer ?? null,
    });
    this.state = new SignalState(options.clock, { autoReset: options.autoReset });
    this.#handle = options.handle;
    this.expose(ISynchronize, (method, args, context) => this.synchronize(method, args, context));
    // The handle stays the object's own: callers duplicate what they want to keep (SYNC-14).
    this.expose(ISynchronizeHandle, () => ({ hr: S_OK, value: this.#handle }));
  }

  /** ISynchronize: Wait blocks as its apartment blocks (SYNC-06). */
  synchronize(method: Method, args: readonly unknown[], context: CallContext): Awaitable<Reply> {
    switch (method.name) {
      case "Signal":
        this.state.signal();
        return OK;
      case "Reset":
        this.state.reset();
        return OK;
      default:
        return this.#wait(args[0] as number, args[1] as number, context);
    }
  }

  #wait(flags: number, timeoutMs: number, context: CallContext): Awaitable<Reply> {
    if ((flags & ~KNOWN_WAIT_FLAGS) !== 0) return { hr: E_INVALIDARG, value: undefined };
    return context.thread.apartment.wait((done: (reply: Reply) => void) => {
      this.state.wait(timeoutMs, (hr) => done({ hr, value: undefined }));
    });
  }
}
