import fc from "fast-check";
import { expect, test } from "vitest";
import { anyCommand, setup } from "./commands.ts";
import { type ServerKind, Work } from "./pipe-of-calls.ts";

// BEG-05, BEG-06, FIN-02, FIN-03, FIN-07, CAN-03, CAN-04, CAN-06 to CAN-09, CAN-11, CAN-12, FNF-01.

test.each<ServerKind>(["synchronous", "call object"])(
  "a client call object does what the model does, whatever is asked of it (server: %s)",
  async (kind) => {
    const anyCommands = fc.commands(anyCommand, { maxCommands: 40, size: "max" });

    await fc.assert(
      fc.asyncProperty(anyCommands, fc.integer(), async (commands, seed) => {
        const work = await Work.start(seed, kind);
        const { model, real } = await setup(work);

        await fc.asyncModelRun(() => ({ model, real }), commands);

        real.call.release();
        expect(await work.end()).toEqual({});
        expect(real.blocked.filter(({ hr }) => hr === "blocked")).toEqual([]);
        expect([work.repeated("signal"), work.repeated("finish")]).toEqual([[], []]);
      }),
      { numRuns: 500 },
    );
  },
);
