import { CLSID_FullServ, fullServClass, IFullServ, ISample } from "./servers/full-serv.mjs";
import { runProgram } from "./program/run-program.mjs";

// ScaleDemo of the Platform SDK's AsyncCalls sample: fifteen calls at once, of two seconds each, to
// one object in an STA. Which server scales does not depend on how the client calls.

const CALLS = 15;

await runProgram("ScaleDemo: fifteen calls at once to one STA", async ({ com, say }) => {
  com.registerClass(fullServClass());
  const server = await com.createInstance(CLSID_FullServ, IFullServ);
  const sample = await server.queryInterface(ISample);

  /**
   * @param {string} what
   * @param {(n: number) => Promise<number>} call
   */
  const measure = async (what, call) => {
    const startMs = com.clock.now();
    const sums = await Promise.all(Array.from({ length: CALLS }, (_, n) => call(n)));
    const tookMs = com.clock.now() - startMs;
    const seconds = (tookMs / 1000).toFixed(1).padStart(5);
    say(`${what} ${seconds} s, last sum ${sums.at(-1)}`);
  };

  await measure("async client, async server:", (n) => server.Sum(n, n));
  await measure("sync client,  async server:", (n) => server.Sum(n, n, { lane: "worker" }));
  await measure("async client, sync server: ", (n) => sample.Work(n, n));
  await measure("sync client,  sync server: ", (n) => sample.Work(n, n, { lane: "worker" }));

  sample.release();
  server.release();
});
