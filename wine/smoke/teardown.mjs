// Workers end with calls in flight.

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { createNativeBackend } from "@callfactory/native";

const backend = await createNativeBackend();

for (const way of /** @type {const} */ (["exit", "terminate"])) {
  void test(`workers end with calls in flight (${way})`, async () => {
    for (let round = 0; round < 5; round++) {
      const worker = new Worker(new URL("worker.mjs", import.meta.url), { argv: [way] });
      const [inFlight] = await once(worker, "message");
      assert.ok(inFlight.calls > 0);
      if (way === "terminate") void worker.terminate();
      await once(worker, "exit");

      const { threads, environments, buffers } = backend.counters();
      assert.deepEqual(
        { threads, environments, buffers },
        { threads: 0, environments: 1, buffers: 0 },
      );
    }
  });
}

void test("an apartment at rest does not keep the process alive", async () => {
  await backend.openApartment("sta");
});
