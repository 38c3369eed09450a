import { type Com, IUnknown, type ServerCallObject } from "../src/index.ts";
import { desk, openRoom, type Room } from "./desk.ts";

/** A room whose desk answers Add, Wait and Open only when told to. */
export interface HeldRoom extends Room {
  /** Lets every held call go on, and waits until nothing can run. */
  readonly letGo: () => Promise<void>;
  /** Things that Open has given away and that are still alive. */
  readonly given: () => number;
}

/** Opens a {@link HeldRoom}. */
export async function openHeldRoom(
  threadingModel: "Apartment" | "Both" = "Apartment",
): Promise<HeldRoom> {
  const waiting: (() => void)[] = [];
  const held = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  let alive = 0;
  const open = async (com: Com) => {
    await held();
    alive++;
    return com.implement([IUnknown], { finalRelease: () => void alive-- });
  };
  const room = await openRoom(
    ({ com }) =>
      desk({
        Add: (a, b) => held().then(() => a + b),
        Wait: () => held().then(() => 7),
        Open: () => open(com),
      }),
    threadingModel,
  );
  const letGo = async (): Promise<void> => {
    await room.emulator.fence();
    for (const resume of waiting.splice(0)) resume();
    await room.emulator.fence();
  };
  return { ...room, letGo, given: () => alive };
}

/** A room with the held desk in the client's apartment, and call objects that cannot be canceled. */
export async function openCallObjectRoom(): Promise<HeldRoom> {
  const signals: (() => void)[] = [];
  let alive = 0;
  const room = await openRoom(
    ({ com }) => ({
      ...desk(),
      createCall: (_iface: unknown, call: ServerCallObject) => ({
        Begin_Open: () => void signals.push(() => call.signal()),
        Finish_Open: () => {
          alive++;
          return com.implement([IUnknown], { finalRelease: () => void alive-- });
        },
      }),
    }),
    "Both",
  );
  const letGo = async (): Promise<void> => {
    for (const signal of signals.splice(0)) signal();
    await room.emulator.fence();
  };
  return { ...room, letGo, given: () => alive };
}
