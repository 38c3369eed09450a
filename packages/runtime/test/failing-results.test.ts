import { describe, expect, test } from "vitest";
import {
  array,
  BYTE,
  ComError,
  defineInterface,
  E_FAIL,
  type Host,
  type ImplementationOf,
  IUnknown,
  LONG,
  method,
  openCom,
  param,
  pointerTo,
  ULONG,
} from "../src/index.ts";
import { errorOf } from "./desk.ts";

const CLSID_Shop = "dddddddd-2222-4333-8444-555555555550";

const IShop = defineInterface({
  name: "IShop",
  iid: "dddddddd-2222-4333-8444-555555555551",
  asyncIid: "dddddddd-2222-4333-8444-555555555552",
  base: IUnknown,
  methods: [
    method("Exchange", [param.inout("thing", pointerTo(IUnknown))]),
    method("Sell", [
      param.in("count", ULONG),
      param.out("thing", pointerTo(IUnknown)),
      param.out("price", LONG),
      param.out("bill", array(BYTE, { sizeIs: "count", lengthIs: "length" })),
      param.out("length", ULONG),
    ]),
    method("Pair", [param.out("a", pointerTo(IUnknown)), param.out("b", pointerTo(IUnknown))]),
  ],
});

type Shop = Partial<ImplementationOf<readonly [typeof IShop]>>;

async function openShop(create: (host: Host) => Shop, threadingModel: "Apartment" | "Both") {
  const com = await openCom({ backend: "emulator", emulator: { clock: "virtual" } });
  com.registerClass({
    clsid: CLSID_Shop,
    threadingModel,
    interfaces: [IShop] as const,
    create: (host) => create(host) as ImplementationOf<readonly [typeof IShop]>,
  });
  return { com, shop: await com.createInstance(CLSID_Shop, IShop) };
}

describe.each(["Apartment", "Both"] as const)("%s:", (threadingModel) => {
  test.each(["call-object", "worker"] as const)(
    "FIN-09 a method that fails with an [in,out] pointer fails with its own HRESULT (%s)",
    async (lane) => {
      const fails = (): never => {
        throw new ComError(E_FAIL, "IShop::Exchange");
      };
      const { com, shop } = await openShop(
        () => ({
          Exchange: fails,
          createCall: (_iface, call) => ({
            Begin_Exchange: () => void call.signal(),
            Finish_Exchange: fails,
          }),
        }),
        threadingModel,
      );
      const mine = com.implement([IUnknown], {});

      const error = await errorOf(shop.Exchange(mine, { lane }));

      expect(error.hr).toBe(E_FAIL);
      mine.release();
      shop.release();
      await com.expectNoLeaks();
    },
  );

  test.each<[string, (host: Host) => Shop]>([
    [
      "is returned beside a value of the wrong type",
      (host) => ({
        Sell: () => ({ thing: made(host), price: "much" as never, bill: new Uint8Array(1) }),
      }),
    ],
    [
      "is returned beside an array that is too long",
      (host) => ({ Sell: () => ({ thing: made(host), price: 1, bill: new Uint8Array(9) }) }),
    ],
    [
      "is returned by a promise beside an array that is too long",
      (host) => ({
        Sell: async () => ({ thing: made(host), price: 1, bill: new Uint8Array(9) }),
      }),
    ],
    [
      "is returned twice",
      (host) => ({
        Pair: () => {
          const thing = made(host);
          return { a: thing, b: thing };
        },
      }),
    ],
  ])("MAR-17 a pointer is given away also when it %s", async (_how, create) => {
    const { com, shop } = await openShop(create, threadingModel);

    const outcomes = await Promise.allSettled([shop.Sell(3), shop.Pair()]);

    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    shop.release();
    await com.expectNoLeaks();
  });
});

function made(host: Host) {
  return host.com.implement([IUnknown], {});
}
