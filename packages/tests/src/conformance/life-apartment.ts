import assert from "node:assert/strict";
import {
  CLSID_StdEvent,
  CO_E_NOTINITIALIZED,
  CO_E_OBJNOTCONNECTED,
  type Com,
  guid,
  INFINITE,
  ISynchronize,
  MSHCTX_INPROC,
  RPC_E_DISCONNECTED,
  WAIT_OBJECT_0,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import { IStep, stepFor } from "./apt-step.ts";
import { gate, passes } from "./sync-gate.ts";
import { coWait, newEvent, WAIT_NEEDS } from "./wait-handles.ts";

const ACROSS = { at: "marshaled", needs: ["implement", "functions"] } as const;
const SYNC = { lane: "worker" } as const;
const GONE: readonly number[] = [RPC_E_DISCONNECTED, CO_E_OBJNOTCONNECTED];

/** What becomes of calls and objects when a thread leaves its apartment. */
export const lifeApartment: readonly ConformanceTest[] = [
  conformance(
    "LIFE-09",
    "CoUninitialize settles the calls that the apartment waits for",
    ACROSS,
    async (stage) => {
      const client = await stage.com.openApartment("sta");
      const [inside, end] = [gate(), gate()];
      const object = await stepFor(stage, { home: stage.com, client }, async (n) => {
        inside.open();
        await end.opened;
        return n;
      });
      const call = hrOf(object.Step(1, null, SYNC));
      await inside.opened;

      await client.functions.CoUninitialize();

      const settled: readonly number[] = [RPC_E_DISCONNECTED, CO_E_NOTINITIALIZED];
      assert.ok(settled.includes(await call));
      end.open();
    },
  ),

  conformance(
    "LIFE-09",
    "a proxy of the apartment that a thread has left is dead in the one that it joins",
    ACROSS,
    async (stage) => {
      const client = await stage.com.openApartment("sta");
      const object = await stepFor(stage, { home: stage.com, client }, (n) => n);

      await client.functions.CoUninitialize();
      await client.functions.CoInitializeEx(0);

      await assertFails(object.Step(1, null, SYNC), RPC_E_DISCONNECTED);
    },
  ),

  ...(
    [
      [
        "CoWaitForMultipleHandles",
        (com: Com, event: bigint) => coWait(com, [event], { timeoutMs: INFINITE }),
      ],
      [
        "WaitForSingleObject",
        (com: Com, event: bigint) => com.functions.WaitForSingleObject(event, INFINITE),
      ],
    ] as const
  ).map(([name, wait]) =>
    conformance(
      "LIFE-09",
      `${name} of an apartment that ends takes no signal that comes later`,
      { at: "same-apartment", needs: WAIT_NEEDS },
      async (stage) => {
        const { functions } = stage.com;
        const client = await stage.com.openApartment("sta");
        const event = await newEvent(stage, { autoReset: true });
        const waiting = hrOf(wait(client, event));
        await passes(stage.com.clock, 1);

        await client.close();
        assert.equal(await waiting, RPC_E_DISCONNECTED);
        await functions.SetEvent(event);

        assert.equal(await functions.WaitForSingleObject(event, 0), WAIT_OBJECT_0);
      },
    ),
  ),

  conformance(
    "LIFE-09",
    "ISynchronize::Wait of an apartment that ends takes no signal that comes later",
    { at: "same-apartment", needs: [...WAIT_NEEDS, "std-event"] },
    async (stage) => {
      const client = await stage.com.openApartment("sta");
      const event = stage.hold(await stage.com.createInstance(CLSID_StdEvent, ISynchronize));
      const packet = await stage.com.marshal(event, { context: MSHCTX_INPROC });
      const there = stage.hold(await client.unmarshal(packet, ISynchronize));
      const waiting = hrOf(there.Wait(0, INFINITE));
      await passes(stage.com.clock, 1);

      await client.close();
      assert.equal(await waiting, RPC_E_DISCONNECTED);
      await event.Signal();

      await event.Wait(0, 0);
    },
  ),

  conformance(
    "LIFE-10",
    "CoUninitialize of an STA ends the activation of an object there",
    { at: "marshaled", needs: ["register-class", "virtual-clock"] },
    async (stage) => {
      const clsid = guid("c0ffee0b-0000-4000-8000-000000000001");
      const home = await stage.com.openApartment("sta");
      const end = gate();
      const create = async () => {
        await end.opened;
        return { Step: (n: number) => n };
      };
      const release = stage.com.registerClass({ clsid, interfaces: [IStep], create });
      stage.hold({ release });
      const hr = hrOf(stage.com.createInstance(clsid, IStep));
      await passes(stage.com.clock, 1);

      await home.close();

      assert.equal(await hr, RPC_E_DISCONNECTED);
      end.open();
    },
  ),

  conformance(
    "LIFE-10",
    "CoUninitialize of an STA disconnects its objects",
    ACROSS,
    async (stage) => {
      const home = await stage.com.openApartment("sta");
      const object = await stepFor(stage, { home, client: stage.com }, (n) => n);

      await home.functions.CoUninitialize();

      assert.ok(GONE.includes(await hrOf(object.Step(1, null, SYNC))));
    },
  ),

  conformance("LIFE-10", "a call that runs when its STA ends fails", ACROSS, async (stage) => {
    const home = await stage.com.openApartment("sta");
    const inside = gate();
    const object = await stepFor(stage, { home, client: stage.com }, async (n) => {
      inside.open();
      await passes(stage.com.clock, 10);
      return n;
    });
    const call = hrOf(object.Step(1, null, SYNC));
    await inside.opened;

    await home.close();

    assert.ok(GONE.includes(await call));
  }),

  conformance(
    "LIFE-10",
    "objects of the MTA are connected until its last thread leaves",
    ACROSS,
    async (stage) => {
      const client = await stage.com.openApartment("sta");
      const home = await stage.com.openApartment("mta");
      const object = await stepFor(stage, { home, client }, (n) => n);

      await home.functions.CoUninitialize();
      const between = await object.Step(1, null, SYNC);
      await stage.com.functions.CoUninitialize();

      assert.equal(between, 1);
      assert.ok(GONE.includes(await hrOf(object.Step(2, null, SYNC))));
    },
  ),
];
