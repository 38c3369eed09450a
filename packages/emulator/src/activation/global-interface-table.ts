import {
  type Awaitable,
  E_INVALIDARG,
  type Guid,
  IGlobalInterfaceTable,
  type Method,
  type Reply,
  S_OK,
} from "@callfactory/core";
import type { CallContext } from "../apartment/apartment.ts";
import { KeptPointer } from "../marshal/kept-pointer.ts";
import type { Marshaler } from "../marshal/marshaler.ts";
import { chain } from "../object/awaitable.ts";
import { ComObject, type Pointer } from "../object/com-object.ts";

/** Finds the marshaler of the apartment that a thread is in. */
export type MarshalerOf = (context: CallContext) => Marshaler;

/**
 * The global interface table of a process: each registration keeps its object alive, and every
 * apartment gets a pointer of its own for the cookie (GIT-01, GIT-03).
 */
export class GlobalInterfaceTable extends ComObject {
  readonly #marshalerOf: MarshalerOf;
  readonly #kept = new Map<number, KeptPointer>();
  #lastCookie = 0;

  constructor(marshalerOf: MarshalerOf) {
    super({ apartment: null, ledger: null, kind: "object" });
    this.#marshalerOf = marshalerOf;
    this.expose(IGlobalInterfaceTable, (method, args, context) =>
      this.#invoke(method, args, context),
    );
  }

  #invoke(method: Method, args: readonly unknown[], context: CallContext): Awaitable<Reply> {
    switch (method.name) {
      case "RegisterInterfaceInGlobal": {
        const [pointer, riid] = args as [Pointer | null, Guid];
        if (pointer === null) return { hr: E_INVALIDARG, value: undefined };
        return this.#register(pointer, riid, context);
      }
      case "GetInterfaceFromGlobal": {
        const [cookie, riid] = args as [number, Guid];
        const pointer = this.#kept.get(cookie)?.resolve(this.#marshalerOf(context), riid);
        if (pointer === undefined) return { hr: E_INVALIDARG, value: undefined };
        return chain(pointer, (value) => ({ hr: S_OK, value }));
      }
      default:
        return this.#revoke(args[0] as number);
    }
  }

  #register(pointer: Pointer, riid: Guid, context: CallContext): Awaitable<Reply> {
    return chain(KeptPointer.of(this.#marshalerOf(context), pointer, riid), (kept) => {
      const cookie = ++this.#lastCookie;
      this.#kept.set(cookie, kept);
      return { hr: S_OK, value: cookie };
    });
  }

  /** From any apartment (GIT-02). */
  async #revoke(cookie: number): Promise<Reply> {
    const kept = this.#kept.get(cookie);
    if (kept === undefined) return { hr: E_INVALIDARG, value: undefined };
    this.#kept.delete(cookie);
    await kept.release();
    return { hr: S_OK, value: undefined };
  }
}
