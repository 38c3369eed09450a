import {
  type Guid,
  IComThreadingInfo,
  type Method,
  type Reply,
  S_OK,
  THDTYPE_BLOCKMESSAGES,
  THDTYPE_PROCESSMESSAGES,
} from "@callfactory/core";
import { ComObject } from "../object/com-object.ts";
import type { Ledger } from "../object/ledger.ts";
import { apartmentType, type IsMain } from "./apartment-type.ts";
import type { Thread } from "./apartment.ts";

/** What the context of a thread is made with. */
export interface ThreadingInfoOptions {
  readonly ledger: Ledger;
  readonly isMain: IsMain;
  readonly newGuid: () => Guid;
}

/** The object context of a thread: it tells of whoever asks, in its apartment (APT-15). */
export class ThreadingInfo extends ComObject {
  readonly #options: ThreadingInfoOptions;

  constructor(thread: Thread, options: ThreadingInfoOptions) {
    super({ apartment: thread.apartment, ledger: options.ledger, kind: "object" });
    this.#options = options;
    this.expose(IComThreadingInfo, (method, args, { thread: asking }) =>
      // A call of the neutral apartment asks as the thread that has it; elsewhere the caller asks.
      this.#invoke(method, args, asking.apartment === thread.apartment ? thread : asking),
    );
  }

  #invoke(method: Method, args: readonly unknown[], thread: Thread): Reply {
    const { isMain, newGuid } = this.#options;
    switch (method.name) {
      case "GetCurrentApartmentType":
        return { hr: S_OK, value: apartmentType(thread, isMain).pAptType };
      case "GetCurrentThreadType": {
        const pumps = (thread.home ?? thread).apartment.kind === "sta";
        return { hr: S_OK, value: pumps ? THDTYPE_PROCESSMESSAGES : THDTYPE_BLOCKMESSAGES };
      }
      case "GetCurrentLogicalThreadId":
        return { hr: S_OK, value: thread.currentCid(newGuid) };
      default:
        thread.setCid(args[0] as Guid);
        return { hr: S_OK, value: undefined };
    }
  }
}
