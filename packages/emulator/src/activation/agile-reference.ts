import { type Guid, IAgileReference, S_OK } from "@callfactory/core";
import type { KeptPointer } from "../marshal/kept-pointer.ts";
import { chain } from "../object/awaitable.ts";
import { ComObject, type Pointer } from "../object/com-object.ts";
import type { Ledger } from "../object/ledger.ts";
import type { MarshalerOf } from "./global-interface-table.ts";

/** An agile reference: holds an object, and gives every apartment a pointer of its own to it. */
export class AgileReference extends ComObject {
  /** IAgileReference, borrowed. */
  readonly pointer: Pointer;
  readonly #kept: KeptPointer;

  /** Takes over `kept`. */
  constructor(kept: KeptPointer, marshalerOf: MarshalerOf, ledger: Ledger) {
    super({ apartment: null, ledger, kind: "object" });
    this.#kept = kept;
    this.pointer = this.expose(IAgileReference, (_method, args, context) =>
      chain(kept.resolve(marshalerOf(context), args[0] as Guid), (value) => ({ hr: S_OK, value })),
    );
  }

  protected override finalRelease(): void {
    void this.#kept.release();
  }
}
