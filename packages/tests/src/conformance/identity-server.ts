import type { Guid, TraceEvent } from "callfactory";
import { hrOf } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { IForeman, IWorker } from "./call-worker.ts";

/** When a server that hangs comes back, in milliseconds. */
export const HUNG_MS = 1000;

const IID_IRemUnknown = "00000131-0000-0000-c000-000000000046";

/** Opnums of IRemUnknown. */
export const REM_QUERY_INTERFACE = 3;
export const REM_RELEASE = 5;

/**
 * A proxy for the IWorker of an object that has an IForeman as well, in an STA that `hang` keeps
 * busy; `log` tells when the object was released, which takes `destructionMs`.
 */
export async function hangingServer(stage: Stage, { destructionMs = 0 } = {}) {
  const { com } = stage;
  const { clock } = com;
  const sta = await com.openApartment("sta");
  const log: string[] = [];
  const object = sta.implement([IWorker, IForeman], {
    Work: (value) => value,
    Order: () => {},
    finalRelease: async () => {
      if (destructionMs > 0)
        await new Promise<void>((resolve) => clock.setTimer(destructionMs, resolve));
      log.push(`released at ${clock.now()}`);
    },
  });
  const busy = sta.implement([IForeman], {
    Order: () => new Promise<void>((resolve) => clock.setTimer(HUNG_MS, resolve)),
  });
  const worker = stage.hold(await com.unmarshal(await sta.marshal(object), IWorker));
  const foreman = stage.hold(await com.unmarshal(await sta.marshal(busy), IForeman));
  object.release();
  busy.release();
  /** Resolves when the server's thread is taken. */
  const hang = async (): Promise<void> => {
    // The server may end before it comes back.
    void hrOf(foreman.Order());
    await new Promise<void>((resolve) => {
      clock.setTimer(1, resolve);
    });
  };
  return { worker, hang, log, sta };
}

/** The requests to IRemUnknown among `events`, and when each was made and answered. */
export function remoteIdentityCalls(events: readonly TraceEvent[]) {
  const packets = events.flatMap((event) =>
    event.kind === "packet" && event.iid === IID_IRemUnknown ? [event] : [],
  );
  return packets
    .filter(({ direction }) => direction === "request")
    .map(({ opnum, atMs, callId }) => ({
      opnum,
      sentAtMs: atMs,
      answeredAtMs: packets.find((each) => each.direction === "reply" && each.callId === callId)
        ?.atMs,
    }));
}

/** A MULTI_QI for each IID. */
export function multiQi(...iids: readonly Guid[]) {
  return iids.map((pIID) => ({ pIID, pItf: null, hr: 0 }));
}
