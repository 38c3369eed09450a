import {
  AsyncIFullServ,
  AsyncISample,
  CLSID_FullServ,
  fullServClass,
  IFullServ,
  ISample,
} from "./servers/full-serv.mjs";
import { runProgram } from "./program/run-program.mjs";

// COM\Fundamentals\AsyncCalls of the Platform SDK: whether the server works asynchronously is its
// own affair, and whether the client calls asynchronously is the client's.

/** @typedef {import("./program/run-program.mjs").Program} Program */

const TITLE = "COM\\Fundamentals\\AsyncCalls: four ways between two sides";

await runProgram(TITLE, async (program) => {
  const { com, say } = program;
  com.registerClass(fullServClass(say));
  const server = await com.createInstance(CLSID_FullServ, IFullServ);
  const sample = await server.queryInterface(ISample);

  say("--- CppClient: begin, wait, finish");
  const sum = await server.createCall(AsyncIFullServ);
  await sum.Begin_Sum(2, 3);
  say("client: Begin_Sum has returned");
  await sum.wait();
  say(`client: Sum of 2 and 3 is: ${await sum.Finish_Sum()}`);
  sum.release();

  say("");
  say("--- the same client, a synchronous server");
  const work = await sample.createCall(AsyncISample);
  await work.Begin_Work(2, 3);
  say("client: Begin_Work has returned");
  say(`client: Work of 2 and 3 is: ${await work.Finish_Work()}`);
  work.release();

  say("");
  say("--- a synchronous client, either server");
  say(`client: Sum of 2 and 3 is: ${await server.Sum(2, 3, { lane: "worker" })}`);
  say(`client: Work of 2 and 3 is: ${await sample.Work(2, 3, { lane: "worker" })}`);

  say("");
  await callBackClient(program, server);

  sample.release();
  server.release();
});

/**
 * The client's own ISynchronize stands before the call object's: COM calls its Signal when the
 * reply is there, and Finish_ is legal inside (SYNC-26).
 *
 * @param {Program} program
 * @param {import("callfactory").InterfacePointer<{ Sum(a: number, b: number): number }>} server
 */
async function callBackClient({ say }, server) {
  say("--- CallBackClient: an outer object is told");
  /** @type {(sum: number) => void} */
  let tell = () => {};
  /** @type {Promise<number>} */
  const told = new Promise((resolve) => {
    tell = resolve;
  });
  const call = await server.createCall(AsyncIFullServ, {
    synchronize: {
      Reset: () => say("outer:  Reset"),
      Signal() {
        say("outer:  Signal");
        void call.Finish_Sum().then(tell);
      },
    },
  });
  await call.Begin_Sum(2, 3);
  say("client: Begin_Sum has returned; no thread waits");
  say(`client: Sum of 2 and 3 is: ${await told}`);
  call.release();
}
