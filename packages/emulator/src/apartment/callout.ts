import {
  type HResult,
  RPC_E_CANTCALLOUT_INASYNCCALL,
  RPC_E_CANTCALLOUT_INEXTERNALCALL,
  RPC_E_CANTCALLOUT_ININPUTSYNCCALL,
  RPC_E_CANTPOST_INSENDCALL,
} from "@callfactory/core";

/**
 * How a call is made: the ordinary way; as a notification, for which nobody waits (NOT-02); or as
 * SendMessage does, past the queue and without letting the callee call out (INP-01).
 */
export type CallCategory = "synchronous" | "notification" | "input-synchronous";

/** What a frame is about: a call of one of the categories, a message, or an answer of the message filter. */
export type Activity = CallCategory | "message" | "filter";

/** A call out: of one of the categories, or a Begin_, which waits for nothing. */
export type Callout = CallCategory | "Begin_";

/** Why a call out of `activity` fails; `null` when it may be made. */
export function refusalOf(activity: Activity | undefined, callout: Callout): HResult | null {
  switch (activity) {
    case "filter":
      return RPC_E_CANTCALLOUT_INEXTERNALCALL; // APT-14
    case "notification":
      // What does not wait may go out (NOT-03).
      if (callout === "notification" || callout === "Begin_") return null;
      return RPC_E_CANTCALLOUT_INASYNCCALL;
    case "input-synchronous":
      // A notification is posted, all else is sent or waits (INP-02, INP-03, INP-05).
      if (callout === "notification") return RPC_E_CANTPOST_INSENDCALL;
      return RPC_E_CANTCALLOUT_ININPUTSYNCCALL;
    default:
      return null;
  }
}
