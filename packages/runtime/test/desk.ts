import { createEmulator, type Emulator } from "@callfactory/emulator";
import {
  array,
  BSTR,
  BYTE,
  type Com,
  type ComError,
  defineInterface,
  type Host,
  type ImplementationOf,
  type Interface,
  type InterfacePointer,
  IUnknown,
  LONG,
  method,
  openCom,
  param,
  pointerTo,
  type TraceEvent,
  ULONG,
} from "../src/index.ts";

export const CLSID_Desk = "bbbbbbbb-2222-4333-8444-555555555550";

/** One method for each thing that the runtime treats in its own way. */
export const IDesk = defineInterface({
  name: "IDesk",
  iid: "bbbbbbbb-2222-4333-8444-555555555551",
  asyncIid: "bbbbbbbb-2222-4333-8444-555555555552",
  base: IUnknown,
  methods: [
    method("Add", [param.in("a", LONG), param.in("b", LONG), param.retval("sum", LONG)]),
    method("Split", [param.in("value", LONG), param.out("high", LONG), param.out("low", LONG)]),
    method("Read", [
      param.in("count", ULONG),
      param.out("bytes", array(BYTE, { sizeIs: "count", lengthIs: "returned" })),
      param.out("returned", ULONG),
    ]),
    method("Name", [param.retval("name", BSTR)]),
    method("Open", [param.retval("drawer", pointerTo(IUnknown))]),
    method("Put", [param.in("thing", pointerTo(IUnknown))]),
    method("Nothing", []),
  ],
});

/** The same without an async form: its calls take the worker lane. */
export const IPlainDesk = defineInterface({
  name: "IPlainDesk",
  iid: "bbbbbbbb-2222-4333-8444-555555555553",
  base: IUnknown,
  methods: [
    method("Wait", [param.retval("value", LONG)]),
    method("Open", [param.retval("drawer", pointerTo(IUnknown))]),
  ],
});

type MethodsOf<I> = I extends Interface<infer S> ? S : never;
export type Desk = MethodsOf<typeof IDesk>;
type Implementation = ImplementationOf<readonly [typeof IDesk, typeof IPlainDesk]>;

/** A desk where every method answers at once; `methods` are put in place of its own. */
export function desk(methods: Partial<Implementation> = {}): Implementation {
  return {
    Add: (a, b) => (a + b) | 0,
    Split: (value) => ({ high: value >> 16, low: value & 0xffff }),
    Read: (count) => new Uint8Array(count),
    Name: () => "desk",
    Open: () => null,
    Put: () => {},
    Nothing: () => {},
    Wait: () => 7,
    ...methods,
  };
}

/** COM on virtual time, with a desk in another apartment. */
export interface Room {
  readonly emulator: Emulator;
  readonly com: Com;
  readonly desk: InterfacePointer<Desk>;
  /** Everything that has happened. */
  readonly events: TraceEvent[];
  /** Lets virtual time pass; what is alive then, once the desk is released. */
  readonly leave: () => Promise<object>;
}

/** Opens a room; `create` makes the desk. */
export async function openRoom(
  create: (host: Host) => Implementation = () => desk(),
  threadingModel: "Apartment" | "Both" = "Apartment",
): Promise<Room> {
  const emulator = createEmulator({ clock: "virtual" });
  const com = await openCom({ backend: emulator });
  com.registerClass({
    clsid: CLSID_Desk,
    threadingModel,
    interfaces: [IDesk, IPlainDesk] as const,
    create,
  });
  const events: TraceEvent[] = [];
  const pointer = await com.createInstance(CLSID_Desk, IDesk);
  com.trace((event) => events.push(event));
  const leave = async (): Promise<object> => {
    pointer.release();
    await pass(com, 3_600_000);
    await emulator.fence();
    return emulator.openReferences();
  };
  return { emulator, com, desk: pointer, events, leave };
}

/** Lets virtual time pass. */
export function pass(com: Com, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    com.clock.setTimer(delayMs, resolve);
  });
}

/** What `call` fails with. */
export async function errorOf(call: Promise<unknown>): Promise<ComError> {
  return call.then(
    () => Promise.reject(new Error("the call did not fail")),
    (error: unknown) => error as ComError,
  );
}
