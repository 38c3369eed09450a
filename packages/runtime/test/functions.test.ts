import { expect, test } from "vitest";
import { APTTYPE_MAINSTA, APTTYPE_MTA, CO_E_CANCEL_DISABLED, openCom } from "../src/index.ts";

test("functions run on the thread of their handle", async () => {
  await using mta = await openCom({ backend: "emulator" });
  const sta = await mta.openApartment("sta");

  const { pAptType } = await sta.functions.CoGetApartmentType();

  expect(pAptType).toBe(APTTYPE_MAINSTA);
  expect((await mta.functions.CoGetApartmentType()).pAptType).toBe(APTTYPE_MTA);
  expect(await sta.functions.GetCurrentThreadId()).not.toBe(
    await mta.functions.GetCurrentThreadId(),
  );
});

test("APT-03 every handle of the MTA is a thread of its own", async () => {
  await using first = await openCom({ backend: "emulator" });
  const second = await first.openApartment("mta");

  const ids = [
    await first.functions.GetCurrentThreadId(),
    await second.functions.GetCurrentThreadId(),
  ];

  expect(ids[0]).not.toBe(ids[1]);
});

test("a function takes exactly its arguments", async () => {
  await using com = await openCom({ backend: "emulator" });
  const call = com.functions.GetCurrentThreadId as (...args: unknown[]) => Promise<number>;

  await expect(call.call(com.functions, 1)).rejects.toThrow(
    "ole32::GetCurrentThreadId takes 0 argument(s)",
  );
});

test("CAN-17 a thread that has ended lets nothing be canceled any more", async () => {
  await using com = await openCom({ backend: "emulator" });
  const thread = await com.openApartment("mta");
  const id = await thread.functions.GetCurrentThreadId();
  await thread.functions.CoEnableCallCancellation();

  await thread.close();

  await expect(com.functions.CoCancelCall(id, 0)).rejects.toMatchObject({
    hr: CO_E_CANCEL_DISABLED,
  });
});
