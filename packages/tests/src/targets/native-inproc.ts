import { fileURLToPath } from "node:url";
import { createNativeBackend } from "@callfactory/native";
import { openCom } from "callfactory";
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
    provides: new Set([
      "library-path",
      "same-apartment",
      "implement",
      "register-class",
      "synchronize-hooks",
    ] as const),
    knownFailing: options.wine ? WINE_GAPS : {},
    open,
  };
}

async function open(): Promise<OpenTarget> {
  const backend = await createNativeBackend();
  const com = await openCom({ backend });
  return {
    com,
    locate: (clsid) => ({ clsid, library: FIXTURE }),
    expectNoLeaks: () => com.expectNoLeaks(),
    close: () => com.close(),
  };
}
