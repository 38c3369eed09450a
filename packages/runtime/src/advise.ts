import {
  CONNECT_E_NOCONNECTION,
  type ConnectionPoint,
  ComError,
  IConnectionPointContainer,
  type Interface,
  type InterfacePointer,
  type NoMethods,
} from "@callfactory/core";
import type { Com, Implementation, ImplementationOptions } from "./com.ts";
import { Pointer } from "./pointer.ts";
import { isGone } from "./serve/event-source.ts";

/** A sink's connection to a source of events; disposing of it ends it. */
export interface Connection extends AsyncDisposable {
  /** What Advise returned; 0 once the connection was ended from this side. */
  readonly cookie: number;
  /**
   * IConnectionPoint::Unadvise; nothing the second time (EVT-05).
   *
   * @throws ComError CONNECT_E_NOCONNECTION when the source knows the connection no more. Disposing
   *   does not mind, nor that the source is gone.
   */
  unadvise(): Promise<void>;
}

/**
 * Connects a sink to the events that `source` offers through `iface`: FindConnectionPoint, Advise.
 *
 * A `sink` of JavaScript methods becomes an object in the apartment of `com`, which runs its events
 * (EVT-07), and lives until the source lets go of it. A pointer stays the caller's.
 *
 * @throws ComError E_NOINTERFACE when the source is not connectable, CONNECT_E_NOCONNECTION when it
 *   has no such events, CONNECT_E_ADVISELIMIT when it has sinks enough (EVT-01, EVT-03).
 */
export function advise<S>(
  com: Com,
  source: InterfacePointer<unknown>,
  iface: Interface<S>,
  sink: Implementation<S> & ImplementationOptions,
): Promise<Connection>;
export function advise<S>(
  com: Com,
  source: InterfacePointer<unknown>,
  iface: Interface<S>,
  sink: InterfacePointer<S>,
): Promise<Connection>;
export async function advise(
  com: Com,
  source: InterfacePointer<unknown>,
  iface: Interface,
  sink: object,
): Promise<Connection> {
  const point = await findPoint(source, iface);
  try {
    const cookie = await connect(com, point, iface, sink);
    return new AdvisedConnection(point, cookie);
  } catch (error) {
    point.release();
    throw error;
  }
}

async function findPoint(
  source: InterfacePointer<unknown>,
  iface: Interface,
): Promise<InterfacePointer<ConnectionPoint>> {
  const container = await source.queryInterface(IConnectionPointContainer);
  try {
    const point = await container.FindConnectionPoint(iface.iid);
    if (point !== null) return point;
    throw new ComError(CONNECT_E_NOCONNECTION, "IConnectionPointContainer::FindConnectionPoint");
  } finally {
    container.release();
  }
}

/** Advises; the source has taken a reference of its own when this returns (EVT-04). */
async function connect(
  com: Com,
  point: InterfacePointer<ConnectionPoint>,
  iface: Interface,
  sink: object,
): Promise<number> {
  if (sink instanceof Pointer) return point.Advise(sink as unknown as InterfacePointer<NoMethods>);
  const pointer: InterfacePointer<unknown> = com.implement([iface], sink);
  try {
    return await point.Advise(pointer as unknown as InterfacePointer<NoMethods>);
  } finally {
    pointer.release();
  }
}

class AdvisedConnection implements Connection {
  #point: InterfacePointer<ConnectionPoint> | null;
  #cookie: number;

  /** Takes over the reference of `point`. */
  constructor(point: InterfacePointer<ConnectionPoint>, cookie: number) {
    this.#point = point;
    this.#cookie = cookie;
  }

  get cookie(): number {
    return this.#cookie;
  }

  async unadvise(): Promise<void> {
    const point = this.#point;
    const cookie = this.#cookie;
    if (point === null) return;
    this.#point = null;
    this.#cookie = 0;
    try {
      await point.Unadvise(cookie);
    } finally {
      point.release();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.unadvise();
    } catch (error) {
      const isOver = error instanceof ComError && error.hr === CONNECT_E_NOCONNECTION;
      if (!isOver && !isGone(error)) throw error;
    }
  }
}
