import type { Guid, HResult } from "@callfactory/core";
import type { Pointer } from "../object/com-object.ts";
import type { Thread } from "./thread.ts";

/**
 * How a call is made: the ordinary way; as a notification, for which nobody waits (NOT-02); or as
 * SendMessage does, past the queue and without letting the callee call out (INP-01).
 */
export type CallCategory = "synchronous" | "notification" | "input-synchronous";

/** What a call tells of its caller on the same machine, beside its bytes, as Windows' own COM does. */
export interface CallOrigin {
  /** The thread that calls, as a message filter is told (APT-09). */
  readonly threadId: number;
  readonly category: CallCategory;
  /** The calling thread, which a neutral object's method runs on; `null` for call objects (APT-18). */
  readonly visitor: Thread | null;
}

/** An incoming call as a message filter sees it (APT-09). */
export interface IncomingCall {
  readonly origin: CallOrigin;
  /** The object, borrowed; `null` for one of COM's own. */
  readonly object: Pointer | null;
  readonly iid: Guid;
  readonly opnum: number;
  /** Answers without running anything. */
  refuse(hr: HResult): void;
}
