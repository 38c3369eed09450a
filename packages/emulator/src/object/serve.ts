import type { ServerHost, ServerObject } from "@callfactory/core";
import type { Caller } from "../caller.ts";
import { bridgeOf } from "../emulator-object.ts";
import type { Unknown } from "./com-object.ts";
import { ServedObject } from "./served-object.ts";

/**
 * Makes an object of this apartment whose methods JavaScript implements; the caller owns the
 * reference, with an `outer` that to the inner unknown.
 */
export function serve(
  caller: Caller,
  object: ServerObject,
  outer: Unknown | null = null,
): ServedObject {
  const { process, entry } = caller;
  for (const iface of object.interfaces) process.services.interfaces.register(iface);
  return new ServedObject(object, {
    services: process.services,
    apartment: entry.apartment,
    bridge: bridgeOf(caller),
    apartmentOf: (thread) => process.apartmentOf({ ...caller, thread }),
    outer,
  });
}

/** The apartment of a served object, seen from inside. */
export function serverHost({ process, entry }: Caller): ServerHost {
  const { scheduler } = process.services;
  const { apartment } = entry;
  return {
    // What an object does on its own account, it does on a thread of COM's own.
    apartment: process.apartmentOf({ process, entry, thread: apartment.thread }),
    clock: scheduler,
    sleep: (delayMs) =>
      new Promise((resolve) => {
        scheduler.setTimer(delayMs, resolve);
      }),
    setTimer: (delayMs, callback) =>
      scheduler.setTimer(delayMs, () =>
        apartment.deliver({ cid: null, run: () => callback(), drop: () => {} }),
      ),
  };
}
