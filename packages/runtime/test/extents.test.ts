import { expect, test } from "vitest";
import { RPC_E_SERVER_CANTMARSHAL_DATA } from "../src/index.ts";
import { desk, errorOf, openRoom } from "./desk.ts";

const tooLong = () => ({ Read: (count: number) => new Uint8Array(count + 1) });

test.each(["Apartment", "Both"] as const)(
  "FIN-11 an [out] array longer than its buffer fails the call (%s)",
  async (threadingModel) => {
    const room = await openRoom(() => desk(tooLong()), threadingModel);

    const error = await errorOf(room.desk.Read(3));

    expect(error.hr).toBe(RPC_E_SERVER_CANTMARSHAL_DATA);
  },
);

test("FIN-11 Finish_ is bounded by what Begin_ was given", async () => {
  const room = await openRoom(
    () => ({
      ...desk(),
      createCall: (_iface, call) => ({
        Begin_Read: () => void call.signal(),
        Finish_Read: () => new Uint8Array(4),
      }),
    }),
    "Both",
  );

  expect((await room.desk.Read(4)).length).toBe(4);
  expect((await errorOf(room.desk.Read(3))).hr).toBe(RPC_E_SERVER_CANTMARSHAL_DATA);
});
