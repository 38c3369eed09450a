import type { ConformanceTest } from "../harness/define.ts";
import { syncCalls } from "./sync-calls.ts";
import { syncContainer } from "./sync-container.ts";
import { syncEvents } from "./sync-events.ts";
import { syncHandles } from "./sync-handles.ts";
import { syncHooks } from "./sync-hooks.ts";
import { syncHooksApartment } from "./sync-hooks-apartment.ts";
import { syncMessages } from "./sync-messages.ts";
import { syncWaits } from "./sync-waits.ts";

/** ISynchronize and its family, in the order of the catalogue within each subject. */
export const sync: readonly ConformanceTest[] = [
  ...syncEvents,
  ...syncHandles,
  ...syncContainer,
  ...syncCalls,
  ...syncHooks,
  ...syncHooksApartment,
  ...syncWaits,
  ...syncMessages,
];
