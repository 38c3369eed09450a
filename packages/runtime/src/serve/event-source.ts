import {
  asyncOf,
  CO_E_NOTINITIALIZED,
  CO_E_OBJNOTCONNECTED,
  CONNECT_E_ADVISELIMIT,
  CONNECT_E_CANNOTCONNECT,
  CONNECT_E_NOCONNECTION,
  ComError,
  checkArgs,
  E_POINTER,
  type HResult,
  HRESULT_RPC_S_CALL_FAILED,
  HRESULT_RPC_S_SERVER_UNAVAILABLE,
  type Interface,
  type InterfacePointer,
  type Method,
  RPC_E_DISCONNECTED,
  RPC_E_SERVER_DIED,
  RPC_E_SERVER_DIED_DNE,
  S_OK,
} from "@callfactory/core";
import { Pointer } from "../pointer.ts";

/** What became of an event at one sink. */
export interface Delivery {
  readonly cookie: number;
  /** The sink's HRESULT; of a posted event, Begin_'s. */
  readonly hr: HResult;
  /** What the sink's method gave back. */
  readonly value?: unknown;
  readonly error?: ComError;
  /** The sink is gone for good, and its connection was ended (EVT-11). */
  readonly isDropped: boolean;
}

/** The events of an interface: its methods, each told to every sink. */
export type Firing<S> = {
  readonly [K in keyof S]: S[K] extends (...args: infer A) => unknown
    ? (...args: A) => Promise<readonly Delivery[]>
    : never;
};

/**
 * The sinks of one outgoing interface, and the ways to tell them something (EVT-06).
 *
 * Each sink gets its event in its own apartment, and one that fails keeps no other from its own.
 */
export interface EventSource<S> {
  readonly interface: Interface<S>;
  /** How many sinks are connected. */
  readonly size: number;
  /** Calls the synchronous method of one sink after the other, in the order of their connection. */
  readonly fire: Firing<S>;
  /** Calls all sinks at once, through call objects where the interface has an async form. */
  readonly overlap: Firing<S>;
  /** Begin_, and never a Finish_: waits for no sink, and learns nothing of them (EVT-08, FNF-01). */
  readonly post: Firing<S>;
}

/** One sink. */
interface Connected {
  readonly cookie: number;
  readonly sink: InterfacePointer<unknown>;
}

type Tell = (sink: Connected, method: string, args: readonly unknown[]) => Promise<unknown>;

/** Codes that say that nobody will ever answer at this pointer again. */
const GONE: ReadonlySet<HResult> = new Set([
  CO_E_NOTINITIALIZED,
  RPC_E_DISCONNECTED,
  CO_E_OBJNOTCONNECTED,
  RPC_E_SERVER_DIED,
  RPC_E_SERVER_DIED_DNE,
  HRESULT_RPC_S_SERVER_UNAVAILABLE,
  HRESULT_RPC_S_CALL_FAILED,
]);

/** Whether `error` says that the object behind a proxy, or the proxy itself, is gone for good. */
export function isGone(error: unknown): error is ComError {
  return error instanceof ComError && GONE.has(error.hr);
}

/** The connections of one outgoing interface; every connection point for it shares them. */
export class SinkTable implements EventSource<unknown> {
  readonly interface: Interface;
  readonly fire: Firing<unknown>;
  readonly overlap: Firing<unknown>;
  readonly post: Firing<unknown>;
  readonly #maxConnections: number;
  readonly #sinks = new Map<number, Connected>();
  #lastCookie = 0;

  constructor(iface: Interface, maxConnections: number) {
    this.interface = iface;
    this.#maxConnections = maxConnections;
    this.fire = this.#firing((told, tell) => oneByOne(told, tell), callSynchronously);
    this.overlap = this.#firing((told, tell) => Promise.all(told.map(tell)), call);
    this.post = this.#firing((told, tell) => Promise.all(told.map(tell)), begin);
  }

  get size(): number {
    return this.#sinks.size;
  }

