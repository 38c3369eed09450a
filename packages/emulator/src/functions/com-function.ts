import type { Awaitable, HResult, Reply } from "@callfactory/core";
import type { Caller } from "../caller.ts";

/** Runs one of COM's functions for a caller; interface pointers among the values are `Pointer`s. */
export type ComFunction = (caller: Caller, args: readonly unknown[]) => Awaitable<Reply>;

/** Functions by name, as the Windows headers spell it. */
export type ComFunctionGroup = Readonly<Record<string, ComFunction>>;

/** The reply of a function: its HRESULT, and what it gives. */
export function reply(hr: HResult, value?: unknown): Reply {
  return { hr, value };
}
