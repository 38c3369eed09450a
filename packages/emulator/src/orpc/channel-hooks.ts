import {
  type Guid,
  type HResult,
  IChannelHook,
  type Method,
  type Reply,
  S_OK,
} from "@callfactory/core";
import type { OrpcExtent } from "@callfactory/wire";
import type { CallContext } from "../apartment/apartment.ts";
import type { Pointer } from "../object/com-object.ts";

/** Little-endian integers, ASCII, IEEE floating point. */
const NDR_LOCAL_DATA_REPRESENTATION = 0x10;

const NONE: readonly OrpcExtent[] = [];

/** A call as hooks are told of it. */
export interface HookedCall {
  readonly iid: Guid;
  readonly context: CallContext;
  /** How the method ended; S_OK before it has. */
  readonly hr?: HResult;
}

/**
 * The channel hooks of a process: each sends an extent with requests and replies, and is told what
 * came from the other side (MAR-14). They answer at once: what a hook promises for later is not sent.
 */
export class ChannelHooks {
  readonly #hooks = new Map<Guid, Pointer>();

  /** CoRegisterChannelHook: holds `hook`; `null` takes one back, which COM itself does not offer. */
  register(extension: Guid, hook: Pointer | null): void {
    this.#hooks.get(extension)?.unknown.release();
    this.#hooks.delete(extension);
    if (hook === null) return;
    hook.unknown.addRef();
    this.#hooks.set(extension, hook);
  }

  /** The process ends. */
  clear(): void {
    for (const hook of this.#hooks.values()) hook.unknown.release();
    this.#hooks.clear();
  }

  /** What goes with a request (`Client`) or a reply (`Server`). */
  extents(
    side: "Client" | "Server",
    { iid, context, hr = S_OK }: HookedCall,
  ): readonly OrpcExtent[] {
    if (this.#hooks.size === 0) return NONE;
    const fault = side === "Server" ? [hr] : [];
    const found: OrpcExtent[] = [];
    for (const [id, hook] of this.#hooks) {
      const ask = (name: string, args: readonly unknown[]): unknown =>
        valueOf(hook.invoke(methodOf(`${side}${name}`), args, context));
      const size = ask("GetSize", [id, iid, ...fault]);
      if (typeof size !== "number" || size === 0) continue;
      const filled = ask("FillBuffer", [id, iid, size, ...fault]) as Filled | undefined;
      if (filled !== undefined) found.push({ id, data: filled.pDataBuffer });
    }
    return found;
  }

  /** Tells every hook what came from the other side; nothing, when its extent is not there. */
  notify(
    side: "Client" | "Server",
    extents: readonly OrpcExtent[] | null,
    { iid, context, hr = S_OK }: HookedCall,
  ): void {
    const fault = side === "Client" ? [hr] : [];
    for (const [id, hook] of this.#hooks) {
      const data = extents?.find((extent) => extent.id === id)?.data ?? new Uint8Array(0);
      const args = [id, iid, data.length, data, NDR_LOCAL_DATA_REPRESENTATION, ...fault];
      void hook.invoke(methodOf(`${side}Notify`), args, context);
    }
  }
}

interface Filled {
  readonly pDataBuffer: Uint8Array;
}

function methodOf(name: string): Method {
  return IChannelHook.members.get(name) as Method;
}

function valueOf(reply: Reply | Promise<Reply>): unknown {
  return reply instanceof Promise ? undefined : reply.value;
}
