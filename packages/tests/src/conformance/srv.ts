import type { ConformanceTest } from "../harness/define.ts";
import { srvCallObject } from "./srv-call-object.ts";
import { srvCallRaw } from "./srv-call-raw.ts";
import { srvSignal } from "./srv-signal.ts";
import { srvStub } from "./srv-stub.ts";

/** Call objects that servers implement. */
export const srv: readonly ConformanceTest[] = [
  ...srvStub,
  ...srvSignal,
  ...srvCallRaw,
  ...srvCallObject,
];
