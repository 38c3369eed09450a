import { openCom } from "callfactory";

/**
 * What an example works with.
 *
 * @typedef {object} Program
 * @property {import("callfactory").Com} com COM in the MTA.
 * @property {(line: string) => void} say Prints a line with the time on the emulator's clock.
 */

/**
 * Runs an example on the emulator: on virtual time, in no time at all, or with --real-time on the
 * machine's clock.
 *
 * @param {string} title
 * @param {(program: Program) => Promise<void>} main
 */
export async function runProgram(title, main) {
  const clock = process.argv.includes("--real-time") ? "real" : "virtual";
  // "places": should a reference be left over, the error says who asked for it.
  const com = await openCom({ backend: "emulator", emulator: { clock, ledger: "places" } });
  const startMs = com.clock.now();
  /** @param {string} line */
  const say = (line) => {
    const seconds = (com.clock.now() - startMs) / 1000;
    console.log(line === "" ? "" : `${seconds.toFixed(2).padStart(6)} s  ${line}`);
  };
  console.log(`${title}\n`);
  await main({ com, say });
  await com.expectNoLeaks();
  await com.close();
}

/**
 * Waits on the emulator's clock.
 *
 * @param {import("callfactory").Com} com
 * @param {number} delayMs
 * @returns {Promise<void>}
 */
export function pause(com, delayMs) {
  return new Promise((resolve) => {
    com.clock.setTimer(delayMs, resolve);
  });
}

/**
 * What became of a call, by the name of its HRESULT.
 *
 * @param {Promise<unknown>} call
 */
export async function outcome(call) {
  try {
    const value = await call;
    return value === undefined ? "S_OK" : `S_OK, ${JSON.stringify(value)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
