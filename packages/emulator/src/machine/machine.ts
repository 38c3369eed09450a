import {
  HRESULT_RPC_S_CALL_FAILED,
  HRESULT_RPC_S_SERVER_UNAVAILABLE,
  MSHCTX_LOCAL,
} from "@callfactory/core";
import { RunningObjectTable } from "../activation/running-object-table.ts";
import type { ExporterEntry, Holders, OxidEntry, OxidResolver } from "../marshal/oxid-resolver.ts";
import type { Channel, OrpcReply, OrpcRequest, OutgoingCall } from "../orpc/channel.ts";
import { MemoryChannel } from "../orpc/memory-channel.ts";
import { OutgoingCalls } from "../orpc/outgoing-calls.ts";
import { PingSets } from "./ping-sets.ts";
import { Pinger } from "./pinger.ts";
import { Rundown } from "./rundown.ts";
import { type SharedOptions, SharedServices } from "./shared-services.ts";

/**
 * One emulated machine: its processes, which share nothing but bytes, time, and what the system
 * keeps for all: where object exporters are, and which objects run.
 */
export class Machine {
  readonly shared: SharedServices;
  readonly rot = new RunningObjectTable();
  readonly #nodes = new Set<ProcessNode>();

  constructor(options: SharedOptions) {
    this.shared = new SharedServices(options);
  }

  /** A place for one more process. */
  addProcess(): ProcessNode {
    const node = new ProcessNode(this);
    this.#nodes.add(node);
    // Alone, a process has nobody to be pinged by.
    if (this.#nodes.size > 1) for (const each of this.#nodes) each.watch();
    return node;
  }

  /** The process with an object exporter, and how to reach it there. */
  find(oxid: bigint): { readonly node: ProcessNode; readonly entry: OxidEntry } | undefined {
    for (const node of this.#nodes) {
      const entry = node.own(oxid);
      if (entry !== undefined) return { node, entry };
    }
    return undefined;
  }

  /** A process has ended; who still calls it is told so by its node. */
  remove(node: ProcessNode): void {
    this.#nodes.delete(node);
  }
}

/** A process as others on its machine see it: the channels in and out, and who pings whom (MAR-16). */
export class ProcessNode implements OxidResolver {
  readonly #machine: Machine;
  readonly #entries = new Map<bigint, ExporterEntry>();
  readonly #incoming = new OutgoingCalls();
  readonly #sets: PingSets;
  readonly #rundown: Rundown;
  readonly #pingers = new Map<ProcessNode, Pinger>();
  #isWatching = false;
  #state: "running" | "closed" | "killed" = "running";

  constructor(machine: Machine) {
    const { scheduler } = machine.shared;
    this.#machine = machine;
    this.#sets = new PingSets(
      () => scheduler.now(),
      () => machine.shared.nextId(),
    );
    const exporters = () => [...this.#entries.values()].map(({ objects }) => objects);
    this.#rundown = new Rundown(scheduler, this.#sets, exporters);
  }

  /** A killed process says nothing, and hears nothing; a closed one still gives back what it holds. */
  get isKilled(): boolean {
    return this.#state === "killed";
  }

  register(oxid: bigint, entry: ExporterEntry): void {
    this.#entries.set(oxid, entry);
  }

  unregister(oxid: bigint): void {
    this.#entries.delete(oxid);
  }

  /** Something was exported, or asked for again. */
  touched(): void {
    if (this.#isWatching && this.#state === "running") this.#rundown.arm();
  }

  /** From now on there are other processes, whose ends have to be noticed. */
  watch(): void {
    this.#isWatching = true;
    this.touched();
  }

  own(oxid: bigint): ExporterEntry | undefined {
    return this.#entries.get(oxid);
  }

  resolve(oxid: bigint): OxidEntry | undefined {
    const own = this.#entries.get(oxid);
    if (own !== undefined) return own;
    const found = this.#machine.find(oxid);
    if (found === undefined) return undefined;
    const { node, entry } = found;
    return {
      connect: () => new ProcessLink({ client: this, server: node, inner: entry.connect() }),
      ipidRemUnknown: entry.ipidRemUnknown,
      context: MSHCTX_LOCAL,
      holders: this.#pingerOf(node),
      // Only bytes pass between processes.
      packets: null,
    };
  }

  /** Ends the process at once, without a word to anyone (LIFE-06, LIFE-07). */
  kill(): void {
    this.end();
    this.#state = "killed";
    this.#incoming.disconnect(HRESULT_RPC_S_CALL_FAILED);
  }

  /** The process is gone: nothing goes in any more. */
  end(): void {
    if (this.#state === "running") this.#state = "closed";
    this.#machine.remove(this);
    this.#rundown.stop();
    for (const pinger of this.#pingers.values()) pinger.stop();
  }

  /** A call of another process; it ends with this one. */
  deliver(
    channel: Channel,
    request: OrpcRequest,
    onReply: (reply: OrpcReply) => void,
  ): OutgoingCall {
    // The news of an end travels, too.
    const tell = (reply: OrpcReply): void =>
      this.#machine.shared.scheduler.post(null, () => onReply(reply));
    if (this.#state !== "running") {
      tell({ kind: "fault", hr: HRESULT_RPC_S_SERVER_UNAVAILABLE, isUnread: true });
      return { cancel: () => {} };
    }
    return this.#incoming
      .through(channel)
      .send(request, (reply) => (this.#state === "running" ? onReply(reply) : tell(reply)));
  }

  #pingerOf(server: ProcessNode): Holders {
    let pinger = this.#pingers.get(server);
    if (pinger === undefined) {
      const { shared } = this.#machine;
      const inner = new MemoryChannel({
        scheduler: shared.scheduler,
        endpoint: server.#sets,
        keepsOrder: true,
        emit: shared.emit,
        isTraced: () => shared.isTraced,
      });
      pinger = new Pinger({
        scheduler: shared.scheduler,
        channel: new ProcessLink({ client: this, server, inner }),
        nextCallId: () => shared.nextCallId(),
      });
      this.#pingers.set(server, pinger);
    }
    return pinger;
  }
}

/** What a link between two processes is made of. */
interface LinkOptions {
  readonly client: ProcessNode;
  readonly server: ProcessNode;
  /** To the exporter within its process. */
  readonly inner: Channel;
}

/** A channel between two processes; what a dead one would say is not heard. */
class ProcessLink implements Channel {
  readonly server: NonNullable<Channel["server"]>;
  readonly #options: LinkOptions;

  constructor(options: LinkOptions) {
    const { server } = options.inner;
    // No thread of one process visits another, neutral apartment or not (APT-18).
    const isVisitable = server === undefined || server.kind === "na";
    this.server = isVisitable ? { kind: "mta", threadId: 0 } : server;
    this.#options = options;
  }

  send(request: OrpcRequest, onReply: (reply: OrpcReply) => void): OutgoingCall {
    const { client, server, inner } = this.#options;
    if (client.isKilled) return { cancel: () => {} };
    const origin = { ...request.origin, visitor: null };
    return server.deliver(inner, { ...request, origin, context: MSHCTX_LOCAL }, (reply) => {
      if (!client.isKilled) onReply(reply);
    });
  }
}
