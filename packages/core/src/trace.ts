import type { Guid } from "./guid.ts";
import type { HResult } from "./hresult.ts";

/** Something that happened in a backend, with the time of its clock in milliseconds. */
export type TraceEvent =
  /** A client call object began or finished a call, or was asked to cancel it. */
  | {
      readonly kind: "begin" | "finish" | "cancel" | "abandon";
      readonly atMs: number;
      readonly callId: number;
      readonly method: string;
      readonly hr: HResult;
    }
  /** A call completed: its synchronizer was signaled. */
  | {
      readonly kind: "signal";
      readonly atMs: number;
      readonly callId: number;
      readonly method: string;
    }
  /** A server method, or one half of it, was entered or left. */
  | {
      readonly kind: "enter" | "leave";
      readonly atMs: number;
      readonly apartment: string;
      readonly method: string;
      readonly hr: HResult;
    }
  /**
   * A server method threw something other than a ComError; its caller gets RPC_E_SERVERFAULT (LIFE-08).
   * Likewise its createCall or finalRelease, or the callback of a timer, which have no such caller.
   */
  | {
      readonly kind: "exception";
      readonly atMs: number;
      readonly method: string;
      readonly error: unknown;
    }
  /** Bytes passed a channel: ORPCTHIS and [in], or ORPCTHAT, [out] and HRESULT. `bytes` may be kept. */
  | {
      readonly kind: "packet";
      readonly atMs: number;
      readonly direction: "request" | "reply";
      readonly callId: number;
      readonly iid: Guid;
      readonly ipid: Guid;
      readonly opnum: number;
      readonly bytes: Uint8Array;
    };

export type TraceListener = (event: TraceEvent) => void;
