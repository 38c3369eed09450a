import { type HResult, ICancelMethodCalls } from "@callfactory/core";
import type { OutgoingSyncCall } from "../apartment/apartment.ts";
import { chain } from "../object/awaitable.ts";
import { ComObject } from "../object/com-object.ts";
import type { Ledger } from "../object/ledger.ts";

/** COM's own cancel object of a synchronous call: usable from any thread, also after the call (CAN-20). */
export class CancelObject extends ComObject {
  constructor(call: OutgoingSyncCall, ledger: Ledger) {
    super({ apartment: null, ledger, kind: "object" });
    const reply = (hr: HResult) => ({ hr, value: undefined });
    this.expose(ICancelMethodCalls, (method, args, context) =>
      method.name === "TestCancel"
        ? reply(call.testCancel())
        : chain(call.cancel(args[0] as number, context), reply),
    );
  }
}
