import { ComError, E_NOTIMPL, type Method, mapArgs, type Reply } from "@callfactory/core";
import type { ThreadHandle } from "../com-thread.ts";
import { bridgeOf } from "../emulator-object.ts";
import { DISCONNECTED, dropResult, wrapResult } from "../object/pointer-bridge.ts";
import { apartmentFunctions } from "./apartment-functions.ts";
import { cancelFunctions } from "./cancel-functions.ts";
import type { ComFunctionGroup } from "./com-function.ts";
import { objectFunctions } from "./object-functions.ts";
import { securityFunctions } from "./security-functions.ts";
import { threadFunctions } from "./thread-functions.ts";
import {
  kernelFunctions,
  messageFunctions,
  type SystemFunction,
  waitFunctions,
} from "./wait-functions.ts";

const FUNCTIONS: ComFunctionGroup = {
  ...apartmentFunctions,
  ...cancelFunctions,
  ...objectFunctions,
  ...securityFunctions,
};

/** Functions of the system, which need no apartment. */
const SYSTEM_FUNCTIONS = { ...kernelFunctions, ...waitFunctions, ...messageFunctions };

/** Calls one of COM's functions on a thread; what it waits for ends with the apartment (LIFE-09). */
export function callFunction(
  thread: ThreadHandle,
  fn: Method,
  args: readonly unknown[],
): Promise<Reply> {
  const own = threadFunctions[fn.name];
  if (own !== undefined) return Promise.resolve(own(thread, args));
  const system = SYSTEM_FUNCTIONS[fn.name];
  if (system !== undefined) return callSystem(thread, system, args);
  const run = FUNCTIONS[fn.name];
  if (run === undefined) throw new ComError(E_NOTIMPL, fn.qualifiedName);
  const caller = thread.caller(fn.qualifiedName);
  const bridge = bridgeOf(caller);
  const { ledger } = caller.process.services;
  const place = fn.hasInterfaces ? ledger.place() : null;
  const work = async (): Promise<Reply> => {
    const values = mapArgs(fn, args, (object) => bridge.borrow(object));
    const reply = await run(caller, values);
    return fn.hasInterfaces ? ledger.at(place, () => wrapResult(fn, reply, bridge)) : reply;
  };
  return caller.entry.callers.wait(work, DISCONNECTED, (late) => dropResult(fn, late));
}

/** Calls a function of the system, which a thread outside of any apartment may do as well. */
function callSystem(
  handle: ThreadHandle,
  fn: SystemFunction,
  args: readonly unknown[],
): Promise<Reply> {
  const { process, thread, id } = handle;
  const caller = { process, thread: thread ?? { id, apartment: null } };
  const work = async (): Promise<Reply> => fn(caller, args);
  if (thread === null) return work();
  return handle.caller("GetCurrentThread").entry.callers.wait(work, DISCONNECTED, () => {});
}
