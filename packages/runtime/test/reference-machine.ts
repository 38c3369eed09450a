import {
  defineInterface,
  IUnknown,
  LONG,
  method,
  MSHLFLAGS_NORMAL,
  MSHLFLAGS_TABLESTRONG,
  MSHLFLAGS_TABLEWEAK,
  param,
  pointerTo,
} from "@callfactory/core";
import { type Com, ComError, type InterfacePointer, openCom } from "../src/index.ts";
import { IPart } from "./whole.ts";

/** Pointers go in and come out. */
const ITrade = defineInterface({
  name: "ITrade",
  iid: "6b1f9a52-3c0e-4d8b-9f7a-2d54c1e0a103",
  base: IUnknown,
  methods: [
    method("Size", [param.retval("size", LONG)]),
    method("Take", [param.in("pointer", pointerTo(IUnknown))]),
    method("Give", [param.retval("pointer", pointerTo(IUnknown))]),
  ],
});

type Trade = typeof ITrade extends import("../src/index.ts").Interface<infer S> ? S : never;

/** An apartment, and whether its process can be killed. */
interface Place {
  readonly com: Com;
  readonly kill: (() => void) | null;
}

interface Held {
  readonly place: Place;
  readonly pointer: InterfacePointer<Trade>;
}

interface Packet {
  readonly place: Place;
  readonly bytes: Uint8Array;
  readonly isTable: boolean;
}

/** What is done, and which of those that are there it is done to. */
export interface Step {
  readonly action: Action;
  readonly which: number;
  readonly where: number;
  /** Whether the next step waits for this one. */
  readonly waits: boolean;
}

const FLAGS = [MSHLFLAGS_NORMAL, MSHLFLAGS_TABLESTRONG, MSHLFLAGS_TABLEWEAK];
const HOUR_MS = 3_600_000;

/** Two processes with apartments, the pointers in them, and the packets between them. */
export class ReferenceMachine {
  /** What must not happen, and did. */
  readonly offences: string[] = [];
  readonly #com: Com;
  readonly #places: Place[];
  readonly #pointers: Held[] = [];
  readonly #packets: Packet[] = [];
  readonly #pending: Promise<unknown>[] = [];
  readonly #ends: number[] = [];
  #hasKilled = false;

  private constructor(com: Com, places: Place[]) {
    this.#com = com;
    this.#places = places;
  }

  static async open(seed: number): Promise<ReferenceMachine> {
    const com = await openCom({ backend: "emulator", emulator: { clock: "virtual", seed } });
    const other = await com.openProcess("sta");
    const kill = (): void => other.kill();
    const places: Place[] = [
      { com, kill: null },
      { com: await com.openApartment("sta"), kill: null },
      { com: await com.openApartment("sta"), kill: null },
      { com: other, kill },
      { com: await other.openApartment("mta"), kill },
    ];
    const machine = new ReferenceMachine(com, places);
    for (const place of places) machine.#implement(place);
    return machine;
  }

