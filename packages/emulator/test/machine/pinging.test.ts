import { GUID_NULL, type Method, RPC_E_INVALIDMETHOD } from "@callfactory/core";
import { methodCodec, type NdrHost, NdrReader, NdrWriter } from "@callfactory/wire";
import { describe, expect, test } from "vitest";
import {
  COMPLEX_PING,
  IID_IObjectExporter,
  OR_INVALID_SET,
  PING_PERIOD_MS,
  SIMPLE_PING,
} from "../../src/machine/object-exporter-methods.ts";
import { PingSets } from "../../src/machine/ping-sets.ts";
import { Pinger } from "../../src/machine/pinger.ts";
import type { OrpcReply, OrpcRequest } from "../../src/orpc/channel.ts";
import { MemoryChannel } from "../../src/orpc/memory-channel.ts";
import { Scheduler } from "../../src/schedule/scheduler.ts";

const NO_POINTERS: NdrHost = { marshalInterface: () => null, unmarshalInterface: () => null };

/** A request of IObjectExporter. */
function request(opnum: number, bytes: Uint8Array): OrpcRequest {
  const origin = { threadId: 0, category: "synchronous", visitor: null } as const;
  const ids = { ipid: GUID_NULL, iid: IID_IObjectExporter, cid: GUID_NULL };
  return { callId: 1, ...ids, opnum, origin, bytes };
}

/** Ping sets on a clock that a test turns. */
function pingSets() {
  let nowMs = 0;
  let lastId = 0n;
  const sets = new PingSets(
    () => nowMs,
    () => ++lastId,
  );
  const receive = (opnum: number, bytes: Uint8Array): OrpcReply => {
    const replies: OrpcReply[] = [];
    sets.receive(request(opnum, bytes), (reply) => replies.push(reply));
    const [reply] = replies;
    if (reply === undefined || replies.length > 1) throw new Error(`${replies.length} replies`);
    return reply;
  };
  const call = (method: Method, args: readonly unknown[]) => {
    const writer = new NdrWriter();
    methodCodec(method).encodeRequest(writer, args, NO_POINTERS);
    const reply = receive(method.slot, writer.bytes());
    if (reply.kind === "fault") throw new Error("a fault");
    const { hr, outs } = methodCodec(method).decodeReply(
      new NdrReader(reply.bytes),
      args,
      NO_POINTERS,
    );
    return { status: hr as number, setId: outs[0] };
  };
  const complexPing = (setId: bigint, sequence: number, added: bigint[], removed: bigint[] = []) =>
    call(COMPLEX_PING, [
      setId,
      sequence,
      added.length,
      removed.length,
      BigUint64Array.from(added),
      BigUint64Array.from(removed),
    ]);
  const at = (ms: number): void => {
    nowMs = ms;
  };
  return { sets, receive, complexPing, simplePing: (id: bigint) => call(SIMPLE_PING, [id]), at };
}

describe("MAR-16 the sets of a server", () => {
  test("know when a client of an object was last heard of", () => {
    const { sets, complexPing, simplePing, at } = pingSets();
    expect(complexPing(0n, 1, [7n])).toEqual({ status: 0, setId: 1n });
    at(50);
    simplePing(1n);

    expect(sets.lastPingMs(7n)).toBe(50);
    expect(sets.lastPingMs(8n)).toBe(Number.NEGATIVE_INFINITY);
  });

  test("change by ComplexPing, in the order of its sequence numbers", () => {
    const { sets, complexPing } = pingSets();
    complexPing(0n, 1, [7n]);
    complexPing(1n, 3, [8n], [7n]);

    complexPing(1n, 2, [9n]);

    expect([7n, 8n, 9n].map((oid) => sets.lastPingMs(oid))).toEqual([
      Number.NEGATIVE_INFINITY,
      0,
      Number.NEGATIVE_INFINITY,
    ]);
  });

  test("are unknown when they have expired", () => {
    const { sets, complexPing, simplePing, at } = pingSets();
    complexPing(0n, 1, [7n]);
    at(100);

    sets.expire(99);

    expect(simplePing(1n).status).toBe(OR_INVALID_SET);
    expect(complexPing(1n, 2, []).status).toBe(OR_INVALID_SET);
  });

  test("answer what they do not understand with a fault", () => {
    const { receive } = pingSets();

    expect(receive(SIMPLE_PING.slot, Uint8Array.of(1))).toMatchObject({ kind: "fault" });
    expect(receive(0, new Uint8Array(8))).toEqual({ kind: "fault", hr: RPC_E_INVALIDMETHOD });
  });
});

test("MAR-16 a client whose set the server has forgotten makes another", async () => {
  const scheduler = new Scheduler({ clock: "virtual" });
  let lastId = 0n;
  const sets = new PingSets(
    () => scheduler.now(),
    () => ++lastId,
  );
  const channel = new MemoryChannel({
    scheduler,
    endpoint: sets,
    keepsOrder: true,
    emit: () => {},
    isTraced: () => false,
  });
  const pinger = new Pinger({ scheduler, channel, nextCallId: () => 1 });
  pinger.hold(7n);
  const pass = (ms: number) =>
    new Promise<void>((resolve) => {
      scheduler.setTimer(ms, resolve);
    });
  await pass(1.5 * PING_PERIOD_MS);
  expect(sets.lastPingMs(7n)).toBe(PING_PERIOD_MS);

  sets.expire(PING_PERIOD_MS);
  await pass(2 * PING_PERIOD_MS);

  expect(sets.lastPingMs(7n)).toBe(3 * PING_PERIOD_MS);
  expect(lastId).toBe(2n);
  pinger.stop();
});
