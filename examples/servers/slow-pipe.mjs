import { IPipeByte } from "callfactory";

// The SlowPipe of the Old New Thing's series on asynchronous COM: it has IPipeByte and nothing else,
// no call factory in particular. Its proxy has one all the same (DISC-02).

export const CLSID_SlowPipe = "0c2f1e59-5f6b-4c6a-9a53-6f3f5d9e7c05";

/** how long a Pull takes. */
const PULL_MS = 2000;

/**
 * @param {(line: string) => void} say
 * @returns {import("callfactory").ServerClass<[typeof IPipeByte]>}
 */
export function slowPipeClass(say) {
  return {
    clsid: CLSID_SlowPipe,
    threadingModel: "Apartment",
    interfaces: [IPipeByte],
    create: ({ sleep }) => ({
      async Pull(count) {
        say("server: Pull begins");
        await sleep(PULL_MS);
        say("server: Pull ends");
        return new Uint8Array(count);
      },
      async Push(_bytes, count) {
        await sleep(PULL_MS);
        say(`server: has got ${count} bytes`);
      },
      finalRelease: () => say("server: the pipe is gone"),
    }),
  };
}
