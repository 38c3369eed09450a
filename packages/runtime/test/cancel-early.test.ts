import { createEmulator } from "@callfactory/emulator";
import { expect, test } from "vitest";
import { ComError, IPipeByte, openCom, RPC_E_CALL_CANCELED } from "../src/index.ts";

const CLSID_Counting = "0f0b6b0e-57a4-4e0e-a8ab-0d3c55f0d7b4";

test("a call given up while a call object is asked for never reaches the server", async () => {
  const emulator = createEmulator({ clock: "virtual" });
  const com = await openCom({ backend: emulator });
  let pulls = 0;
  com.registerClass({
    clsid: CLSID_Counting,
    threadingModel: "Both",
    interfaces: [IPipeByte],
    create: () => ({ Pull: () => new Uint8Array(++pulls), Push: () => {} }),
  });
  const pipe = await com.createInstance(CLSID_Counting, IPipeByte);

  const call = pipe.Pull(1);
  call.cancel();

  await expect(call).rejects.toSatisfy(
    (error) => error instanceof ComError && error.hr === RPC_E_CALL_CANCELED,
  );
  await emulator.fence();
  expect(pulls).toBe(0);
  await com.close();
});
