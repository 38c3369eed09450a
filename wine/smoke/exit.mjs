// The process ends with 1,000 calls in flight.

import assert from "node:assert/strict";
import { AsyncIPipeByte, IPipeByte } from "@callfactory/core";
import { createNativeBackend } from "@callfactory/native";
import { CLSID_SlowPipe } from "@callfactory/tests/dist/fixtures/interfaces.js";
import { LIBRARY, methodOf } from "./fixture.mjs";

const pull = methodOf(IPipeByte, "Pull");
const backend = await createNativeBackend();
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
process.exit(0);
