import { createEmulator } from "@callfactory/emulator";
import { guid, openCom } from "callfactory";
import { calculatorClass } from "../fixtures/calculator.ts";
import { slowPipeClass } from "../fixtures/slow-pipe.ts";
import { typesClass } from "../fixtures/types.ts";
import type { OpenTarget, Place, Target } from "../harness/target.ts";

/** The same class once more, in a host STA, for clients that are to get a proxy. */
function marshaledTwin(clsid: string): string {
  return guid(clsid.replace(/^.{8}/, "00000a9a"));
}

/** The emulator in one process, on virtual time. */
export const emulatorTarget: Target = {
  name: "emulator",
  description: "the TypeScript emulator, apartments in one thread, virtual clock",
  provides: new Set([
    ...createEmulator({ clock: "virtual" }).features,
    "same-apartment",
    "marshaled",
  ]),
  knownFailing: {},
  open,
};

/** CALLFACTORY_SEED chooses another interleaving than the order of posting. */
const SEED = process.env["CALLFACTORY_SEED"];

async function open(): Promise<OpenTarget> {
  const seed = SEED === undefined ? {} : { seed: Number(SEED) };
  const emulator = createEmulator({ clock: "virtual", ledger: "places", ...seed });
  const com = await openCom({ backend: emulator });
  const classes = [
    slowPipeClass({ cancelable: true }),
    slowPipeClass({ cancelable: false }),
    calculatorClass({ callFactory: true }),
    calculatorClass({ callFactory: false }),
    typesClass(),
  ] as const;
  for (const served of classes) {
    com.registerClass(served as (typeof classes)[0]);
    const clsid = marshaledTwin(served.clsid);
    com.registerClass({ ...(served as (typeof classes)[0]), clsid, threadingModel: "Apartment" });
  }
  return {
    com,
    locate: (clsid: string, place: Place) => ({
      clsid: place === "marshaled" ? marshaledTwin(clsid) : clsid,
    }),
    expectNoLeaks: async () => {
      // In an hour of virtual time everything that was under way has ended.
      await new Promise<void>((resolve) => emulator.clock.setTimer(3_600_000, resolve));
      await com.expectNoLeaks();
    },
    close: () => com.close(),
  };
}
