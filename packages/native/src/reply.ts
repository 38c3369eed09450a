import {
  type BackendObject,
  type ErrorInfo,
  failed,
  hresult,
  type Interface,
  mapOuts,
  type Method,
  type Reply,
  shapeResult,
} from "@callfactory/core";
import type { NativeObjectHandle } from "./addon.ts";
import type { SignatureTable } from "./signature-table.ts";

/** How interface pointers look on either side of one apartment. */
export interface PointerBridge {
  /** Takes over the addon's reference. */
  wrap(handle: NativeObjectHandle, iface: Interface): BackendObject;
  /** The addon's reference behind an argument, borrowed; throws when it cannot be passed here. */
  borrow(object: unknown): NativeObjectHandle;
}

/** What {@link readReply} reads. */
export interface RawReply {
  /** The method that was called. */
  readonly method: Method;
  /** The method as the caller knows it: the synchronous one for a Finish_ half. */
  readonly shaper: Method;
  /**
   * The HRESULT; after a ULONG method what it returned; then all outs of `method`. For a failure,
   * what the server says of it.
   */
  readonly values: readonly unknown[];
}

/** Makes a reply of what the addon says. */
export function readReply(
  { method, shaper, values }: RawReply,
  signatures: SignatureTable,
  bridge: PointerBridge,
): Reply {
  const hr = hresult(values[0] as number);
  if (failed(hr)) return { hr, value: undefined, ...saidOf(values[1]) };
  // What such a method returns is its result, as the emulator has it.
  if (method.returns === "ULONG") return { hr, value: values[1] };
  const wrap = (pointer: unknown): BackendObject => {
    const handle = pointer as NativeObjectHandle;
    return bridge.wrap(handle, signatures.interfaceOf(handle.interfaceId));
  };
  return { hr, value: shapeResult(shaper, mapOuts(method, values.slice(1), wrap)) };
}

/** What the server says of a failure: [description, source, helpFile, helpContext, iid] (MAR-14). */
function saidOf(detail: unknown): { readonly errorInfo?: ErrorInfo } {
  if (!Array.isArray(detail)) return {};
  const names = ["description", "source", "helpFile", "helpContext", "iid"] as const;
  const said = names.map((name, i) => [name, detail[i] as unknown] as const);
  return { errorInfo: Object.fromEntries(said.filter(([, value]) => value !== undefined)) };
}
