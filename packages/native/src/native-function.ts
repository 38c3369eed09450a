import { ComError, E_NOTIMPL, mapArgs, type Method, type Reply } from "@callfactory/core";
import type { NativeApartmentHandle } from "./addon.ts";
import { FUNCTION_SHAPES, type FunctionName, type FunctionShape } from "./function-shapes.ts";
import type { NativeProcess } from "./native-process.ts";
import { type PointerBridge, readReply } from "./reply.ts";

/** On whose behalf a function is called. */
export interface FunctionContext {
  readonly handle: NativeApartmentHandle;
  readonly process: NativeProcess;
  /** Whose tickets the calls are. */
  readonly apartment: object;
  readonly bridge: PointerBridge;
}

/**
 * Calls one of COM's functions on a thread of an apartment.
 *
 * @throws ComError E_NOTIMPL when this Windows does not have it.
 */
export async function callFunction(
  { handle, process, apartment, bridge }: FunctionContext,
  fn: Method,
  args: readonly unknown[],
): Promise<Reply> {
  const shape = FUNCTION_SHAPES[fn.name as FunctionName] as FunctionShape | undefined;
  if (shape === undefined) throw notHere(fn, "the native backend does not know it");
  const { signatures } = process.loaded;
  const id = signatures.functionId(fn, shape);
  if (id === null) throw notHere(fn, `${shape.library} of this Windows does not export it`);
  const values = mapArgs(fn, args, (object) => bridge.borrow(object));
  const { blocks = false } = shape;
  const mayBlock = typeof blocks === "function" ? blocks(args) : blocks;
  const reply = await process.start<readonly unknown[]>(
    apartment,
    () => [fn.qualifiedName],
    (ticket) => handle.call(ticket, id, values, mayBlock),
  );
  return readReply({ method: fn, shaper: fn, values: reply }, signatures, bridge);
}

function notHere(fn: Method, detail: string): ComError {
  return new ComError(E_NOTIMPL, fn.qualifiedName, { detail: `${fn.name}: ${detail}` });
}
