import { type Awaitable, type Reply, S_OK } from "@callfactory/core";
import type { ThreadHandle } from "../com-thread.ts";
import { reply } from "./com-function.ts";

/** Runs one of the functions that a thread calls whether or not it is in an apartment. */
export type ThreadFunction = (thread: ThreadHandle, args: readonly unknown[]) => Awaitable<Reply>;

/** What a thread asks about itself, and how it gets into an apartment and out again. */
export const threadFunctions: Readonly<Record<string, ThreadFunction>> = {
  GetCurrentThreadId: (thread) => reply(S_OK, thread.id),

  CoInitializeEx: (thread, [flags]) => reply(thread.initialize(flags as number)),

  CoUninitialize: (thread) => {
    thread.uninitialize();
    return reply(S_OK);
  },
};
