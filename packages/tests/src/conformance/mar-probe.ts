import {
  type Com,
  defineInterface,
  type InterfacePointer,
  IUnknown,
  LONG,
  method,
  param,
  pointerTo,
} from "callfactory";
import type { Stage } from "../harness/stage.ts";

/** An object that can be passed around and told apart. */
export const IProbe = defineInterface({
  name: "IProbe",
  iid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3b101",
  base: IUnknown,
  methods: [
    method("Twice", [param.in("value", LONG), param.retval("twice", LONG)]),
    /** Keeps nothing of what it is given. */
    method("Take", [param.in("pointer", pointerTo(IUnknown))]),
    method("Give", [param.retval("pointer", pointerTo(IUnknown))]),
  ],
});

/** A second interface of the same object. */
export const IOther = defineInterface({
  name: "IOther",
  iid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3b102",
  base: IUnknown,
  methods: [method("Ping", [])],
});

type Of<I> = I extends import("callfactory").Interface<infer S> ? S : never;

/** A pointer to a probe. */
export type ProbePointer = InterfacePointer<Of<typeof IProbe>>;

/** An object in an apartment of its own, and a client in another. */
export interface Pair {
  readonly server: Com;
  readonly client: Com;
  /** The object's own pointer, in the server's apartment. */
  readonly object: ProbePointer;
  /** Whether the last reference is gone. */
  readonly isGone: () => boolean;
}

/** Makes a {@link Pair}: the server in an STA, the client in the test's own apartment. */
export async function pair(stage: Stage, extra: object = {}): Promise<Pair> {
  const server = await stage.com.openApartment("sta");
  let isGone = false;
  const object = server.implement([IProbe, IOther], {
    Twice: (value: number) => value * 2,
    Take: () => {},
    Give: () => null,
    Ping: () => {},
    finalRelease: () => {
      isGone = true;
    },
    ...extra,
  });
  return { server, client: stage.com, object: stage.hold(object), isGone: () => isGone };
}

/** Waits until everything that is under way has been done; takes a second of virtual time. */
export function settled(com: Com): Promise<void> {
  return new Promise((resolve) => {
    com.clock.setTimer(1000, resolve);
  });
}
