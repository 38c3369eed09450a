import {
  CLASS_E_NOAGGREGATION,
  CLSID_ManualResetEvent,
  CLSID_StdEvent,
  CLSID_SynchronizeContainer,
  ComError,
  type Guid,
} from "@callfactory/core";
import type { ComObject, Unknown } from "../object/com-object.ts";
import type { ProcessServices } from "../process-services.ts";
import { SyncContainer } from "./sync-container.ts";
import { SyncEvent } from "./sync-event.ts";

/**
 * An object of one of COM's synchronization classes, `null` for another class. The caller owns the
 * reference: with an `outer` that to the inner unknown.
 *
 * @throws ComError CLASS_E_NOAGGREGATION: the two events alone can be aggregated (SYNC-13).
 */
export function createSynchronizer(
  clsid: Guid,
  services: ProcessServices,
  outer: Unknown | null,
): ComObject | null {
  switch (clsid) {
    case CLSID_StdEvent:
    case CLSID_ManualResetEvent:
      return new SyncEvent({ services, autoReset: clsid === CLSID_StdEvent, outer });
    case CLSID_SynchronizeContainer:
      if (outer !== null) throw new ComError(CLASS_E_NOAGGREGATION, "CoCreateInstance");
      return new SyncContainer(services);
    default:
      return null;
  }
}
