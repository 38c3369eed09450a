import {
  AsyncIPipeByte,
  AsyncIUnknown,
  INFINITE,
  IPipeByte,
  ISynchronizeHandle,
} from "callfactory";
import { outcome, pause, runProgram } from "./program/run-program.mjs";
import { CLSID_SlowPipe, slowPipeClass } from "./servers/slow-pipe.mjs";

// "COM asynchronous interfaces" of The Old New Thing (February 2022), part by part: an MTA client
// and a SlowPipe that lives in an STA.

/**
 * @typedef {object} Scene
 * @property {import("callfactory").Com} com
 * @property {import("callfactory").ClientCall<PipeMethods>} call A call object on the pipe.
 * @property {import("callfactory").InterfacePointer<PipeMethods>} pipe
 * @property {(line: string) => void} say
 *
 * @typedef {typeof IPipeByte extends import("callfactory").Interface<infer S> ? S : never} PipeMethods
 * @typedef {(scene: Scene) => Promise<void>} Part
 */

/** @type {ReadonlyArray<[title: string, run: Part]>} */
const PARTS = [
  ["part 1: Begin_, something else meanwhile, Finish_", beginAndFinish],
  ["part 2: a call that nobody waits for", abandon],
  ["part 3: abandoned when it takes too long", abandonLate],
  ["part 4: polled, then canceled", pollAndCancel],
  ["part 6: waiting for the handle behind it", waitForHandle],
  ["part 7: being told by Signal", beTold],
  ["part 8: letting go of the pipe, and not waiting for that", letGo],
  ["part 9: the same, and nobody stays behind to finish", letGoAndForget],
];

await runProgram("COM asynchronous interfaces, the SlowPipe", async ({ com, say }) => {
  com.registerClass(slowPipeClass(say));
  for (const [title, run] of PARTS) {
    say(`--- ${title}`);
    const pipe = await com.createInstance(CLSID_SlowPipe, IPipeByte);
    const call = await pipe.createCall(AsyncIPipeByte);
    await run({ com, call, pipe, say });
    call.release();
    pipe.release();
    // What was abandoned runs to its end all the same (FNF-02).
    await pause(com, 5000);
    say("");
  }
});

/** @type {Part} */
async function beginAndFinish({ call, say }) {
  await call.Begin_Pull(100);
  say("client: Begin_Pull has returned");
  const bytes = await call.Finish_Pull();
  say(`client: Finish_Pull gives ${bytes.length} bytes`);
}

/** @type {Part} */
async function abandon({ call, say }) {
  await call.Begin_Push(new Uint8Array(3), 3);
  call.release();
  say("client: has let go of the call object");
}

/** @type {Part} */
async function abandonLate({ call, say }) {
  await call.Begin_Pull(100);
  if (await call.wait(500)) say(`client: ${(await call.Finish_Pull()).length} bytes`);
  else say("client: no bytes within 500 ms; not interested any more");
  call.release();
}

/** @type {Part} */
async function pollAndCancel({ call, say }) {
  await call.Begin_Pull(100);
  say(`client: is it there yet? ${(await call.wait(0)) ? "yes" : "no"}`);
  say(`client: within 750 ms? ${(await call.wait(750)) ? "yes" : "no"}`);
  await call.cancel(0);
  // Canceled counts as completed (SYNC-04).
  say(`client: canceled; is it there now? ${(await call.wait(0)) ? "yes" : "no"}`);
  say(`client: Finish_Pull: ${await outcome(call.Finish_Pull())}`);
}

/** @type {Part} */
async function waitForHandle({ com, call, say }) {
  const synchronizer = await call.queryInterface(ISynchronizeHandle);
  const handle = await synchronizer.GetHandle();
  await call.Begin_Pull(100);
  await com.functions.WaitForSingleObject(handle, INFINITE);
  say("client: the handle is signaled");
  say(`client: Finish_Pull gives ${(await call.Finish_Pull()).length} bytes`);
  synchronizer.release();
}

/** @type {Part} */
async function beTold({ pipe, say }) {
  /** @type {() => void} */
  let tell = () => {};
  /** @type {Promise<void>} */
  const told = new Promise((resolve) => {
    tell = resolve;
  });
  const call = await pipe.createCall(AsyncIPipeByte, {
    synchronize: {
      Reset: () => say("outer:  Reset"),
      Signal: () => (say("outer:  Signal"), tell()),
    },
  });
  await call.Begin_Pull(100);
  await told;
  say(`client: Finish_Pull gives ${(await call.Finish_Pull()).length} bytes`);
  call.release();
}

/**
 * A final Release goes to the server, and waits while that is busy: released by AsyncIUnknown, the
 * pipe is nobody's business any more (CONV-06).
 *
 * @type {Part}
 */
async function letGo({ call, pipe, say }) {
  await keepBusy(call);
  const identity = await pipe.createCall(AsyncIUnknown);
  await identity.Begin_Release();
  say("client: Begin_Release has returned");
  await identity.wait();
  say("client: the server has let go");
  await identity.Finish_Release();
  identity.release();
}

/**
 * The call object's own Signal finishes it, and gives up the last reference to it (FNF-07).
 *
 * @type {Part}
 */
async function letGoAndForget({ call, pipe, say }) {
  await keepBusy(call);
  const identity = await pipe.createCall(AsyncIUnknown, {
    synchronize: {
      async Signal() {
        await identity.Finish_Release();
        identity.release();
        say("outer:  finished, and gone");
      },
    },
  });
  await identity.Begin_Release();
  say("client: Begin_Release has returned");
}

/**
 * Gives the server two seconds of work, and lets go of the call.
 *
 * @param {Scene["call"]} call
 */
async function keepBusy(call) {
  await call.Begin_Push(new Uint8Array(3), 3);
  call.release();
}
