import {
  type BackendCall,
  type BackendObject,
  CO_E_RELEASED,
  ComError,
  failed,
  type HResult,
  type Interface,
  mapArgs,
  type Method,
  type Reply,
  RPC_S_CALLPENDING,
  S_OK,
  hresult,
  type TraceEvent,
} from "@callfactory/core";
import type { NativeCallHandle, NativeObjectHandle } from "./addon.ts";
import { noInterface } from "./failure-detail.ts";
import { type NativeProcess, systemClock } from "./native-process.ts";
import { type PointerBridge, readReply } from "./reply.ts";
import { SignalWaiters } from "./signal-waiters.ts";

/** The call that a call object has open. */
interface OpenCall {
  readonly callId: number;
  readonly method: string;
}

/** What a {@link NativeCall} is made with. */
export interface NativeCallOptions {
  /** The addon's call object, taken over. */
  readonly handle: NativeCallHandle;
  readonly iface: Interface;
  readonly process: NativeProcess;
  /** Whose tickets the call's operations are. */
  readonly apartment: object;
  readonly bridge: PointerBridge;
}

/** A client call object over a real one, which an outer object of the addon aggregates. */
export class NativeCall implements BackendCall {
  readonly #options: NativeCallOptions;
  readonly #waiters: SignalWaiters;
  #handle: NativeCallHandle | null;
  #open: OpenCall | null = null;

  constructor(options: NativeCallOptions) {
    this.#options = options;
    this.#handle = options.handle;
    const { tickets } = options.process.loaded;
    this.#waiters = new SignalWaiters(options.handle, tickets, options.apartment);
  }

  async begin(method: Method, args: readonly unknown[]): Promise<void> {
    const handle = this.#alive();
    const begin = this.#half("Begin_", method);
    const id = this.#options.process.loaded.signatures.methodId(begin);
    const values = mapArgs(begin, args, (object) => this.#options.bridge.borrow(object));
    const call = { callId: this.#options.process.nextCallId(), method: method.qualifiedName };
    try {
      await this.#options.process.start<void>(
        this.#options.apartment,
        () => [begin.qualifiedName],
        (ticket) => handle.begin(ticket, id, values),
      );
    } catch (error) {
      if (error instanceof ComError) this.#trace("begin", call, error.hr);
      throw error;
    }
    this.#trace("begin", call, S_OK);
    // Released meanwhile: the call went on without us.
    if (this.#handle === null) return this.#trace("abandon", call, S_OK);
    this.#open = call;
    if (this.#options.process.isTraced) this.#waiters.notify(() => this.#traceSignal(call));
  }

  async wait(timeoutMs: number): Promise<HResult> {
    if (this.#alive().signaled()) return S_OK;
    if (timeoutMs <= 0) return RPC_S_CALLPENDING;
    const hr = await this.#waiters.wait(timeoutMs);
    if (this.#handle === null) this.#alive();
    if (failed(hr) && hr !== RPC_S_CALLPENDING) throw new ComError(hr, "ISynchronize::Wait");
    return hr;
  }

  async finish(method: Method): Promise<Reply> {
    const handle = this.#alive();
    const finish = this.#half("Finish_", method);
    const id = this.#options.process.loaded.signatures.methodId(finish);
    const reply = await this.#options.process.start<readonly unknown[]>(
      this.#options.apartment,
      () => [finish.qualifiedName],
      (ticket) => handle.finish(ticket, id),
    );
    const hr = hresult(reply[0] as number);
    const open = this.#open;
    if (open !== null && open.method === method.qualifiedName) {
      this.#trace("finish", open, hr);
      // A call object may say that it has not finished after all (FIN-04).
      if (hr !== RPC_S_CALLPENDING) this.#open = null;
    }
    const { bridge, process } = this.#options;
    const raw = { method: finish, shaper: method, values: reply };
    return readReply(raw, process.loaded.signatures, bridge);
  }

  async cancel(cancelSeconds: number): Promise<HResult> {
    const handle = this.#alive();
    const open = this.#open;
    const hr = await this.#ask("Cancel", (ticket) => handle.cancel(ticket, cancelSeconds));
    if (open !== null) this.#trace("cancel", open, hr);
    return hr;
  }

  async testCancel(): Promise<HResult> {
    const handle = this.#alive();
    return this.#ask("TestCancel", (ticket) => handle.testCancel(ticket));
  }

  async queryInterface(iface: Interface): Promise<BackendObject> {
    const handle = this.#alive();
    const id = this.#options.process.loaded.signatures.interfaceId(iface);
    const found = await this.#options.process.start<NativeObjectHandle>(
      this.#options.apartment,
      (hr) => [`${this.#options.iface.name}::QueryInterface`, noInterface(hr, iface)],
      (ticket) => handle.queryInterface(ticket, id),
    );
    return this.#options.bridge.wrap(found, iface);
  }

  release(): void {
    const handle = this.#handle;
    if (handle === null) return;
    this.#handle = null;
    if (this.#open !== null) this.#trace("abandon", this.#open, S_OK);
    this.#open = null;
    handle.release();
    this.#waiters.end(CO_E_RELEASED);
  }

  async #ask(name: string, run: (ticket: number) => void): Promise<HResult> {
    const hr = await this.#options.process.start<number>(
      this.#options.apartment,
      () => [`ICancelMethodCalls::${name}`],
      run,
    );
    return hresult(hr);
  }

  #alive(): NativeCallHandle {
    if (this.#handle !== null) return this.#handle;
    throw new ComError(CO_E_RELEASED, this.#options.iface.name, {
      detail: "the call object was released; create another with createCall",
    });
  }

  #half(kind: "Begin_" | "Finish_", method: Method): Method {
    const half = this.#options.iface.members.get(`${kind}${method.name}`);
    if (half?.half?.of === method) return half;
    throw new TypeError(`${this.#options.iface.name} has no ${kind}${method.name}`);
  }

  #trace(kind: "begin" | "finish" | "cancel" | "abandon", call: OpenCall, hr: HResult): void {
    if (!this.#options.process.isTraced) return;
    const event: TraceEvent = { kind, atMs: systemClock.now(), ...call, hr };
    this.#options.process.emit(event);
  }

  #traceSignal(call: OpenCall): void {
    this.#options.process.emit({ kind: "signal", atMs: systemClock.now(), ...call });
  }
}
