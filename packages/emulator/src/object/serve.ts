import type { Awaitable, ServerHost, ServerObject } from "@callfactory/core";
import type { Thread } from "../apartment/apartment.ts";
import type { Caller } from "../caller.ts";
import { bridgeOf } from "../emulator-object.ts";
import type { Unknown } from "./com-object.ts";
import type { ProcessServices } from "../process-services.ts";
import { checkCallback } from "../schedule/scheduler.ts";
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
  const { interfaces } = process.services;
  for (const iface of object.interfaces) {
    // What its class has registered stays as long as the class.
    if (interfaces.find(iface.iid) === undefined) interfaces.register(iface);
  }
  return new ServedObject(object, {
    services: process.services,
    apartment: entry.apartment,
    bridge: bridgeOf(callerOn(caller, caller.thread)),
    bridgeFor: (thread) => bridgeOf(callerOn(caller, thread)),
    apartmentOf: (thread) => process.apartmentOf(callerOn(caller, thread).entry, thread),
    outer,
  });
}

/**
 * Who calls from an object on `thread`, which need not be of the apartment that the object was made
 * in. It calls for the apartment, and goes on when whoever made it has left.
 */
function callerOn({ process, entry }: Caller, thread: Thread): Caller {
  return { process, thread, entry: process.apartments.entryOf(thread.apartment) ?? entry };
}

/** The apartment of a served object, seen from inside. */
export function serverHost({ process, entry }: Caller): ServerHost {
  const { services } = process;
  const { scheduler } = services;
  const { apartment } = entry;
  return {
    // What an object does on its own account, it does on a thread of COM's own.
    apartment: process.apartmentOf(
      process.apartments.entryOf(apartment) ?? entry,
      apartment.thread,
    ),
    clock: scheduler,
    sleep: (delayMs) =>
      new Promise((resolve) => {
        scheduler.setTimer(delayMs, resolve);
      }),
    setTimer: (delayMs, callback) => {
      checkCallback(callback);
      const run = (): Awaitable<void> => runTimer(callback, services);
      return scheduler.setTimer(delayMs, () =>
        apartment.deliver({ cid: null, run, drop: () => {} }),
      );
    },
  };
}

/** A timer has no caller to fail for: what its callback throws goes to those who watch, as a method's does (LIFE-08). */
function runTimer(callback: () => unknown, { emit, scheduler }: ProcessServices): Awaitable<void> {
  const fail = (error: unknown): void =>
    emit({ kind: "exception", atMs: scheduler.now(), method: "setTimer", error });
  try {
    const running = callback();
    return running instanceof Promise ? running.then(() => {}, fail) : undefined;
  } catch (error) {
    fail(error);
  }
}
