import {
  asyncOf,
  type BackendCall,
  type BackendObject,
  defineInterface,
  IUnknown,
  LONG,
  type Method,
  method,
  param,
  type Reply,
  S_OK,
  type ServerCall,
  type ServerObject,
  type TraceEvent,
} from "@callfactory/core";
import { createEmulator, type Emulator } from "../../src/index.ts";

const IWork = defineInterface({
  name: "IWork",
  iid: "aaaaaaaa-2222-4333-8444-555555555551",
  asyncIid: "aaaaaaaa-2222-4333-8444-555555555552",
  base: IUnknown,
  methods: [
    method("Double", [param.in("value", LONG), param.retval("double", LONG)]),
    method("Other", []),
  ],
});

const twin = asyncOf(IWork);

/** The method that is called, and one that is not. */
export const DOUBLE = IWork.members.get("Double") as Method;
export const OTHER = IWork.members.get("Other") as Method;

/** How the server works: as a synchronous method, or as a call object that signals. */
export type ServerKind = "synchronous" | "call object";

/** A server whose calls stay open until the test completes them, by their argument. */
class Worker implements ServerObject {
  readonly interfaces = [IWork];
  readonly createCall?: NonNullable<ServerObject["createCall"]>;
  readonly #open: Map<number, () => void>;

  constructor(kind: ServerKind, open: Map<number, () => void>) {
    this.#open = open;
    if (kind === "call object") this.createCall = () => this.#callObject();
  }

  invoke(_of: Method, [value]: readonly unknown[]): Promise<Reply> {
    return new Promise((resolve) => {
      const id = value as number;
      this.#open.set(id, () => resolve({ hr: S_OK, value: id * 2 }));
    });
  }

  #callObject(): ServerObject {
    let id = 0;
    return {
      interfaces: [twin],
      invoke: (of: Method, args: readonly unknown[], call: ServerCall): Reply => {
        if (of.half?.kind === "Finish_") return { hr: S_OK, value: id * 2 };
        id = args[0] as number;
        this.#open.set(id, () => call.signal());
        return { hr: S_OK, value: undefined };
      },
    };
  }
}

/** A client in an STA, a server in the MTA, and everything that happens between them. */
export class Work {
  readonly emulator: Emulator;
  readonly events: TraceEvent[] = [];
  readonly #open = new Map<number, () => void>();
  #proxy: BackendObject | null = null;

  private constructor(seed: number) {
    this.emulator = createEmulator({ clock: "virtual", seed });
    this.emulator.trace((event) => this.events.push(event));
  }

  static async start(seed: number, kind: ServerKind): Promise<Work> {
    const work = new Work(seed);
    const server = await work.emulator.openApartment("mta");
    const client = await work.emulator.openApartment("sta");
    const own = server.implement(new Worker(kind, work.#open));
    work.#proxy = await client.unmarshal(await server.marshal(own), IWork);
    own.release();
    return work;
  }

  createCall(): Promise<BackendCall> {
    return (this.#proxy as BackendObject).createCall(twin);
  }

  /** Lets the server finish the call with the argument `id`. */
  complete(id: number): void {
    this.#open.get(id)?.();
    this.#open.delete(id);
  }

  /** Waits until nothing can run. */
  settle(): Promise<void> {
    return this.emulator.fence();
  }

  /** Lets virtual time pass. */
  async pass(delayMs: number): Promise<void> {
    await new Promise<void>((resolve) => this.emulator.clock.setTimer(delayMs, resolve));
    await this.settle();
  }

  /** Completes and releases everything, lets an hour pass; what is alive then. */
  async end(): Promise<object> {
    for (const id of [...this.#open.keys()]) this.complete(id);
    this.#proxy?.release();
    await this.pass(3_600_000);
    return this.emulator.openReferences();
  }

  /** Calls for which events of one kind occurred more than once. */
  repeated(kind: "signal" | "finish"): number[] {
    const ids = this.events.flatMap((event) => (event.kind === kind ? [event.callId] : []));
    return ids.filter((id, i) => ids.indexOf(id) !== i);
  }
}
