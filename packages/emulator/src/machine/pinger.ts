import { GUID_NULL, type Method, S_OK } from "@callfactory/core";
import { methodCodec, type NdrHost, NdrReader, NdrWriter } from "@callfactory/wire";
import type { Holders } from "../marshal/oxid-resolver.ts";
import type { Channel } from "../orpc/channel.ts";
import type { Scheduler } from "../schedule/scheduler.ts";
import {
  COMPLEX_PING,
  IID_IObjectExporter,
  PING_PERIOD_MS,
  SIMPLE_PING,
} from "./object-exporter-methods.ts";

/** What a pinger is made with. */
export interface PingerOptions {
  readonly scheduler: Scheduler;
  /** To the server's IObjectExporter. */
  readonly channel: Channel;
  readonly nextCallId: () => number;
}

const NO_POINTERS: NdrHost = {
  marshalInterface: () => null,
  unmarshalInterface: () => null,
};

/** More than a USHORT counts go with the next ping. */
const MOST_OIDS = 0xffff;

/**
 * The client's side of pinging: tells one server every two minutes that this process still holds
 * objects of its, and which (MAR-16). What comes and goes in between is told with the next ping.
 */
export class Pinger implements Holders {
  readonly #options: PingerOptions;
  /** Proxies by OID; an object can have one in each apartment. */
  readonly #held = new Map<bigint, number>();
  /** What the server has been told. */
  readonly #told = new Set<bigint>();
  #setId = 0n;
  #sequence = 0;
  #cancelTimer: (() => void) | null = null;

  constructor(options: PingerOptions) {
    this.#options = options;
  }

  hold(oid: bigint): void {
    this.#held.set(oid, (this.#held.get(oid) ?? 0) + 1);
    this.#cancelTimer ??= this.#options.scheduler.setTimer(PING_PERIOD_MS, () => this.#tick());
  }

  unhold(oid: bigint): void {
    const left = (this.#held.get(oid) ?? 1) - 1;
    if (left > 0) this.#held.set(oid, left);
    else this.#held.delete(oid);
    if (this.#held.size === 0 && this.#told.size === 0) this.stop();
  }

  /** The process has ended. */
  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #tick(): void {
    this.#cancelTimer = null;
    const added = [...this.#held.keys()].filter((oid) => !this.#told.has(oid)).slice(0, MOST_OIDS);
    const removed = [...this.#told].filter((oid) => !this.#held.has(oid)).slice(0, MOST_OIDS);
    if (added.length + removed.length > 0) this.#complexPing(added, removed);
    else if (this.#held.size > 0) this.#simplePing();
    if (this.#held.size === 0) return;
    this.#cancelTimer = this.#options.scheduler.setTimer(PING_PERIOD_MS, () => this.#tick());
  }

  #simplePing(): void {
    this.#send(SIMPLE_PING, [this.#setId], (status) => {
      // The server gave us up for dead: what it still has of ours goes into a new set.
      if (status !== S_OK) this.#startAnew();
    });
  }

  #complexPing(added: readonly bigint[], removed: readonly bigint[]): void {
    for (const oid of added) this.#told.add(oid);
    for (const oid of removed) this.#told.delete(oid);
    const [adds, dels] = [BigUint64Array.from(added), BigUint64Array.from(removed)];
    const args = [this.#setId, ++this.#sequence, adds.length, dels.length, adds, dels];
    this.#send(COMPLEX_PING, args, (status, outs) => {
      if (status === S_OK) this.#setId = outs[0] as bigint;
      else this.#startAnew();
    });
  }

  #startAnew(): void {
    this.#setId = 0n;
    this.#told.clear();
  }

  #send(
    method: Method,
    args: readonly unknown[],
    onStatus: (status: number, outs: readonly unknown[]) => void,
  ): void {
    const codec = methodCodec(method);
    const writer = new NdrWriter(64);
    codec.encodeRequest(writer, args, NO_POINTERS);
    const request = {
      callId: this.#options.nextCallId(),
      ipid: GUID_NULL,
      iid: IID_IObjectExporter,
      opnum: method.slot,
      cid: GUID_NULL,
      origin: { threadId: 0, category: "synchronous", visitor: null },
      bytes: writer.bytes(),
    } as const;
    this.#options.channel.send(request, (reply) => {
      // A server that cannot be reached is not pinged back to life.
      if (reply.kind === "fault") return;
      const { hr, outs } = codec.decodeReply(new NdrReader(reply.bytes), args, NO_POINTERS);
      onStatus(hr, outs);
    });
  }
}
