import { expect, test } from "vitest";
import { defineInterface, IUnknown, LPWSTR, method, openCom, param } from "../src/index.ts";

/** Says who calls. */
const IDoorman = defineInterface({
  name: "IDoorman",
  iid: "88888888-4444-4333-8444-555555555501",
  base: IUnknown,
  methods: [method("WhoIsThere", [param.retval("name", LPWSTR)])],
});

const CLSID_Doorman = "88888888-4444-4333-8444-555555555502";

async function nameSeenBy(options: Parameters<typeof openCom>[0]): Promise<unknown> {
  await using com = await openCom(options);
  com.registerClass({
    clsid: CLSID_Doorman,
    threadingModel: "Apartment",
    interfaces: [IDoorman],
    create: () => ({
      WhoIsThere: async ({ com: own }) => (await own.functions.CoQueryClientBlanket(0)).pPrivs,
    }),
  });
  using doorman = await com.createInstance(CLSID_Doorman, IDoorman);
  return await doorman.WhoIsThere();
}

test("SEC-11 a process runs in the name that it was given", async () => {
  const emulator = { identity: { name: "EARTH\\alice", badge: 7 } };

  expect(await nameSeenBy({ backend: "emulator", emulator })).toBe("EARTH\\alice");
});

test("SEC-11 a process that was given no name runs as a user", async () => {
  expect(await nameSeenBy({ backend: "emulator" })).toBe("user");
});