  /** Connects a sink, which is asked for the interface first (EVT-03, EVT-04). */
  async advise(unknown: InterfacePointer<unknown> | null): Promise<number> {
    const where = "IConnectionPoint::Advise";
    if (unknown === null) throw new ComError(E_POINTER, where);
    if (this.size >= this.#maxConnections) throw new ComError(CONNECT_E_ADVISELIMIT, where);
    let sink: InterfacePointer<unknown>;
    try {
      sink = await unknown.queryInterface(this.interface);
    } catch (error) {
      if (error instanceof ComError) throw new ComError(CONNECT_E_CANNOTCONNECT, where);
      throw error;
    }
    // Others may have come while the sink was being asked.
    if (this.size >= this.#maxConnections) {
      sink.release();
      throw new ComError(CONNECT_E_ADVISELIMIT, where);
    }
    const cookie = ++this.#lastCookie;
    this.#sinks.set(cookie, { cookie, sink });
    return cookie;
  }

  /** Ends a connection and releases its sink (EVT-05). */
  unadvise(cookie: number): void {
    const connected = this.#sinks.get(cookie);
    if (connected === undefined) {
      throw new ComError(CONNECT_E_NOCONNECTION, "IConnectionPoint::Unadvise");
    }
    this.#sinks.delete(cookie);
    connected.sink.release();
  }

  /** The connections as they are now, borrowed. */
  connections(): readonly Connected[] {
    return [...this.#sinks.values()];
  }

  release(): void {
    for (const { cookie } of this.connections()) this.unadvise(cookie);
  }

  #firing(
    inOrder: (
      told: readonly Connected[],
      tell: (connected: Connected) => Promise<Delivery | null>,
    ) => Promise<readonly (Delivery | null)[]>,
    tell: Tell,
  ): Firing<unknown> {
    const methods: Record<string, unknown> = {};
    for (const name of this.interface.members.keys()) {
      methods[name] = async (...args: unknown[]): Promise<readonly Delivery[]> => {
        const deliver = (connected: Connected) => this.#deliver(connected, name, args, tell);
        const deliveries = await inOrder(this.connections(), deliver);
        return deliveries.filter((delivery) => delivery !== null);
      };
    }
    return methods;
  }

  /** Tells one sink; `null` when its connection ended before its turn came. */
  async #deliver(
    connected: Connected,
    method: string,
    args: readonly unknown[],
    tell: Tell,
  ): Promise<Delivery | null> {
    const { cookie } = connected;
    if (!this.#sinks.has(cookie)) return null;
    try {
      return { cookie, hr: S_OK, value: await tell(connected, method, args), isDropped: false };
    } catch (error) {
      if (!(error instanceof ComError)) throw error;
      // It may have ended its connection itself, in the middle of its event.
      const isDropped = isGone(error) && this.#sinks.has(cookie);
      if (isDropped) this.unadvise(cookie);
      return { cookie, hr: error.hr, error, isDropped };
    }
  }
}

async function oneByOne(
  told: readonly Connected[],
  tell: (connected: Connected) => Promise<Delivery | null>,
): Promise<(Delivery | null)[]> {
  const deliveries: (Delivery | null)[] = [];
  for (const connected of told) deliveries.push(await tell(connected));
  return deliveries;
}

type Callable = Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>;

const callSynchronously: Tell = ({ sink }, method, args) =>
  (sink as unknown as Callable)[method]?.(...args, { lane: "worker" }) as Promise<unknown>;

const call: Tell = ({ sink }, method, args) =>
  (sink as unknown as Callable)[method]?.(...args) as Promise<unknown>;

/** As the Platform SDK's sample does it: CreateCall, Begin_, and the call object is let go. */
const begin: Tell = async (connected, method, args) => {
  const callObject = await createCall(connected.sink);
  if (callObject === null) {
    // A sink without call objects here is called all the same, and nobody waits for it (DISC-04).
    const { interface: iface } = connected.sink;
    // Misuse is the caller's to know, as Begin_ would tell it.
    checkArgs(iface.members.get(method) as Method, args, (value) => value instanceof Pointer);
    void call(connected, method, args).catch((error: unknown) => {
      if (!(error instanceof ComError)) throw error;
    });
    return;
  }
  try {
    await (callObject as unknown as Callable)[`Begin_${method}`]?.(...args);
  } finally {
    callObject.release();
  }
};

async function createCall(sink: InterfacePointer<unknown>) {
  if (sink.interface.asyncIid === null) return null;
  try {
    return await sink.createCall(asyncOf(sink.interface));
  } catch (error) {
    if (error instanceof ComError && !isGone(error)) return null;
    throw error;
  }
}
