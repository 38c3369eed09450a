import assert from "node:assert/strict";
import { AsyncIPipeByte, IPipeByte } from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import type { Stage } from "../harness/stage.ts";
import { adder, IAdder } from "./srv-adder.ts";
import { gate, passes } from "./sync-gate.ts";

const NEEDS = ["synchronize-hooks", "implement", "virtual-clock"] as const;

/** When the server replies, and how long Add keeps its thread: past the reply. */
const REPLY_MS = 100;
const BUSY_MS = 1000;

/** An apartment with an idle hooked call, and an object whose Add keeps a thread without pumping. */
async function client(stage: Stage, kind: "sta" | "mta") {
  const { clock } = stage.com;
  const [ours, others] = await Promise.all([
    stage.com.openApartment(kind),
    stage.com.openApartment("sta"),
  ]);
  const { pipe, control } = await stage.slowPipe();
  await control.SetDelay(REPLY_MS);
  const pipeHere = stage.hold(await ours.unmarshal(await stage.com.marshal(pipe), IPipeByte));
  const add = async (a: number, b: number) => {
    await passes(clock, BUSY_MS);
    return a + b;
  };
  const object = stage.hold(ours.implement([IAdder], adder({ add })));
  const busy = stage.hold(await others.unmarshal(await ours.marshal(object), IAdder));
  const signaled = gate<number>();
  const call = await stage.callOf(pipeHere, AsyncIPipeByte, {
    synchronize: { Signal: () => signaled.open(clock.now()) },
  });
  return { busy, call, signaledAtMs: signaled.opened };
}

/** Where and when COM calls the Signal of a client's outer object. */
export const syncHooksApartment: readonly ConformanceTest[] = [
  conformance(
    "SYNC-25",
    "an STA's outer is Signaled when the STA pumps, not before",
    { at: "marshaled", needs: NEEDS },
    async (stage) => {
      const { busy, call, signaledAtMs } = await client(stage, "sta");
      await call.Begin_Pull(4);

      await busy.Add(1, 2);

      assert.equal(await signaledAtMs, BUSY_MS);
    },
  ),

  conformance(
    "SYNC-25",
    "the outer of an STA with nothing else to do is Signaled when the reply is there",
    { at: "marshaled", needs: NEEDS },
    async (stage) => {
      const { call, signaledAtMs } = await client(stage, "sta");

      await call.Begin_Pull(4);

      assert.equal(await signaledAtMs, REPLY_MS);
    },
  ),

  conformance(
    "SYNC-25",
    "the MTA's outer is Signaled while another call keeps a thread of the MTA",
    { at: "marshaled", needs: NEEDS },
    async (stage) => {
      const { busy, call, signaledAtMs } = await client(stage, "mta");
      await call.Begin_Pull(4);

      await busy.Add(1, 2);

      assert.equal(await signaledAtMs, REPLY_MS);
    },
  ),
];
