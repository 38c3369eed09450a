import type { Awaitable, Guid, PointerMap } from "@callfactory/core";
import type { NdrHost } from "@callfactory/wire";
import type { Pointer } from "../object/com-object.ts";
import type { Marshals } from "./marshals.ts";

// Messages carry packets, and a packet may take time to write or to read: an object that marshals
// itself is asked, a server grants references. What NDR writes and reads stays synchronous: a
// message is written a second time once all packets are there, and pointers that are still to
// come are put in afterwards.

/**
 * Writes a message. When it cannot be written, the packets that it would have carried are given
 * back.
 */
export function writeMessage(
  marshaler: Marshals,
  context: number,
  write: (host: NdrHost) => Uint8Array,
): Awaitable<Uint8Array> {
  const packets: (Uint8Array | null)[] = [];
  const pending: Promise<void>[] = [];
  const pass = (): Uint8Array => {
    let next = 0;
    return write({
      marshalInterface(pointer, iid) {
        const place = next++;
        if (place < packets.length) return packets[place] ?? null;
        const packet = marshaler.marshal(pointer as Pointer, iid, { context });
        packets.push(packet instanceof Promise ? null : packet);
        if (packet instanceof Promise) {
          pending.push(
            packet.then((bytes) => {
              packets[place] = bytes;
            }),
          );
        }
        return packets[place] ?? null;
      },
      unmarshalInterface: neverReads,
    });
  };
  const giveAllBack = (): void => {
    for (const packet of packets) if (packet !== null) void giveBack(marshaler, packet);
  };
  const giveBackAfter = async (): Promise<void> => {
    await Promise.allSettled(pending);
    giveAllBack();
  };
  let bytes: Uint8Array;
  try {
    bytes = pass();
  } catch (error) {
    if (pending.length > 0) void giveBackAfter();
    else giveAllBack();
    throw error;
  }
  if (pending.length === 0) return bytes;
  return Promise.all(pending)
    .then(pass)
    .catch(async (error: unknown) => {
      await giveBackAfter();
      throw error;
    });
}

/** Gives a packet back; one that is gone already is no matter. */
export async function giveBack(marshaler: Marshals, packet: Uint8Array): Promise<void> {
  try {
    await marshaler.releaseMarshalData(packet);
  } catch {
    // Its apartment or its server has ended: nothing is held any more.
  }
}

/** A pointer that is still being unmarshaled; stands in its place until then. */
class Arriving {
  readonly pointer: Promise<Pointer>;

  constructor(pointer: Promise<Pointer>) {
    this.pointer = pointer;
  }
}

/**
 * Reads a message; `map` goes over the pointers of what `read` gives. When it cannot be read, the
 * pointers that have arrived are released.
 */
export function readMessage<T>(
  marshaler: Marshals,
  read: (host: NdrHost) => T,
  map: (value: T, pointers: PointerMap) => T,
): Awaitable<T> {
  const arrived: Pointer[] = [];
  const arriving: Arriving[] = [];
  const host: NdrHost = {
    marshalInterface: neverWrites,
    unmarshalInterface(objref: Uint8Array, iid: Guid) {
      const pointer = marshaler.unmarshal(objref, iid);
      if (pointer instanceof Promise) {
        const place = new Arriving(pointer);
        arriving.push(place);
        return place;
      }
      arrived.push(pointer);
      return pointer;
    },
  };
  const settle = async (): Promise<ReadonlyMap<unknown, Pointer>> => {
    const outcomes = await Promise.allSettled(arriving.map(({ pointer }) => pointer));
    const pointers = new Map<unknown, Pointer>();
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.status === "rejected") continue;
      pointers.set(arriving[i], outcome.value);
      arrived.push(outcome.value);
    }
    const failure = outcomes.find((outcome) => outcome.status === "rejected");
    if (failure !== undefined) throw failure.reason;
    return pointers;
  };
  const releaseAll = (): void => {
    for (const { unknown } of arrived) unknown.release();
  };
  let value: T;
  try {
    value = read(host);
  } catch (error) {
    if (arriving.length === 0) releaseAll();
    else void settle().then(releaseAll, releaseAll);
    throw error;
  }
  if (arriving.length === 0) return value;
  return settle().then(
    (pointers) => map(value, (pointer) => pointers.get(pointer) ?? pointer),
    (error: unknown) => {
      releaseAll();
      throw error;
    },
  );
}

function neverReads(): never {
  throw new Error("a message that is written has no packets to read");
}

function neverWrites(): never {
  throw new Error("a message that is read has no packets to write");
}
