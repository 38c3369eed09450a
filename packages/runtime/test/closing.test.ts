import { createEmulator } from "@callfactory/emulator";
import { describe, expect, test } from "vitest";
import {
  asyncOf,
  CLSID_StdEvent,
  CO_E_NOTINITIALIZED,
  ComError,
  defineInterface,
  IMarshal,
  type ImplementationOf,
  INFINITE,
  IPipeByte,
  ISynchronize,
  IUnknown,
  method,
  openCom,
  param,
  pointerTo,
  RPC_E_DISCONNECTED,
} from "../src/index.ts";

const CLSID_Stuck = "6d3f6c2e-4a53-4c0a-8f51-0d3c6a1f7b21";

const ILender = defineInterface({
  name: "ILender",
  iid: "6d3f6c2e-4a53-4c0a-8f51-0d3c6a1f7b22",
  asyncIid: "6d3f6c2e-4a53-4c0a-8f51-0d3c6a1f7b23",
  base: IUnknown,
  methods: [method("Lend", [param.in("thing", pointerTo(IUnknown))])],
});

/** A promise that never settles, as a hung server's. */
const never = new Promise<never>(() => {});

async function openWithStuckClass(create: () => Promise<never> | object) {
  const com = await openCom({ backend: createEmulator({ clock: "virtual" }) });
  com.registerClass({
    clsid: CLSID_Stuck,
    threadingModel: "Both",
    interfaces: [IPipeByte],
    create: () => create() as never,
  });
  return com;
}

async function hrOf(call: Promise<unknown>): Promise<number> {
  return call.then(
    () => 0,
    (error: unknown) => {
      if (error instanceof ComError) return error.hr;
      throw error;
    },
  );
}

describe("LIFE-09 closing COM settles what is in flight with RPC_E_DISCONNECTED", () => {
  test("a plain call that never ends", async () => {
    const com = await openWithStuckClass(() => ({ Pull: () => never, Push: () => never }));
    const pipe = await com.createInstance(CLSID_Stuck, IPipeByte);
    const outcome = hrOf(pipe.Pull(1));
    await new Promise<void>((resolve) => com.clock.setTimer(1, resolve));

    await com.close();

    expect(await outcome).toBe(RPC_E_DISCONNECTED);
  });

  test("a call through a call object that never ends", async () => {
    const com = await openWithStuckClass(() => ({ Pull: () => never, Push: () => never }));
    const sta = await com.openApartment("sta");
    const own = await sta.createInstance(CLSID_Stuck, IPipeByte);
    const pipe = await com.unmarshal(await sta.marshal(own), IPipeByte);
    const call = pipe.Pull(1);
    const outcome = hrOf(call);
    await new Promise<void>((resolve) => com.clock.setTimer(1, resolve));

    await com.close();

    expect(await outcome).toBe(RPC_E_DISCONNECTED);
    expect(call.lane).toBe("call-object");
  });

  test("a call object that is never made", async () => {
    const com = await openWithStuckClass(() => ({ Pull: () => never, createCall: () => never }));
    const pipe = await com.createInstance(CLSID_Stuck, IPipeByte);
    const outcome = hrOf(pipe.createCall(asyncOf(IPipeByte)));
    const call = hrOf(pipe.Pull(1));
    await new Promise<void>((resolve) => com.clock.setTimer(1, resolve));

    await com.close();

    expect(await outcome).toBe(RPC_E_DISCONNECTED);
    // The method is tried instead, on a thread that is in no apartment any more.
    expect(await call).toBe(CO_E_NOTINITIALIZED);
  });

  test("a Begin_ whose pointer is never marshaled", async () => {
    const com = await openWithStuckClass(() => never);
    const sta = await com.openApartment("sta");
    const own = sta.implement([ILender], { Lend: () => {} });
    const lender = await com.unmarshal(await sta.marshal(own), ILender);
    const stuck = com.implement([IMarshal], {
      GetUnmarshalClass: () => never,
    } as unknown as ImplementationOf<readonly [typeof IMarshal]>);
    const call = await lender.createCall(asyncOf(ILender));
    const outcome = hrOf(call.Begin_Lend(stuck));
    await new Promise<void>((resolve) => com.clock.setTimer(1, resolve));

    await com.close();

    expect(await outcome).toBe(RPC_E_DISCONNECTED);
  });

  test("a creation that never ends", async () => {
    const com = await openWithStuckClass(() => never);
    const outcome = hrOf(com.createInstance(CLSID_Stuck, IPipeByte));

    await com.close();

    expect(await outcome).toBe(RPC_E_DISCONNECTED);
  });

  test("a Wait without limit", async () => {
    const com = await openWithStuckClass(() => never);
    const event = await com.createInstance(CLSID_StdEvent, ISynchronize);
    const outcome = hrOf(event.Wait(0, INFINITE));

    await com.close();

    expect(await outcome).toBe(RPC_E_DISCONNECTED);
  });
});
