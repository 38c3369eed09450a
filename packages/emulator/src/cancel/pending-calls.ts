import {
  CO_E_CANCEL_DISABLED,
  E_ACCESSDENIED,
  E_UNEXPECTED,
  type HResult,
  S_OK,
} from "@callfactory/core";
import type { OutgoingSyncCall, Thread } from "../apartment/apartment.ts";
import type { Pointer } from "../object/com-object.ts";
import { LinkedStack } from "./linked-stack.ts";

/** An object that a custom marshaler set for the call that it makes (CAN-21). */
class MarshalerObject {
  /** Owned: one reference. */
  readonly pointer: Pointer;
  readonly isCancelable: boolean;

  constructor(pointer: Pointer, isCancelable: boolean) {
    this.pointer = pointer;
    this.isCancelable = isCancelable;
  }
}

/** What CoGetCancelObject finds. */
export type CancelTarget = OutgoingSyncCall | Pointer;

/**
 * The synchronous calls that one thread waits for, and whether it lets them be canceled.
 *
 * Several that JavaScript makes at once from one handle count as nested ones: the latest is the
 * innermost.
 */
export class PendingCalls {
  /** The innermost on top; calls that were made at once end in any order. */
  readonly #stack = new LinkedStack<OutgoingSyncCall | MarshalerObject>();
  /** Those among them that have a cancel object. */
  readonly #cancelable = new LinkedStack<OutgoingSyncCall | MarshalerObject>();
  readonly #onChange: (calls: PendingCalls) => void;
  #enabled = 0;

  /** `onChange` is told whenever the thread may have become one with something to cancel. */
  constructor(onChange: (calls: PendingCalls) => void) {
    this.#onChange = onChange;
  }

  /** Whether a call that is made now can be canceled (CAN-16). */
  get isEnabled(): boolean {
    return this.#enabled > 0;
  }

  /** Whether there is anything to know about the thread beyond what holds for any. */
  get isNoteworthy(): boolean {
    return this.isEnabled || this.#cancelable.top !== null;
  }

  /** CoEnableCallCancellation (CAN-14). */
  enable(): HResult {
    this.#enabled++;
    this.#onChange(this);
    return S_OK;
  }

  /** CoDisableCallCancellation (CAN-14, CAN-15). */
  disable(): HResult {
    if (this.#enabled === 0) return CO_E_CANCEL_DISABLED;
    this.#enabled--;
    this.#onChange(this);
    return S_OK;
  }

  /** The thread has left COM: cancellation is disabled when it comes back (CAN-17). */
  reset(): void {
    this.#enabled = 0;
    this.#onChange(this);
  }

  push(call: OutgoingSyncCall | MarshalerObject): void {
    this.#stack.push(call);
    if (call.isCancelable) this.#cancelable.push(call);
  }

  remove(call: OutgoingSyncCall | MarshalerObject): void {
    this.#stack.remove(call);
    this.#cancelable.remove(call);
    if (call.isCancelable) this.#onChange(this);
  }

  /** The innermost call that has a cancel object (CAN-20); a pointer is borrowed. */
  get target(): CancelTarget | null {
    const { top } = this.#cancelable;
    return top instanceof MarshalerObject ? top.pointer : top;
  }

  /** CoSetCancelObject with an object; takes over its reference (CAN-21). */
  pushObject(pointer: Pointer): HResult {
    this.push(new MarshalerObject(pointer, this.isEnabled));
    this.#onChange(this);
    return S_OK;
  }

  /** CoSetCancelObject with NULL: the object of a call that COM itself marshals is not to be taken (CAN-21). */
  popObject(): HResult {
    const { top } = this.#stack;
    if (top === null) return E_UNEXPECTED;
    if (!(top instanceof MarshalerObject)) return E_ACCESSDENIED;
    this.remove(top);
    top.pointer.unknown.release();
    return S_OK;
  }
}

/** The pending calls of all threads; a thread can be found by its id once there is something to know. */
export class PendingCallTable {
  readonly #byThread = new WeakMap<Thread, PendingCalls>();
  readonly #noteworthy = new Map<number, PendingCalls>();

  of(visitor: Thread): PendingCalls {
    // A visitor of the neutral apartment is the thread that it was (APT-18).
    const thread = visitor.home ?? visitor;
    let calls = this.#byThread.get(thread);
    if (calls === undefined) {
      calls = new PendingCalls((changed) => {
        if (changed.isNoteworthy) this.#noteworthy.set(thread.id, changed);
        else this.#noteworthy.delete(thread.id);
      });
      this.#byThread.set(thread, calls);
    }
    return calls;
  }

  /** The calls of thread `id`; `null` when it lets none be canceled. */
  find(id: number): PendingCalls | null {
    return this.#noteworthy.get(id) ?? null;
  }
}
