import type { Guid, HResult } from "@callfactory/core";
import type { CallAuth } from "../security/call-auth.ts";
import type { Apartment, CallOrigin } from "../apartment/apartment.ts";

/** What a proxy sends: the synchronous interface's IPID and opnum, whatever the caller used (CONV-03). */
export interface OrpcRequest {
  readonly callId: number;
  readonly ipid: Guid;
  readonly iid: Guid;
  readonly opnum: number;
  readonly cid: Guid;
  /** The authentication trailer; absent when the client proves nothing (SEC-11). */
  readonly auth?: CallAuth;
  /** What the server's machine is told of the caller, if it is the caller's. */
  readonly origin: CallOrigin;
  /** ORPCTHIS and the [in] values. */
  readonly bytes: Uint8Array;
  /** MSHCTX_*: where the client is, seen from the server; within the process unless a channel says else. */
  readonly context?: number;
}

/** What comes back: ORPCTHAT, [out] values and HRESULT; or a fault, when the method did not run to its end. */
export type OrpcReply =
  | { readonly kind: "response"; readonly bytes: Uint8Array }
  | {
      readonly kind: "fault";
      readonly hr: HResult;
      readonly cause?: unknown;
      /** Nobody has read the request: what it carries is still the client's. */
      readonly isUnread?: boolean;
    };

/** A request on its way or being served. */
export interface OutgoingCall {
  /** Asks the server to stop; the reply still comes (CAN-12). */
  cancel(): void;
}

/** Where requests of a channel are served, as an OXID's resolution tells. */
export interface ServerPlace {
  readonly kind: Apartment["kind"];
  /** The STA's thread; 0 for apartments that have many or none. */
  readonly threadId: number;
}

/** Carries requests to one object exporter and replies back. */
export interface Channel {
  /** Absent for a server on another machine. */
  readonly server?: ServerPlace;
  /**
   * Sends now; `onReply` is called once, later, whatever happens. Where an end of one side came
   * before the reply it is called for both, so that what the reply carries is not lost.
   */
  send(request: OrpcRequest, onReply: (reply: OrpcReply) => void): OutgoingCall;
}

/** Where requests arrive. */
export interface Endpoint {
  readonly place: ServerPlace;
  receive(request: OrpcRequest, respond: (reply: OrpcReply) => void): OutgoingCall;
}
