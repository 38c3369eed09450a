import {
  AsyncILongCall,
  AsyncIPingResponder,
  CLSID_Diligent,
  CLSID_Hung,
  diligentClass,
  hungClass,
  ILongCall,
  IPingResponder,
} from "./servers/ping.mjs";
import { outcome, pause, runProgram } from "./program/run-program.mjs";

// COM\Fundamentals\DCom\TimeOuts of the Platform SDK: a client that gives up after a fixed time, and
// one that gives up only when the server has stopped answering pings.

const CALL_TIMEOUT_MS = 5000;
const PING_INTERVAL_MS = 3000;
const PING_TIMEOUT_MS = 1000;

/**
 * @typedef {object} Server
 * @property {import("callfactory").InterfacePointer<{ LongCall(): void }>} server
 * @property {import("callfactory").InterfacePointer<{ Ping(): void }>} responder
 * @property {(line: string) => void} say
 */

await runProgram("COM\\Fundamentals\\DCom\\TimeOuts: giving up", async ({ com, say }) => {
  /**
   * @param {string} what
   * @param {string} clsid
   */
  const tryOut = async (what, clsid) => {
    const server = await com.createInstance(clsid, ILongCall);
    // Asked for now: a hung server would not answer QueryInterface either.
    const responder = await server.queryInterface(IPingResponder);
    say(`--- ${what}, and a fixed limit`);
    await fixedTimeout({ server, responder, say });
    say("");
    say(`--- ${what}, and pings`);
    await pinging({ server, responder, say });
    responder.release();
    server.release();
  };
  com.registerClass(diligentClass);
  com.registerClass(hungClass);
  await tryOut("a server that works for 11 s", CLSID_Diligent);
  say("");
  await tryOut("a server that hangs", CLSID_Hung);

  // It hung for fifteen seconds a call; its replies come late, and go nowhere (CAN-05).
  await pause(com, 30_000);
  say("the server that hung is done");
});

/** @param {Server} server */
async function fixedTimeout({ server, say }) {
  const call = await server.createCall(AsyncILongCall);
  await call.Begin_LongCall();
  if (!(await call.wait(CALL_TIMEOUT_MS))) {
    say("client: no reply within 5 s; Cancel(0)");
    await call.cancel(0);
  }
  // Also after Cancel: without it the call object stays busy (CAN-03).
  say(`client: Finish_LongCall: ${await outcome(call.Finish_LongCall())}`);
  call.release();
}

/** @param {Server} server */
async function pinging({ server, responder, say }) {
  const call = await server.createCall(AsyncILongCall);
  await call.Begin_LongCall();
  while (!(await call.wait(PING_INTERVAL_MS))) {
    const ping = await responder.createCall(AsyncIPingResponder);
    await ping.Begin_Ping();
    const isAlive = await ping.wait(PING_TIMEOUT_MS);
    if (!isAlive) await ping.cancel(0);
    await outcome(ping.Finish_Ping());
    ping.release();
    say(`client: the server ${isAlive ? "answers pings" : "does not answer; Cancel(0)"}`);
    if (!isAlive) await call.cancel(0);
  }
  say(`client: Finish_LongCall: ${await outcome(call.Finish_LongCall())}`);
  call.release();
}