  async take({ action, which, where, waits }: Step): Promise<void> {
    const place = pick(this.#places, where) as Place;
    const work = this.actions[action](place, which);
    // COM may refuse whatever it likes; anything else is a mistake.
    const settled = work.catch((error: unknown) => {
      if (!(error instanceof ComError)) this.offences.push(`${action}: ${String(error)}`);
    });
    this.#pending.push(settled);
    if (waits) await settled;
  }

  /** Releases all that there is; nothing may be left over then. */
  async end(): Promise<void> {
    await Promise.all(this.#pending.splice(0));
    for (const { pointer } of this.#pointers.splice(0)) pointer.release();
    for (const { place, bytes } of this.#packets.splice(0)) {
      // What an apartment that has ended has written, any other can give back.
      const released = place.com.releaseMarshalData(bytes);
      await released.catch(() => this.#com.releaseMarshalData(bytes)).catch(() => {});
    }
    // Time would take back what was left over, so that it only passes where somebody died.
    if (this.#hasKilled) await this.#pass(HOUR_MS);
    await this.#com.expectNoLeaks();
    for (const [object, ends] of this.#ends.entries()) {
      if (ends !== 1) this.offences.push(`object ${object} ended ${ends} times`);
    }
  }

  readonly actions = {
    implement: async (place: Place): Promise<void> => this.#implement(place),
    marshal: async (_place: Place, which: number): Promise<void> => {
      const held = pick(this.#pointers, which);
      if (held === undefined) return;
      const flags = pick(FLAGS, which) ?? MSHLFLAGS_NORMAL;
      const { place, pointer } = held;
      const bytes = await place.com.marshal(pointer, { flags });
      this.#packets.push({ place, bytes, isTable: flags !== MSHLFLAGS_NORMAL });
    },
    unmarshal: async (place: Place, which: number): Promise<void> => {
      const packet = pick(this.#packets, which);
      if (packet === undefined) return;
      const { bytes, isTable } = packet;
      if (!isTable) this.#packets.splice(this.#packets.indexOf(packet), 1);
      try {
        this.#pointers.push({ place, pointer: await place.com.unmarshal(bytes, ITrade) });
      } catch (error) {
        // What was not unmarshaled is still to be given back.
        if (!isTable) this.#packets.push(packet);
        throw error;
      }
    },
    addRef: async (_place: Place, which: number): Promise<void> => {
      const held = pick(this.#pointers, which);
      if (held === undefined) return;
      const pointer = held.pointer.addRef();
      this.#pointers.push({ place: held.place, pointer });
    },
    release: async (_place: Place, which: number): Promise<void> => {
      const held = pick(this.#pointers, which);
      if (held === undefined) return;
      this.#pointers.splice(this.#pointers.indexOf(held), 1);
      held.pointer.release();
    },
    query: async (_place: Place, which: number): Promise<void> => {
      const held = pick(this.#pointers, which);
      (await held?.pointer.queryInterface(IPart))?.release();
    },
    pass: async (place: Place, which: number): Promise<void> => {
      const held = pick(this.#pointers, which);
      if (held === undefined) return;
      const passed = pick(
        this.#pointers.filter((one) => one.place === held.place),
        this.#places.indexOf(place),
      );
      await held.pointer.Take((passed as Held).pointer);
    },
    receive: async (_place: Place, which: number): Promise<void> => {
      const held = pick(this.#pointers, which);
      (await held?.pointer.Give())?.release();
    },
    disconnect: async (_place: Place, which: number): Promise<void> => {
      const held = pick(this.#pointers, which);
      await held?.place.com.functions.CoDisconnectObject(held.pointer, 0);
    },
    close: async (place: Place): Promise<void> => {
      // The first apartment stays, so that there is one to ask what is left over.
      if (place !== this.#places[0]) await place.com.close();
    },
    kill: async ({ kill }: Place): Promise<void> => {
      if (kill === null) return;
      this.#hasKilled = true;
      kill();
    },
    /** Whatever can run does, and no ping. */
    settle: (): Promise<void> => this.#pass(1),
  };

  #pass(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#com.clock.setTimer(ms, resolve);
    });
  }

  #implement(place: Place): void {
    const object = this.#ends.length;
    const enter = (what: string): void => {
      if (this.#ends[object] !== 0) this.offences.push(`${what} after the end of ${object}`);
    };
    const pointer = place.com.implement([ITrade, IPart], {
      Size: () => object,
      Take: () => enter("Take"),
      Give: (call) => {
        enter("Give");
        return call.self(ITrade);
      },
      Part: () => object,
      finalRelease: () => {
        this.#ends[object] = (this.#ends[object] ?? 0) + 1;
      },
    });
    this.#ends.push(0);
    this.#pointers.push({ place, pointer });
  }
}

/** What can be done. */
export type Action = keyof ReferenceMachine["actions"];

function pick<T>(items: readonly T[], which: number): T | undefined {
  return items[which % items.length];
}
