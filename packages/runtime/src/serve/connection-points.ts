import {
  CONNECT_E_NOCONNECTION,
  type ConnectionPoint,
  type ConnectionPointContainer,
  ComError,
  type EnumConnectionPoints,
  type EnumConnections,
  type Guid,
  IConnectionPoint,
  IConnectionPointContainer,
  IEnumConnectionPoints,
  IEnumConnections,
  type Interface,
  type InterfacePointer,
  IUnknown,
  type NoMethods,
} from "@callfactory/core";
import type { Com, Implementation, ImplementationOptions, IncomingCall } from "../com.ts";
import { checkOptionNames } from "../option-names.ts";
import { Enumerator, type Sequence } from "./enumerator.ts";
import { type EventSource, SinkTable } from "./event-source.ts";

/** How many sinks there may be. */
export interface ConnectionPointOptions {
  /** Advise fails with CONNECT_E_ADVISELIMIT beyond these, for each interface; no limit by default (EVT-03). */
  readonly maxConnections?: number;
}

/** The outgoing side of a served object. */
export interface ConnectionPoints {
  /**
   * IConnectionPointContainer, to be spread into the object's implementation; the class names the
   * interface among its own. Whoever asks gets a connection point of its own; those for one
   * interface share their connections. Brings a finalRelease that releases all sinks: an implementation with
   * one of its own calls {@link release} there.
   */
  readonly container: Implementation<ConnectionPointContainer> & ImplementationOptions;
  /**
   * The events of one of the outgoing interfaces.
   *
   * @throws TypeError when there is no connection point for `iface`.
   */
  of<S>(iface: Interface<S>): EventSource<S>;
  /** Ends all connections. */
  release(): void;
}

type ContainerPointer = InterfacePointer<ConnectionPointContainer>;
type PointPointer = InterfacePointer<ConnectionPoint>;
type Connection = ReturnType<EnumConnections["Next"]>[number];

/**
 * Makes connection points for the outgoing interfaces of an object that lives in the apartment of
 * `com` (EVT-01).
 */
export function createConnectionPoints(
  com: Com,
  interfaces: readonly Interface[],
  options: ConnectionPointOptions = {},
): ConnectionPoints {
  checkOptionNames("createConnectionPoints", options, ["maxConnections"]);
  const { maxConnections = Number.POSITIVE_INFINITY } = options;
  if (!(typeof maxConnections === "number" && maxConnections >= 0)) {
    throw new TypeError("createConnectionPoints: 'maxConnections' must be a number, 0 or more");
  }
  // Who calls an interface needs its proxy as much as who implements it does, which this registers.
  for (const iface of interfaces) com.implement([iface], {}).release();
  const tables = new Map(
    interfaces.map((iface) => [iface.iid, new SinkTable(iface, maxConnections)]),
  );
  const release = (): void => {
    for (const table of tables.values()) table.release();
  };
  return {
    container: containerOf(com, tables, release),
    of: <S>(iface: Interface<S>) => {
      const table = tables.get(iface.iid);
      if (table !== undefined) return table as unknown as EventSource<S>;
      throw new TypeError(`there is no connection point for ${iface.name}`);
    },
    release,
  };
}

function containerOf(
  com: Com,
  tables: ReadonlyMap<Guid, SinkTable>,
  release: () => void,
): ConnectionPoints["container"] {
  /** A connection point holds its object, which does not hold it (EVT-02). */
  const pointOf = (table: SinkTable, container: ContainerPointer): PointPointer =>
    com.implement([IConnectionPoint], new Point(com, table, container));
  return {
    FindConnectionPoint: async (riid: Guid, { self }: IncomingCall) => {
      const table = tables.get(riid);
      if (table === undefined) {
        const where = "IConnectionPointContainer::FindConnectionPoint";
        throw new ComError(CONNECT_E_NOCONNECTION, where);
      }
      return pointOf(table, await self(IConnectionPointContainer));
    },
    EnumConnectionPoints: async ({ self }: IncomingCall) => {
      const container = await self(IConnectionPointContainer);
      const points = [...tables.values()].map((table) => pointOf(table, container.addRef()));
      container.release();
      const sequence: Sequence<PointPointer, InterfacePointer<EnumConnectionPoints>> = {
        items: points,
        give: (point) => point.addRef(),
        drop: (point) => point.release(),
        implement: (enumerator) => com.implement([IEnumConnectionPoints], enumerator),
      };
      return sequence.implement(new Enumerator(sequence));
    },
    finalRelease: release,
  };
}

/** A connection point: one interface's sinks, for as long as somebody holds it. */
class Point implements Implementation<ConnectionPoint> {
  readonly #com: Com;
  readonly #table: SinkTable;
  readonly #container: ContainerPointer;

  /** Takes over the reference of `container`. */
  constructor(com: Com, table: SinkTable, container: ContainerPointer) {
    this.#com = com;
    this.#table = table;
    this.#container = container;
  }

  GetConnectionInterface(): Guid {
    return this.#table.interface.iid;
  }

  GetConnectionPointContainer(): ContainerPointer {
    return this.#container.addRef();
  }

  Advise(pUnkSink: InterfacePointer<NoMethods> | null): Promise<number> {
    return this.#table.advise(pUnkSink);
  }

  Unadvise(dwCookie: number): void {
    this.#table.unadvise(dwCookie);
  }

  async EnumConnections(): Promise<InterfacePointer<EnumConnections>> {
    const asked = this.#table.connections().map(async ({ cookie, sink }) => {
      return { pUnk: await sink.queryInterface(IUnknown), dwCookie: cookie };
    });
    const sequence: Sequence<Connection, InterfacePointer<EnumConnections>> = {
      items: await Promise.all(asked),
      give: ({ pUnk, dwCookie }) => ({ pUnk: pUnk?.addRef() ?? null, dwCookie }),
      drop: ({ pUnk }) => pUnk?.release(),
      implement: (enumerator) => this.#com.implement([IEnumConnections], enumerator),
    };
    return sequence.implement(new Enumerator(sequence));
  }

  finalRelease(): void {
    this.#container.release();
  }
}
