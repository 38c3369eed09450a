// Preloaded into Windows programs: their last line tells that they ended by themselves. Under Wine
// a crashed process can report success.

import { writeSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

if (isMainThread) {
  process.on("exit", (code) => {
    writeSync(1, `\n${process.env["CALLFACTORY_WINE_MARKER"]} ${code}\n`);
  });
}
