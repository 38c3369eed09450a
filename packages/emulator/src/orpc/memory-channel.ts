import type { TraceListener } from "@callfactory/core";
import type { Scheduler } from "../schedule/scheduler.ts";
import type {
  Channel,
  Endpoint,
  OrpcReply,
  OrpcRequest,
  OutgoingCall,
  ServerPlace,
} from "./channel.ts";

/** What a {@link MemoryChannel} is made of. */
export interface MemoryChannelOptions {
  readonly scheduler: Scheduler;
  readonly endpoint: Endpoint;
  /** Requests arrive in the order in which they were sent, as an STA's queue keeps them (BEG-13). */
  readonly keepsOrder: boolean;
  readonly emit: TraceListener;
  readonly isTraced: () => boolean;
}

/** A channel inside one process: bytes are handed over by the scheduler. */
export class MemoryChannel implements Channel {
  readonly #options: MemoryChannelOptions;

  constructor(options: MemoryChannelOptions) {
    this.#options = options;
  }

  get server(): ServerPlace {
    return this.#options.endpoint.place;
  }

  send(request: OrpcRequest, onReply: (reply: OrpcReply) => void): OutgoingCall {
    const { scheduler, endpoint, keepsOrder } = this.#options;
    let serving: OutgoingCall | null = null;
    let isCanceled = false;
    this.#trace("request", request, request.bytes);
    // The calling thread goes into the neutral apartment itself, and comes back itself (APT-18).
    const isVisit = request.origin.visitor !== null;
    const receive = (): void => {
      serving = endpoint.receive(request, (reply) => {
        if (reply.kind === "response") this.#trace("reply", request, reply.bytes);
        if (isVisit) onReply(reply);
        else scheduler.post(null, () => onReply(reply));
      });
      if (isCanceled) serving.cancel();
    };
    if (isVisit) receive();
    else scheduler.post(keepsOrder ? this : null, receive);
    return {
      cancel: () => {
        isCanceled = true;
        scheduler.post(keepsOrder ? this : null, () => serving?.cancel());
      },
    };
  }

  #trace(direction: "request" | "reply", request: OrpcRequest, bytes: Uint8Array): void {
    if (!this.#options.isTraced()) return;
    const { callId, ipid, iid, opnum } = request;
    const atMs = this.#options.scheduler.now();
    this.#options.emit({ kind: "packet", atMs, direction, callId, iid, ipid, opnum, bytes });
  }
}
