import type { ConformanceTest } from "../harness/define.ts";
import { syncCalls } from "./sync-calls.ts";
import { syncEvents } from "./sync-events.ts";
import { syncHooks } from "./sync-hooks.ts";
import { syncHooksApartment } from "./sync-hooks-apartment.ts";

/** ISynchronize and its family, in the order of the catalogue within each subject. */
export const sync: readonly ConformanceTest[] = [
  ...syncEvents,
  ...syncCalls,
  ...syncHooks,
  ...syncHooksApartment,
];
