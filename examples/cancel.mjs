import {
  CLSID_SlowBirth,
  CLSID_Worker,
  IWorker,
  slowBirthClass,
  workerClass,
} from "./servers/worker.mjs";
import { outcome, pause, runProgram } from "./program/run-program.mjs";

// COM\Fundamentals\DCom\Cancel of the Platform SDK: a synchronous call blocks its thread until
// another thread cancels it; so does the creation of an object. From apartment to apartment.

const WORK_SECONDS = 10;
const CANCEL_AFTER_MS = 2000;

/** @typedef {import("callfactory").Com} Com */
/** @typedef {"Apartment" | "Free" | undefined} ThreadingModel */

await runProgram("COM\\Fundamentals\\DCom\\Cancel: a matrix", async ({ com, say }) => {
  // The first STA is the main one: a class without a threading model lives there.
  const mainSta = await com.openApartment("sta");
  const sta = await com.openApartment("sta");
  const mta = await com.openApartment("mta");
  /** @type {ReadonlyArray<[title: string, client: Com, threadingModel: ThreadingModel]>} */
  const pairs = [
    ["the main STA calls the MTA", mainSta, "Free"],
    ["an STA calls the MTA", sta, "Free"],
    ["an STA calls the main STA", sta, undefined],
    ["the MTA calls the main STA", mta, undefined],
    ["the MTA calls another STA", mta, "Apartment"],
  ];
  for (const [title, client, threadingModel] of pairs) {
    say(`--- ${title}`);
    const takeBack = [
      com.registerClass(workerClass(threadingModel, say)),
      com.registerClass(slowBirthClass(threadingModel)),
    ];
    await client.functions.CoEnableCallCancellation();
    await cancelTwice(client, com, say);
    await client.functions.CoDisableCallCancellation();
    // What was canceled ends all the same, and comes to nothing (CAN-12).
    await pause(com, WORK_SECONDS * 1000);
    for (const end of takeBack) end();
    say("");
  }

  say("--- an STA that has not enabled it");
  com.registerClass(workerClass("Free", say));
  const worker = await sta.createInstance(CLSID_Worker, IWorker);
  await watch(sta, com, say);
  say(`client:   Work: ${await outcome(worker.Work(WORK_SECONDS, { lane: "worker" }))}`);
  worker.release();
});

/**
 * @param {Com} client Whose thread makes the calls.
 * @param {Com} com The watchdog's.
 * @param {(line: string) => void} say
 */
async function cancelTwice(client, com, say) {
  const worker = await client.createInstance(CLSID_Worker, IWorker);
  await watch(client, com, say);
  say(`client:   Work: ${await outcome(worker.Work(WORK_SECONDS, { lane: "worker" }))}`);
  worker.release();

  await watch(client, com, say);
  say(`client:   ${await outcome(client.createInstance(CLSID_SlowBirth, IWorker))}`);
}

/**
 * Cancels, from a thread of its own, what the client's thread is doing in two seconds.
 *
 * @param {Com} client
 * @param {Com} com
 * @param {(line: string) => void} say
 */
async function watch(client, com, say) {
  const threadId = await client.functions.GetCurrentThreadId();
  com.clock.setTimer(CANCEL_AFTER_MS, async () => {
    say(`watchdog: CoCancelCall: ${await outcome(com.functions.CoCancelCall(threadId, 0))}`);
  });
}
