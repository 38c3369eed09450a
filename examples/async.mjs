import { advise } from "callfactory";
import { AppEvents, AsyncITest, CLSID_Server, ITest, serverClass } from "./servers/com-async.mjs";
import { runProgram } from "./program/run-program.mjs";

// COM\async of the Platform SDK: one server that serves all its calls by call objects, and a client
// that calls it synchronously, by polling, and by a Finish_ that waits.

await runProgram("COM\\async: a call that takes ten seconds, three ways", async ({ com, say }) => {
  say("--- a server in an STA, completed by a timer");
  const takeBack = com.registerClass(serverClass("Apartment", say));
  await client(com, say);
  takeBack();

  say("");
  say("--- a server in the MTA, completed by a worker");
  com.registerClass(serverClass("Free", say));
  const sta = await com.openApartment("sta");
  await client(sta, say);
  await sta.close();
});

/**
 * @param {import("callfactory").Com} com
 * @param {(line: string) => void} say
 */
async function client(com, say) {
  const test = await com.createInstance(CLSID_Server, ITest);
  const connection = await advise(com, test, AppEvents, {
    Beep: (tone) => say(`sink:   Beep(0x${tone.toString(16)})`),
  });
  say(`client: connected with cookie ${connection.cookie}`);

  // 1. Synchronous for the client, asynchronous in the server.
  const call = test.Test1("hello", { lane: "worker" });
  say(`client: Test1 gives ${await call} (${call.lane})`);

  // 2. Begin_, a look once a second, Finish_.
  const polled = await test.createCall(AsyncITest);
  await polled.Begin_Test1("polled");
  let looks = 1;
  while (!(await polled.wait(1000))) looks++;
  say(`client: signaled at look ${looks}`);
  say(`client: Finish_Test1 gives ${await polled.Finish_Test1()}`);

  // 3. Begin_, and a Finish_ that waits by itself.
  const waited = await test.createCall(AsyncITest);
  await waited.Begin_Test2("waited");
  say("client: Begin_Test2 has returned");
  say(`client: Finish_Test2 gives ${await waited.Finish_Test2()}`);

  waited.release();
  polled.release();
  await connection.unadvise();
  test.release();
}
