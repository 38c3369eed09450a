import { ComError, E_NOTIMPL, type Method, mapArgs, type Reply } from "@callfactory/core";
import type { Caller } from "../caller.ts";
import { bridgeOf } from "../emulator-object.ts";
import { DISCONNECTED, dropResult, wrapResult } from "../object/pointer-bridge.ts";
import { cancelFunctions } from "./cancel-functions.ts";
import type { ComFunctionGroup } from "./com-function.ts";
import { threadFunctions } from "./thread-functions.ts";
import { kernelFunctions, messageFunctions, waitFunctions } from "./wait-functions.ts";

const FUNCTIONS: ComFunctionGroup = {
  ...threadFunctions,
  ...cancelFunctions,
  ...kernelFunctions,
  ...waitFunctions,
  ...messageFunctions,
};

/** Calls one of COM's functions on a thread; what it waits for ends with the apartment (LIFE-09). */
export function callFunction(caller: Caller, fn: Method, args: readonly unknown[]): Promise<Reply> {
  const run = FUNCTIONS[fn.name];
  if (run === undefined) throw new ComError(E_NOTIMPL, fn.qualifiedName);
  const bridge = bridgeOf(caller);
  const work = async (): Promise<Reply> => {
    const values = mapArgs(fn, args, (object) => bridge.borrow(object));
    const reply = await run(caller, values);
    return fn.hasInterfaces ? wrapResult(fn, reply, bridge) : reply;
  };
  return caller.entry.callers.wait(work, DISCONNECTED, (late) => dropResult(fn, late));
}
