import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createNativeBackend, type NativeBackend } from "@callfactory/native";
import { type Com, GUID_NULL, IUnknown, openCom } from "callfactory";
import { hrOf } from "../harness/hr.ts";
import type { OpenTarget, Target } from "../harness/target.ts";

/** Where the build puts the fixture server; set CALLFACTORY_FIXTURE to look elsewhere. */
const FIXTURE =
  process.env["CALLFACTORY_FIXTURE"] ??
  fileURLToPath(new URL("../../../native/build/Release/callfactory_fixture.dll", import.meta.url));

const NO_STD_EVENT = "Wine has no CLSID_StdEvent (REGDB_E_CLASSNOTREG)";

/** What Wine's COM lacks. On Windows itself nothing is known to fail. */
const WINE_GAPS: Target["knownFailing"] = {
  "SYNC-05": "Wine's ManualResetEvent takes any flags in Wait",
  "SYNC-09": NO_STD_EVENT,
  "SYNC-11": NO_STD_EVENT,
};

/** Real COM, with the fixture server in the client's process and apartment. */
export function nativeInproc(options: { readonly wine: boolean }): Target {
  return {
    name: "native-inproc",
    description: "the Node-API addon on real COM, an in-process server in the client's apartment",
    provides: new Set(["library-path", "same-apartment"] as const),
    knownFailing: options.wine ? WINE_GAPS : {},
    open,
  };
}

/** How long something abandoned may take to end, in milliseconds of real time. */
const PATIENCE_MS = 2000;

async function open(): Promise<OpenTarget> {
  const backend = await createNativeBackend();
  const com = await openCom({ backend });
  return {
    com,
    locate: (clsid) => ({ clsid, library: FIXTURE }),
    expectNoLeaks: async () => {
      const deadlineMs = backend.clock.now() + PATIENCE_MS;
      while (aliveIn(backend) > 0 && backend.clock.now() < deadlineMs) await roundTrip(com);
      const { objects, calls, outers, buffers } = backend.counters();
      const none = { objects: 0, calls: 0, outers: 0, buffers: 0 };
      assert.deepEqual({ objects, calls, outers, buffers }, none, "references are left over");
    },
    close: () => com.close(),
  };
}

function aliveIn(backend: NativeBackend): number {
  const { objects, calls, outers, buffers } = backend.counters();
  return objects + calls + outers + buffers;
}

/**
 * Goes through the apartment thread and back, behind all that was posted before. It asks the DLL
 * for a class that it lacks: the registry would start COM's service first, which takes seconds.
 */
async function roundTrip(com: Com): Promise<void> {
  await hrOf(com.createInstance(GUID_NULL, IUnknown, { library: FIXTURE }));
}
