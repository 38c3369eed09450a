// A worker whose object answers Unadvise(1), and never Unadvise(0).

import { parentPort } from "node:worker_threads";
import { IConnectionPoint, S_OK } from "@callfactory/core";
import { createNativeBackend } from "@callfactory/native";

const backend = await createNativeBackend();
const apartment = await backend.openApartment("mta");
const object = apartment.implement({
  interfaces: [IConnectionPoint],
  invoke: (_method, [cookie]) => {
    if (cookie === 1) return { hr: S_OK, value: undefined };
    // A message port of Node.js has no origins.
    parentPort?.postMessage("entered", []);
    return new Promise(() => {});
  },
});
parentPort?.on("message", () => process.exit(0));
parentPort?.postMessage(await apartment.marshal(object), []);
