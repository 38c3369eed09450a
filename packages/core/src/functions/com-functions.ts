import { ApartmentFunctions } from "./apartment-functions.ts";
import { CancelFunctions } from "./cancel-functions.ts";
import type { FunctionTable, Functions } from "./function-table.ts";
import { ObjectFunctions } from "./object-functions.ts";
import { SecurityFunctions, TokenFunctions } from "./security-functions.ts";
import { ThreadFunctions } from "./thread-functions.ts";
import { KernelFunctions, MessageFunctions, WaitFunctions } from "./wait-functions.ts";

/**
 * The functions of COM that a program calls besides methods, spelled as in the Windows headers.
 * Parameters that must be NULL are left out; the thread they speak of is the handle's own.
 */
export const ComFunctions = merge(
  ApartmentFunctions,
  ThreadFunctions,
  ObjectFunctions,
  CancelFunctions,
  SecurityFunctions,
  TokenFunctions,
  KernelFunctions,
  WaitFunctions,
  MessageFunctions,
);

/** {@link ComFunctions} as promises. */
export type ComFunctionCalls =
  typeof ComFunctions extends FunctionTable<infer S> ? Functions<S> : never;

type Shape<T> = T extends FunctionTable<infer S> ? S : never;

type Both<T> = (T extends unknown ? (value: Shape<T>) => void : never) extends (
  value: infer S,
) => void
  ? S
  : never;

function merge<const T extends readonly FunctionTable[]>(
  ...tables: T
): FunctionTable<Both<T[number]>> {
  return { members: new Map(tables.flatMap((table) => [...table.members])) };
}
