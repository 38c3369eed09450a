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
  await cancelRemote("the MTA calls the MTA of another process", {
    client: mta,
    kind: "mta",
    com,
    say,
  });
  await cancelRemote("an STA calls an STA of another process", {
    client: sta,
    kind: "sta",
    com,
    say,
  });

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
  await cancelWork(await client.createInstance(CLSID_Worker, IWorker), client, com, say);

  await watch(client, com, say);
  say(`client:   ${await outcome(client.createInstance(CLSID_SlowBirth, IWorker))}`);
}

/**
 * A call to another process: its object comes as an OBJREF. Classes are each process's own.
 *
 * @param {string} title
 * @param {{ client: Com, kind: "sta" | "mta", com: Com, say: (line: string) => void }} parts
 */
async function cancelRemote(title, { client, kind, com, say }) {
  say(`--- ${title}`);
  const process = await com.openProcess(kind);
  process.registerClass(workerClass("Both", say));
  // Here, too: a process has the proxies of the interfaces that its classes bring.
  const takeBack = com.registerClass(workerClass("Both", say));
  const object = await process.createInstance(CLSID_Worker, IWorker);
  const worker = await client.unmarshal(await process.marshal(object), IWorker);
  object.release();

  await client.functions.CoEnableCallCancellation();
  await cancelWork(worker, client, com, say);
  await client.functions.CoDisableCallCancellation();
  await pause(com, WORK_SECONDS * 1000);
  takeBack();
  await process.close();
  say("");
}

/**
 * @param {import("callfactory").InterfacePointer<{ Work(seconds: number): void }>} worker
 * @param {Com} client
 * @param {Com} com
 * @param {(line: string) => void} say
 */
async function cancelWork(worker, client, com, say) {
  await watch(client, com, say);
  say(`client:   Work: ${await outcome(worker.Work(WORK_SECONDS, { lane: "worker" }))}`);
  worker.release();
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
