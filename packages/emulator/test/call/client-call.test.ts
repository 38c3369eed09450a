import {
  asyncOf,
  type BackendObject,
  type Method,
  RPC_E_CALL_CANCELED,
  RPC_E_CALL_COMPLETE,
  S_OK,
} from "@callfactory/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gate } from "../apartment/incoming.ts";
import { IProbe, openMachine, Probe, probe } from "../marshal/machine.ts";
import { DOUBLE, type ServerKind, Work } from "./pipe-of-calls.ts";

const anyKind = fc.constantFrom<ServerKind>("synchronous", "call object");
const anySeed = fc.integer();

describe("races, under any seed", () => {
  test("a reply and Cancel(0): whoever is first decides, and Finish_ agrees", async () => {
    await fc.assert(
      fc.asyncProperty(anySeed, anyKind, fc.nat(12), async (seed, kind, lead) => {
        const work = await Work.start(seed, kind);
        const call = await work.createCall();
        await call.begin(DOUBLE, [21]);
        await work.settle();

        work.complete(21);
        for (let i = 0; i < lead; i++) await Promise.resolve();
        const canceled = await call.cancel(0);
        const reply = await call.finish(DOUBLE);

        expect([
          [S_OK, RPC_E_CALL_CANCELED, undefined],
          [RPC_E_CALL_COMPLETE, S_OK, 42],
        ]).toContainEqual([canceled, reply.hr, reply.value]);
        call.release();
        expect(await work.end()).toEqual({});
      }),
    );
  });

  test("of two Finish_ for one call, one gets the result", async () => {
    await fc.assert(
      fc.asyncProperty(anySeed, anyKind, async (seed, kind) => {
        const work = await Work.start(seed, kind);
        const call = await work.createCall();
        await call.begin(DOUBLE, [21]);
        const both = Promise.all([call.finish(DOUBLE), call.finish(DOUBLE)]);
        await work.settle();

        work.complete(21);
        const replies = (await both).map(({ hr }) => hr);

        expect(replies.sort((a, b) => a - b)).toEqual([S_OK, RPC_E_CALL_COMPLETE]);
      }),
    );
  });

  test("calls of many call objects get their own replies, in whatever order they end", async () => {
    const anyOrder = fc.shuffledSubarray([1, 2, 3, 4, 5, 6], { minLength: 6 });

    await fc.assert(
      fc.asyncProperty(anySeed, anyKind, anyOrder, async (seed, kind, order) => {
        const work = await Work.start(seed, kind);
        const finishes = [1, 2, 3, 4, 5, 6].map(async (id) => {
          const call = await work.createCall();
          await call.begin(DOUBLE, [id]);
          const reply = await call.finish(DOUBLE);
          call.release();
          return reply.value;
        });
        await work.settle();

        for (const id of order) work.complete(id);

        expect(await Promise.all(finishes)).toEqual([2, 4, 6, 8, 10, 12]);
        expect(await work.end()).toEqual({});
      }),
    );
  });
});

test.each<ServerKind>(["synchronous", "call object"])(
  "CAN-12 the late reply of a canceled call is not taken for the next call's (server: %s)",
  async (kind) => {
    const work = await Work.start(1, kind);
    const call = await work.createCall();
    await call.begin(DOUBLE, [1]);
    await work.settle();
    await call.cancel(0);
    await call.finish(DOUBLE);
    await call.begin(DOUBLE, [2]);
    await work.settle();

    work.complete(1);
    await work.settle();
    work.complete(2);

    expect(await call.finish(DOUBLE)).toEqual({ hr: S_OK, value: 4 });
  },
);

test("the same seed gives the same events, to the byte", async () => {
  const play = async (): Promise<unknown[]> => {
    const work = await Work.start(7, "call object");
    const calls = await Promise.all([1, 2, 3].map(() => work.createCall()));
    await Promise.all(calls.map((call, i) => call.begin(DOUBLE, [i])));
    await work.settle();
    for (const i of [2, 0, 1]) work.complete(i);
    await Promise.all(calls.map((call) => call.finish(DOUBLE)));
    return work.events;
  };

  expect(await play()).toEqual(await play());
});

describe("FIN-12 a pointer in a reply that nobody takes is released", () => {
  const twin = asyncOf(IProbe);
  const GIVE: Method = probe("Give");

  /** A call of Give under way, whose reply carries the only reference to `gift`. */
  async function giving() {
    const machine = await openMachine();
    const { emulator, server, client } = machine;
    const giver = new Probe();
    const gift = new Probe();
    giver.given = server.implement(gift);
    const opening = gate();
    giver.until = opening.promise;
    const own = server.implement(giver);
    const proxy = await client.unmarshal(await server.marshal(own), IProbe);
    own.release();
    const call = await proxy.createCall(twin);
    await call.begin(GIVE, []);
    const letGive = async (): Promise<void> => {
      opening.open();
      await emulator.fence();
    };
    return { emulator, gift, proxy, call, letGive };
  }

  test("when the call was canceled", async () => {
    const { emulator, gift, proxy, call, letGive } = await giving();

    await call.cancel(0);
    await call.finish(GIVE);
    await letGive();

    expect(gift.isReleased).toBe(true);
    call.release();
    proxy.release();
    await emulator.fence();
    expect(emulator.openReferences()).toEqual({});
  });

  test("when the call object is released before the reply", async () => {
    const { gift, call, letGive } = await giving();

    call.release();
    await letGive();

    expect(gift.isReleased).toBe(true);
  });

  test("when the call object is released after the reply", async () => {
    const { emulator, gift, call, letGive } = await giving();
    await letGive();
    expect(gift.isReleased).toBe(false);

    call.release();
    await emulator.fence();

    expect(gift.isReleased).toBe(true);
  });

  test("but not when Finish_ takes it", async () => {
    const { emulator, gift, call, letGive } = await giving();
    await letGive();

    const { value } = await call.finish(GIVE);
    await emulator.fence();

    expect(gift.isReleased).toBe(false);
    (value as BackendObject).release();
    await emulator.fence();
    expect(gift.isReleased).toBe(true);
  });
});
