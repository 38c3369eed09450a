import { type Com, IUnknown } from "../src/index.ts";
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
