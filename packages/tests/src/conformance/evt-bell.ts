import {
  advise,
  type Com,
  type Connection,
  type ConnectionPointOptions,
  type ConnectionPoints,
  createConnectionPoints,
  type Delivery,
  defineInterface,
  guid,
  type Host,
  hresultName,
  IConnectionPointContainer,
  type Implementation,
  type ImplementationOf,
  type ImplementationOptions,
  type Interface,
  type InterfacePointer,
  IUnknown,
  LONG,
  method,
  param,
} from "callfactory";
import type { Stage } from "../harness/stage.ts";

/** What a bell tells its listeners. */
export const IBellEvents = defineInterface({
  name: "IBellEvents",
  iid: "5ef3bd2c-8f4a-4d0f-9d0c-0b27d9f6a601",
  asyncIid: "5ef3bd2c-8f4a-4d0f-9d0c-0b27d9f6a602",
  base: IUnknown,
  methods: [method("Rang", [param.in("times", LONG)])],
});

/** Events that no bell has. */
export const IOtherEvents = defineInterface({
  name: "IOtherEvents",
  iid: "5ef3bd2c-8f4a-4d0f-9d0c-0b27d9f6a603",
  base: IUnknown,
  methods: [],
});

const CLSID_Bell = guid("5ef3bd2c-8f4a-4d0f-9d0c-0b27d9f6a605");

/** Ways to tell of an event. */
export const FIRE = 0;
export const OVERLAP = 1;
export const POST = 2;

/** A bell that tells its listeners of each Ring, in one of three ways. */
export const IBell = defineInterface({
  name: "IBell",
  iid: "5ef3bd2c-8f4a-4d0f-9d0c-0b27d9f6a604",
  base: IUnknown,
  methods: [method("Ring", [param.in("way", LONG), param.in("times", LONG)])],
});

export type BellEvents = typeof IBellEvents extends Interface<infer S> ? S : never;
type Bell = typeof IBell extends Interface<infer S> ? S : never;

/** A sink in JavaScript. */
export type Listener = Implementation<BellEvents> & ImplementationOptions;

/** A bell at the place under test, and what its Ring saw of the sinks: "1 S_OK", "2 E_FAIL dropped". */
export interface StagedBell {
  readonly bell: InterfacePointer<Bell>;
  readonly deliveries: readonly string[];
  /** The bell's connection points, seen from inside. */
  readonly points: () => ConnectionPoints;
  readonly isAlive: () => boolean;
}

/** Serves a bell with a connection point for {@link IBellEvents}. */
export async function serveBell(
  stage: Stage,
  options: ConnectionPointOptions = {},
): Promise<StagedBell> {
  const { create, ...staged } = bellMaker(options);
  return { bell: await stage.serve([IBell, IConnectionPointContainer], create), ...staged };
}

/** Serves a bell in the MTA to a client in an STA. */
export async function serveBellInMta(stage: Stage) {
  const { create } = bellMaker({});
  stage.com.registerClass({
    clsid: CLSID_Bell,
    threadingModel: "Free",
    interfaces: [IBell, IConnectionPointContainer],
    create,
  });
  const client = await stage.com.openApartment("sta");
  return { client, bell: stage.hold(await client.createInstance(CLSID_Bell, IBell)) };
}

function bellMaker(options: ConnectionPointOptions) {
  const deliveries: string[] = [];
  let points: ConnectionPoints | undefined;
  let isAlive = true;
  const create = ({ com }: Host) => {
    const made = createConnectionPoints(com, [IBellEvents], options);
    points = made;
    const { fire, overlap, post } = made.of(IBellEvents);
    return {
      ...made.container,
      Ring: async (way: number, times: number) => {
        const firing = [fire, overlap, post][way] ?? fire;
        deliveries.push(...(await firing.Rang(times)).map(text));
      },
      finalRelease: () => {
        isAlive = false;
        made.release();
      },
    } satisfies ImplementationOf<readonly [typeof IBell, typeof IConnectionPointContainer]>;
  };
  return {
    create,
    deliveries: deliveries as readonly string[],
    points: () => points as ConnectionPoints,
    isAlive: () => isAlive,
  };
}

/** Connects a sink of the client's apartment; the connection ends with the test. */
export async function listen(
  stage: Stage,
  bell: InterfacePointer<unknown>,
  sink: Listener,
  com: Com = stage.com,
): Promise<Connection> {
  const connection = await advise(com, bell, IBellEvents, sink);
  stage.hold({ release: () => void connection[Symbol.asyncDispose]() });
  return connection;
}

function text({ cookie, hr, isDropped }: Delivery): string {
  return `${cookie} ${hresultName(hr)}${isDropped ? " dropped" : ""}`;
}

/** The bell's connection point for its events. */
export async function pointOf(stage: Stage, bell: InterfacePointer<Bell>) {
  const container = await stage.query(bell, IConnectionPointContainer);
  const point = await container.FindConnectionPoint(IBellEvents.iid);
  if (point === null) throw new Error("FindConnectionPoint gave NULL");
  return stage.hold(point);
}

/** A sink in the apartment of the client, held until the test ends. */
export function listener(stage: Stage, listening: Listener) {
  return stage.hold(stage.com.implement([IBellEvents], listening));
}
