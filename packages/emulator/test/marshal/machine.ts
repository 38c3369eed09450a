import {
  type Awaitable,
  type BackendApartment,
  defineInterface,
  IUnknown,
  LONG,
  type Method,
  method,
  param,
  pointerTo,
  type Reply,
  type ServerObject,
  S_OK,
} from "@callfactory/core";
import { createEmulator, type Emulator } from "../../src/index.ts";

/** An interface with one method for each way that data and pointers travel. */
export const IProbe = defineInterface({
  name: "IProbe",
  iid: "88888888-2222-4333-8444-555555555551",
  asyncIid: "88888888-2222-4333-8444-555555555552",
  base: IUnknown,
  methods: [
    method("Twice", [param.in("value", LONG), param.retval("twice", LONG)]),
    method("Take", [param.in("pointer", pointerTo(IUnknown))]),
    method("Give", [param.retval("pointer", pointerTo(IUnknown))]),
  ],
});

/** A second interface of the same object. */
export const IOther = defineInterface({
  name: "IOther",
  iid: "88888888-2222-4333-8444-555555555553",
  base: IUnknown,
  methods: [method("Ping", [])],
});

/** The method `name` of IProbe or IOther. */
export function probe(name: "Twice" | "Take" | "Give" | "Ping"): Method {
  return (name === "Ping" ? IOther : IProbe).members.get(name) as Method;
}

/** An object that counts its calls and knows whether it is still wanted. */
export class Probe implements ServerObject {
  readonly interfaces = [IProbe, IOther];
  calls = 0;
  isReleased = false;
  /** What Give gives. */
  given: unknown = null;
  /** Give gives nothing before this. */
  until: Promise<void> | null = null;

  invoke(of: Method, args: readonly unknown[]): Awaitable<Reply> {
    this.calls++;
    if (of.name === "Twice") return { hr: S_OK, value: (args[0] as number) * 2 };
    if (of.name === "Give") {
      const reply = { hr: S_OK, value: this.given };
      return this.until === null ? reply : this.until.then(() => reply);
    }
    return { hr: S_OK, value: undefined };
  }

  finalRelease(): void {
    this.isReleased = true;
  }
}

/** An emulated process with an STA that serves and an MTA that calls. */
export interface Machine {
  readonly emulator: Emulator;
  readonly server: BackendApartment;
  readonly client: BackendApartment;
}

/** Opens a {@link Machine}. */
export async function openMachine(seed?: number): Promise<Machine> {
  const emulator = createEmulator({ clock: "virtual", ...(seed === undefined ? {} : { seed }) });
  const server = await emulator.openApartment("sta");
  const client = await emulator.openApartment("mta");
  return { emulator, server, client };
}
