import {
  AsyncIPipeByte,
  CLSID_ManualResetEvent,
  type Com,
  INFINITE,
  type IncomingCall,
  type InterfacePointer,
  IPipeByte,
  ISynchronize,
  type NoMethods,
} from "callfactory";
import type { Stage } from "../harness/stage.ts";
import { createCallRaw } from "./call-create.ts";

/** What a test puts in the place of an outer's ISynchronize; the rest forwards to the outer's event. */
export interface Overrides {
  readonly Wait?: (forward: () => Promise<void>) => Promise<void> | void;
  /** Asked each time before the inner unknown is shown; what it throws is QueryInterface's. */
  readonly onQuery?: (iid: string) => void;
  readonly Signal?: (forward: () => Promise<void>, call: IncomingCall) => Promise<void> | void;
}

/**
 * An outer written in JavaScript around a call object of a pipe, as clients of COM write it: it
 * answers for ISynchronize with an event of its own, and asks the inner unknown for all else.
 * The pipe's calls stay open until CompleteCalls.
 */
export async function outerCall(stage: Stage, overrides: Overrides = {}, home: Com = stage.com) {
  const { pipe, control } = await stage.slowPipe();
  await control.SetDelay(INFINITE);
  const at =
    home === stage.com
      ? pipe
      : stage.hold(await home.unmarshal(await stage.com.marshal(pipe), IPipeByte));
  const event = await home.createInstance(CLSID_ManualResetEvent, ISynchronize);
  const log: string[] = [];
  const asked: string[] = [];
  let inner: InterfacePointer<NoMethods> | null = null;
  const wait = overrides.Wait ?? ((forward) => forward());
  const signal = overrides.Signal ?? ((forward) => forward());
  const outer = stage.hold(
    home.implement([ISynchronize], {
      Wait: async (flags, timeoutMs) => {
        log.push("Wait");
        await wait(async () => event.Wait(flags, timeoutMs));
      },
      Signal: async (call) => {
        log.push("Signal");
        await signal(async () => event.Signal(), call);
      },
      Reset: async () => {
        log.push("Reset");
        await event.Reset();
      },
      queryInner: (iid) => {
        asked.push(iid);
        overrides.onQuery?.(iid);
        return inner;
      },
      finalRelease: () => {
        log.push("released");
        inner?.release();
        event.release();
      },
    }),
  );
  inner = await createCallRaw(at, { riid: AsyncIPipeByte.iid, outer });
  const call = await stage.query(outer, AsyncIPipeByte);
  return { pipe, control, outer, inner, call, log, asked };
}
