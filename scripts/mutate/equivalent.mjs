// Mutants that no conformance test can tell from the original, each with the reason.

const GONE = "nobody asks an object that is gone";
const HOSTILE =
  "no proxy writes such a request; packages/emulator/test/marshal/hostile.test.ts does";

/**
 * By path and name, as `npm run mutate` prints them. An entry whose mutant is gone, or fails a
 * test after all, is reported as an error.
 *
 * @type {Readonly<Record<string, Readonly<Record<string, string>>>>}
 */
export const EQUIVALENT = {
  "packages/emulator/src/call/client-call.ts": {
    "ClientCall.#finish: answer 0x80004005 for `E_INVALIDARG`":
      "FIN-07 leaves open with which HRESULT the other method's Finish_ fails",
  },
  "packages/emulator/src/call/outer-object.ts": {
    "OuterObject.finalRelease: drop `this.#innerCall = null;`": GONE,
  },
  "packages/emulator/src/call/server-call-outer.ts": {
    "ServerCallOuter.constructor: answer 0x80004005 for `S_OK`":
      "a server in JavaScript reaches TestCancel of COM's outer object, but not Cancel",
    "ServerCallOuter.start: drop `this.#event.state.reset();`":
      "each call has an outer object of its own, whose event is nonsignaled at first (SYNC-12)",
    "ServerCallOuter.finalRelease: drop `this.#event.release();`":
      "the event has nothing to give back but a handle, for which no server in JavaScript can ask",
    "ServerCallOuter.finalRelease: drop `this.#innerCall = null;`": GONE,
  },
  "packages/emulator/src/cancel/linked-stack.ts": {
    "LinkedStack.remove: drop `this.#links.delete(value);`":
      "the stack stays right: it only keeps in memory what it could forget",
  },
  "packages/emulator/src/cancel/pending-calls.ts": {
    "PendingCalls.pushObject: drop `this.#onChange(this);`":
      "an object that can be called was registered by a thread that had cancellation enabled",
  },
  "packages/emulator/src/cancel/wait-for-server.ts": {
    "waitForServer: drop `stopTimer();`": "a second end of a wait that is over changes nothing",
    "waitForServer: negate `place >= 0`": "a second end of a wait that is over changes nothing",
    "waitForServer: drop `onDone.splice(place, 1);`":
      "a second end of a wait that is over changes nothing",
  },
  "packages/emulator/src/marshal/stub-call.ts": {
    "StubCall.constructor: drop `this.#thread = options.apartment.thread;`":
      "serve says which thread it is before anybody asks",
    "StubCall.#serve: drop `this.fault(RPC_E_INVALIDMETHOD);`": HOSTILE,
    "StubCall.#serve: answer 0x80004005 for `RPC_E_INVALIDMETHOD`": HOSTILE,
    "StubCall.#serve: drop `fail(error);`": HOSTILE,
    "StubCall.#serve: drop `=> this.fault(failureOf(error), error)`": HOSTILE,
    "failureOf: answer 0x80004005 for `RPC_E_SERVERFAULT`": HOSTILE,
    "StubCall.#runWithFactory: drop `outer.release();` (2)":
      "a call object in JavaScript always has the interface that its factory was asked for",
    "StubCall.#answer: negate `method.hasInterfaces`":
      "a reply whose packets need messages of their own is written once more when those are sent",
    "StubCall.#respond: drop `this.#object = null;`": "nothing reads it after the answer",
  },
};
