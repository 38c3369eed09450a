import {
  failed,
  type Method,
  mapOuts,
  type Reply,
  RPC_E_DISCONNECTED,
  shapeResult,
  spreadResult,
} from "@callfactory/core";
import type { Thread } from "../apartment/apartment.ts";
import type { Pointer } from "./com-object.ts";

/** How interface pointers look on the seam, for one apartment. */
export interface PointerBridge {
  /** Wraps a pointer, for `thread` if one is named; the wrapper owns a reference of its own. */
  wrap(pointer: Pointer, thread?: Thread): { release(): void };
  /** The pointer behind a wrapper, borrowed. */
  borrow(wrapper: NonNullable<unknown>): Pointer;
  /** The pointer behind a wrapper, with its reference; the wrapper is released. */
  take(wrapper: NonNullable<unknown>): Pointer;
}

/** What a caller gets whose apartment ends before the call does (LIFE-09). */
export const DISCONNECTED: Reply = { hr: RPC_E_DISCONNECTED, value: undefined };

/** Releases the references of a result that nobody takes. */
export function dropResult(method: Method, reply: Reply): void {
  if (!method.hasInterfaces || failed(reply.hr)) return;
  mapOuts(method, spreadResult(method, reply.value), (wrapper) => {
    (wrapper as { release(): void }).release();
    return null;
  });
}

/** Turns the pointers of a result into references of the caller. */
export function wrapResult(method: Method, reply: Reply, bridge: PointerBridge): Reply {
  if (failed(reply.hr) || method.results.length === 0) return reply;
  const outs = mapOuts(method, spreadResult(method, reply.value), (pointer) => {
    const wrapper = bridge.wrap(pointer as Pointer);
    // The result's own reference is replaced by the wrapper's.
    (pointer as Pointer).unknown.release();
    return wrapper;
  });
  return { ...reply, value: shapeResult(method, outs) };
}
