// A worker that leaves calls of every kind in flight.

import { parentPort } from "node:worker_threads";
import { AsyncIPipeByte, IPipeByte } from "@callfactory/core";
import { createNativeBackend } from "@callfactory/native";
import { CLSID_SlowPipe } from "@callfactory/tests/dist/fixtures/interfaces.js";
import { LIBRARY, methodOf } from "./fixture.mjs";

const pull = methodOf(IPipeByte, "Pull");
const backend = await createNativeBackend();
for (const kind of /** @type {const} */ (["mta", "sta"])) {
  const apartment = await backend.openApartment(kind);
  const pipe = await apartment.activate({
    clsid: CLSID_SlowPipe,
    iface: IPipeByte,
    library: LIBRARY,
  });
  const calls = await Promise.all(
    Array.from({ length: 200 }, () => pipe.createCall(AsyncIPipeByte)),
  );
  await Promise.all(calls.map((call, i) => call.begin(pull, [1 + i])));
  for (const call of calls) {
    call.finish(pull).catch(() => {});
    call.wait(Infinity).catch(() => {});
  }
  if (kind === "mta") pipe.invoke(pull, [150]).catch(() => {});
}
// A message port of Node.js has no origins.
parentPort?.postMessage(backend.counters(), []);
if (process.argv[2] === "exit") process.exit(0);
