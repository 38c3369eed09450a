import {
  type Awaitable,
  E_INVALIDARG,
  type HResult,
  IEnumMoniker,
  IRunningObjectTable,
  type Method,
  MK_E_UNAVAILABLE,
  type Reply,
  S_FALSE,
  S_OK,
} from "@callfactory/core";
import type { CallContext } from "../apartment/apartment.ts";
import { ComObject, type Pointer } from "../object/com-object.ts";
import type { Ledger } from "../object/ledger.ts";
import type { MarshalerOf } from "./global-interface-table.ts";
import type { FileTime, RunningObjectTable } from "./running-object-table.ts";

/** A process's view of the running object table: IRunningObjectTable. */
export class RunningObjects extends ComObject {
  /** IRunningObjectTable, borrowed. */
  readonly pointer: Pointer;
  readonly #table: RunningObjectTable;
  readonly #marshalerOf: MarshalerOf;
  readonly #ledger: Ledger;

  constructor(table: RunningObjectTable, marshalerOf: MarshalerOf, ledger: Ledger) {
    super({ apartment: null, ledger: null, kind: "object" });
    this.#table = table;
    this.#marshalerOf = marshalerOf;
    this.#ledger = ledger;
    this.pointer = this.expose(IRunningObjectTable, (method, args, context) =>
      this.#invoke(method, args, context),
    );
  }

  #invoke(method: Method, args: readonly unknown[], context: CallContext): Awaitable<Reply> {
    switch (method.name) {
      case "Register":
        return this.#register(args as [number, Pointer | null, Pointer | null], context);
      case "Revoke":
        return this.#table.revoke(args[0] as number).then(result);
      case "NoteChangeTime":
        return result(this.#table.noteChange(args[0] as number, args[1] as FileTime));
      case "EnumRunning": {
        const monikers = new MonikerEnumerator(this.#table.monikers(), this.#ledger);
        return { hr: S_OK, value: monikers.pointer };
      }
      default:
        return this.#ask(method, args[0] as Pointer | null, context);
    }
  }

  async #register(
    [flags, object, moniker]: [number, Pointer | null, Pointer | null],
    context: CallContext,
  ): Promise<Reply> {
    if (object === null || moniker === null) return result(E_INVALIDARG);
    const home = this.#marshalerOf(context);
    const { hr, cookie } = await this.#table.register(home, { object, moniker, flags }, context);
    return { hr, value: cookie };
  }

  async #ask(method: Method, moniker: Pointer | null, context: CallContext): Promise<Reply> {
    if (moniker === null) return result(E_INVALIDARG);
    const here = this.#marshalerOf(context);
    switch (method.name) {
      case "IsRunning":
        return result(await this.#table.isRunning(here, moniker, context));
      case "GetObject": {
        const value = await this.#table.object(here, moniker, context);
        return value === null ? result(MK_E_UNAVAILABLE) : { hr: S_OK, value };
      }
      default:
        return { hr: S_OK, value: await this.#table.changed(moniker, context) };
    }
  }
}

/** IEnumMoniker over the monikers that there were when it was made. */
class MonikerEnumerator extends ComObject {
  readonly pointer: Pointer;
  readonly #monikers: readonly Pointer[];
  readonly #ledger: Ledger;
  #next: number;

  constructor(monikers: readonly Pointer[], ledger: Ledger, next = 0) {
    super({ apartment: null, ledger, kind: "object" });
    for (const { unknown } of monikers) unknown.addRef();
    this.#monikers = monikers;
    this.#ledger = ledger;
    this.#next = next;
    this.pointer = this.expose(IEnumMoniker, (method, args) => this.#invoke(method, args));
  }

  protected override finalRelease(): void {
    for (const { unknown } of this.#monikers) unknown.release();
  }

  #invoke(method: Method, args: readonly unknown[]): Reply {
    switch (method.name) {
      case "Next": {
        const value = this.#advance(args[0] as number);
        for (const { unknown } of value) unknown.addRef();
        return { hr: value.length < (args[0] as number) ? S_FALSE : S_OK, value };
      }
      case "Skip":
        return result(
          this.#advance(args[0] as number).length < (args[0] as number) ? S_FALSE : S_OK,
        );
      case "Reset":
        this.#next = 0;
        return result(S_OK);
      default: {
        const clone = new MonikerEnumerator(this.#monikers, this.#ledger, this.#next);
        return { hr: S_OK, value: clone.pointer };
      }
    }
  }

  #advance(count: number): Pointer[] {
    const found = this.#monikers.slice(this.#next, this.#next + count);
    this.#next += found.length;
    return found;
  }
}

function result(hr: HResult): Reply {
  return { hr, value: undefined };
}
