import { GUID_NULL } from "@callfactory/core";
import { expect, test } from "vitest";
import type { OrpcRequest } from "../../src/orpc/channel.ts";
import { MemoryChannel } from "../../src/orpc/memory-channel.ts";
import { Scheduler } from "../../src/schedule/scheduler.ts";

const SENT = Array.from({ length: 8 }, (_, i) => i);
const SEEDS = Array.from({ length: 32 }, (_, i) => i);

function requestOf(callId: number): OrpcRequest {
  const bytes = new Uint8Array();
  const origin = { threadId: 4, category: "synchronous", visitor: null } as const;
  return { callId, ipid: GUID_NULL, iid: GUID_NULL, opnum: 3, cid: GUID_NULL, origin, bytes };
}

/** The order in which an endpoint gets what one client sends at once. */
async function arrivals(seed: number, keepsOrder: boolean): Promise<number[]> {
  const arrived: number[] = [];
  const scheduler = new Scheduler({ seed, clock: "virtual" });
  const channel = new MemoryChannel({
    scheduler,
    keepsOrder,
    endpoint: {
      place: { kind: keepsOrder ? "sta" : "mta", threadId: 0 },
      receive: ({ callId }) => {
        arrived.push(callId);
        return { cancel: () => {} };
      },
    },
    emit: () => {},
    isTraced: () => false,
  });
  for (const callId of SENT) channel.send(requestOf(callId), () => {});
  await scheduler.fence();
  return arrived;
}

test("BEG-13 a channel to an STA keeps the order of requests in every interleaving", async () => {
  for (const seed of SEEDS) expect(await arrivals(seed, true)).toEqual(SENT);
});

test("BEG-13 a channel to the MTA delivers every request, in no particular order", async () => {
  const orders = await Promise.all(SEEDS.map((seed) => arrivals(seed, false)));

  for (const order of orders) expect([...order].sort((a, b) => a - b)).toEqual(SENT);
  expect(new Set(orders.map(String)).size).toBeGreaterThan(1);
});
