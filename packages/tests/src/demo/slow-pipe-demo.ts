import {
  AsyncIPipeByte,
  type BackendName,
  type Com,
  ComError,
  type InterfacePointer,
  IPipeByte,
  openCom,
} from "callfactory";
import { CLSID_SlowPipe } from "../fixtures/interfaces.ts";
import { slowPipeClass } from "../fixtures/slow-pipe.ts";
import { Timeline } from "./timeline.ts";

/** Where to run the demo. */
export interface DemoOptions {
  readonly backend?: BackendName;
  /** The DLL that serves the SlowPipe to the native backend. */
  readonly library?: string;
}

type Pipe = InterfacePointer<
  typeof IPipeByte extends import("callfactory").Interface<infer S> ? S : never
>;

/**
 * The Old New Thing's SlowPipe: three overlapping calls, a polled wait, a cancelled call and an
 * abandoned one.
 *
 * @returns The lines of a timeline.
 */
export async function runSlowPipeDemo({ backend, library }: DemoOptions): Promise<string[]> {
  await using com = await openCom({
    ...(backend === undefined ? {} : { backend }),
    ...(backend === "native" || process.platform === "win32"
      ? {}
      : { emulator: { clock: "virtual" } }),
  });
  if (com.features.has("register-class")) com.registerClass(slowPipeClass({ cancelable: true }));
  const place = com.features.has("library-path") && library !== undefined ? { library } : {};
  await using pipe = await com.createInstance(CLSID_SlowPipe, IPipeByte, place);
  const timeline = new Timeline(com.clock);
  await overlap(pipe, timeline);
  await poll(pipe, timeline);
  await cancel(pipe, timeline);
  await abandon(pipe, timeline, com);
  return [
    `SlowPipe on the ${com.backend} backend: ${com.reason}.`,
    com.features.has("virtual-clock") ? "Time is virtual." : "Time is real.",
    "",
    ...timeline.lines(),
  ];
}

/** Three calls through one pipe take as long as the longest. */
async function overlap(pipe: Pipe, timeline: Timeline): Promise<void> {
  const lengths = [50, 100, 150];
  await Promise.all(
    lengths.map(async (length) => {
      const row = timeline.start(`Pull(${length})`);
      const call = pipe.Pull(length);
      const bytes = await call;
      row.end(`${bytes.length} bytes, lane ${call.lane}`);
    }),
  );
}

/** COM's own shape: Begin_, Wait until it says yes, Finish_. */
async function poll(pipe: Pipe, timeline: Timeline): Promise<void> {
  const row = timeline.start("Begin_Pull(60)");
  await using call = await pipe.createCall(AsyncIPipeByte);
  await call.Begin_Pull(60);
  let polls = 0;
  while (!(await call.wait(20))) polls++;
  const bytes = await call.Finish_Pull();
  row.end(`${bytes.length} bytes after ${polls} polls of 20 ms`);
}

/** The caller gives up after 30 of 200 ms. */
async function cancel(pipe: Pipe, timeline: Timeline): Promise<void> {
  const row = timeline.start("Pull(200)");
  try {
    await pipe.Pull(200, { timeoutMs: 30 });
    row.end("not canceled");
  } catch (error) {
    if (!(error instanceof ComError)) throw error;
    row.end(error.message);
  }
}

/** The call object is released with its call open. */
async function abandon(pipe: Pipe, timeline: Timeline, com: Com): Promise<void> {
  const row = timeline.start("Begin_Push(40)");
  const call = await pipe.createCall(AsyncIPipeByte);
  await call.Begin_Push(new Uint8Array(40), 40);
  call.release();
  row.end(`abandoned; ${com.backend === "native" ? "COM" : "the emulator"} cleans up`);
}
