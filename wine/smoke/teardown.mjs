// Workers, and at last the process, end with calls in flight.

import assert from "node:assert/strict";
import { once } from "node:events";
import { after, test } from "node:test";
import { Worker } from "node:worker_threads";
import { AsyncIPipeByte, IPipeByte } from "@callfactory/core";
import { createNativeBackend } from "@callfactory/native";
import { CLSID_SlowPipe } from "@callfactory/tests/dist/fixtures/interfaces.js";
import { LIBRARY, methodOf } from "./fixture.mjs";

const pull = methodOf(IPipeByte, "Pull");
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

void test("the process ends with calls in flight", async () => {
  const apartment = await backend.openApartment("mta");
  const pipe = await apartment.activate({
    clsid: CLSID_SlowPipe,
    iface: IPipeByte,
    library: LIBRARY,
  });
  const calls = await Promise.all(
    Array.from({ length: 1000 }, () => pipe.createCall(AsyncIPipeByte)),
  );
  await Promise.all(calls.map((call, i) => call.begin(pull, [1000 + i])));
  for (const call of calls) call.finish(pull).catch(() => {});

  assert.equal(backend.counters().calls, 1000);
  // The finishes keep the event loop alive until the runner, done with its report, ends it.
  after(() => setImmediate(() => process.exit()));
});
