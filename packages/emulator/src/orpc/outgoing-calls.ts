import { type HResult, RPC_E_DISCONNECTED } from "@callfactory/core";
import type { Channel, OrpcReply, OrpcRequest, OutgoingCall } from "./channel.ts";

/** Calls that end with one side: those of an apartment (LIFE-09), those to a process (LIFE-06). */
export class OutgoingCalls {
  readonly #open = new Set<(reply: OrpcReply) => void>();
  readonly #hearsLate: boolean;

  /** With `hearsLate`, what a server says after {@link disconnect} is passed on as well. */
  constructor({ hearsLate = false }: { readonly hearsLate?: boolean } = {}) {
    this.#hearsLate = hearsLate;
  }

  /** A channel whose calls are answered by {@link disconnect} at the latest. */
  through(channel: Channel): Channel {
    return {
      ...(channel.server && { server: channel.server }),
      send: (request, onReply) => this.#send(channel, request, onReply),
    };
  }

  /** Answers every call in flight. */
  disconnect(hr: HResult = RPC_E_DISCONNECTED): void {
    for (const end of [...this.#open]) end({ kind: "fault", hr });
  }

  #send(channel: Channel, request: OrpcRequest, onReply: (reply: OrpcReply) => void): OutgoingCall {
    const end = (reply: OrpcReply): void => {
      if (this.#open.delete(end) || this.#hearsLate) onReply(reply);
    };
    this.#open.add(end);
    return channel.send(request, end);
  }
}
