import type { Awaitable, Method, Reply } from "@callfactory/core";
import type { CallContext } from "../apartment/apartment.ts";
import type { PreparedCall, PrepareOptions } from "../marshal/interface-proxy.ts";
import type { OrpcReply, OutgoingCall } from "../orpc/channel.ts";

/** What carries the calls of a client call object: a proxy, or the identity of the object behind one. */
export interface CallCarrier {
  /** Nothing can be sent any more. */
  readonly isDisconnected: boolean;
  /** @throws ComError when a value cannot be marshaled. */
  prepare(
    method: Method,
    args: readonly unknown[],
    context: CallContext,
    options?: PrepareOptions,
  ): Awaitable<PreparedCall>;
  send(call: PreparedCall, onReply: (reply: OrpcReply) => void): OutgoingCall;
  /** What a reply says; the pointers in it are the caller's. */
  read(call: PreparedCall, reply: OrpcReply): Awaitable<Reply>;
  /** Takes a reply that nobody wants (FIN-12). */
  drop(call: PreparedCall, reply: OrpcReply): void;
}
