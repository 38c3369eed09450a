import {
  type Com,
  IMessageFilter,
  type ImplementationOf,
  PENDINGMSG_WAITDEFPROCESS,
  SERVERCALL_ISHANDLED,
} from "callfactory";
import type { Stage } from "../harness/stage.ts";
import { stepFor, type Taken } from "./apt-step.ts";

type Filter = ImplementationOf<readonly [typeof IMessageFilter]>;

/** What tests of message filters need. */
export const FILTERED = {
  at: "marshaled",
  needs: ["implement", "functions", "virtual-clock"],
} as const;
/** The same, with call objects. */
export const FILTERED_CALLS = {
  at: "marshaled",
  needs: [...FILTERED.needs, "proxy-call-factory"],
} as const;
/** The synchronous method itself: a call object's call is not retried (APT-12). */
export const SYNC = { lane: "worker" } as const;

/** -1 as a DWORD: RetryRejectedCall's word for giving up. */
export const GIVE_UP = 0xffffffff;

/** A filter that handles, gives up and waits, except where `answers` says otherwise. */
export function filterOf(answers: Partial<Filter>): Filter {
  return {
    HandleInComingCall: () => SERVERCALL_ISHANDLED,
    RetryRejectedCall: () => GIVE_UP,
    MessagePending: () => PENDINGMSG_WAITDEFPROCESS,
    ...answers,
  };
}

/** Gives the STA of `com` a message filter until the test ends. */
export async function filterIn(stage: Stage, com: Com, answers: Partial<Filter>): Promise<void> {
  const filter = com.implement([IMessageFilter], filterOf(answers));
  (await com.functions.CoRegisterMessageFilter(filter))?.release();
  filter.release();
  const unregister = (): void => {
    // An apartment that has ended has let go of its filter by itself.
    const done = com.functions.CoRegisterMessageFilter(null);
    done.then(
      (last) => last?.release(),
      () => {},
    );
  };
  stage.hold({ release: unregister });
}

/** An object in an STA, for a client in another one. */
export async function between(stage: Stage, take: Taken = (n) => n) {
  const [server, client] = [
    await stage.com.openApartment("sta"),
    await stage.com.openApartment("sta"),
  ];
  const object = await stepFor(stage, { home: server, client }, take);
  return { server, client, object };
}

/** A filter that refuses with `verdict`, as long as `times` lasts. */
export function refusing(verdict: number, times = Number.POSITIVE_INFINITY) {
  let left = times;
  return () => (left-- > 0 ? verdict : SERVERCALL_ISHANDLED);
}
