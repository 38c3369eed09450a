import { RPC_E_DISCONNECTED } from "@callfactory/core";
import type { Channel, OrpcReply, OrpcRequest, OutgoingCall } from "./channel.ts";

/** The outgoing calls of one apartment, so that they end with it (LIFE-09). */
export class OutgoingCalls {
  readonly #open = new Set<(reply: OrpcReply) => void>();

  /** A channel whose calls are answered by {@link disconnect} at the latest. */
  through(channel: Channel): Channel {
    return {
      ...(channel.server && { server: channel.server }),
      send: (request, onReply) => this.#send(channel, request, onReply),
    };
  }

  /** Answers every call in flight with RPC_E_DISCONNECTED; what the server still says is not heard. */
  disconnect(): void {
    for (const end of [...this.#open]) end({ kind: "fault", hr: RPC_E_DISCONNECTED });
  }

  #send(channel: Channel, request: OrpcRequest, onReply: (reply: OrpcReply) => void): OutgoingCall {
    const end = (reply: OrpcReply): void => {
      if (this.#open.delete(end)) onReply(reply);
    };
    this.#open.add(end);
    return channel.send(request, end);
  }
}
