import {
  type Awaitable,
  type BackendObject,
  ComError,
  E_NOINTERFACE,
  failed,
  type HResult,
  ICancelMethodCalls,
  type Interface,
  ISynchronize,
  IUnknown,
  type Method,
  type Reply,
  RPC_E_CALL_COMPLETE,
  RPC_E_DISCONNECTED,
  RPC_S_CALLPENDING,
  S_OK,
  type ServerCall,
} from "@callfactory/core";
import type { NativeIncomingHandle } from "./addon.ts";
import { type Home, NativeObject } from "./native-object.ts";
import type { NativeProcess } from "./native-process.ts";

/** A call that JavaScript is working on. */
export interface RunningCall {
  readonly incoming: NativeIncomingHandle;
  readonly apartment: Home;
  readonly process: NativeProcess;
}

/** The controlling unknown of the object that runs; the caller owns the reference. */
function controllingOf({ incoming, apartment, process }: RunningCall): NativeObject {
  const handle = incoming.self(process.loaded.signatures.interfaceId(IUnknown));
  if (handle !== null) return new NativeObject(handle, IUnknown, process, apartment);
  throw new ComError(RPC_E_DISCONNECTED, "IUnknown::QueryInterface", {
    detail: "the call is over, and with it what kept the object alive",
  });
}

async function selfOf(call: RunningCall, iface: Interface): Promise<BackendObject> {
  const controlling = controllingOf(call);
  try {
    return await controlling.queryInterface(iface);
  } finally {
    controlling.release();
  }
}

/** What the method of an ordinary object sees of its call. */
export function plainCall(call: RunningCall): ServerCall {
  return {
    apartment: call.apartment,
    self: (iface) => selfOf(call, iface),
    signal: () => E_NOINTERFACE,
    reset: () => E_NOINTERFACE,
    signaled: () => Promise.reject(new ComError(E_NOINTERFACE, "ISynchronize")),
    testCancel: () => RPC_S_CALLPENDING,
  };
}

/**
 * The synchronization of a call object that JavaScript serves.
 *
 * JavaScript is in no apartment, so Signal and Reset go to the controlling unknown's ISynchronize
 * behind its back, one after the other (SRV-11). Whoever works on a call holds its call object: from
 * Begin_ to the signal, so that an abandoned call still has somebody to tell (FNF-02).
 */
export class CallSynchronization {
  #held: NativeObject | null = null;
  #isSignaled = false;
  #waiting: (() => void)[] = [];
  #order: Promise<void> = Promise.resolve();
  #testedHr: HResult = RPC_S_CALLPENDING;

  /** Runs a Begin_; its reply waits until a Reset of its own has arrived (BEG-09). */
  begin(call: RunningCall, run: (call: ServerCall) => Awaitable<Reply>): Awaitable<Reply> {
    this.#held?.release();
    this.#held = controllingOf(call);
    this.#testedHr = RPC_S_CALLPENDING;
    const before = this.#order;
    const begun = run(this.of(call));
    const end = (reply: Reply): Awaitable<Reply> => {
      // A Begin_ that fails leaves nothing to work on, unless it has signaled (SRV-06).
      if (failed(reply.hr)) this.#letGo();
      return this.#order === before ? reply : this.#order.then(() => reply);
    };
    if (!(begun instanceof Promise)) return end(begun);
    return begun.then(end, (error: unknown) => {
      this.#letGo();
      throw error;
    });
  }

  /** What Begin_ and Finish_ see of their call. */
  of(call: RunningCall): ServerCall {
    return {
      apartment: call.apartment,
      self: (iface) => selfOf(call, iface),
      signal: () => this.#signal(),
      reset: () => this.#reset(),
      signaled: () => this.#signaled(),
      testCancel: () => this.#testCancel(),
    };
  }

  #signal(): HResult {
    const object = this.#held;
    this.#isSignaled = true;
    for (const resolve of this.#waiting.splice(0)) resolve();
    // The call is over: whoever still signals finds nothing to complete (SRV-20).
    if (object === null) return RPC_E_CALL_COMPLETE;
    this.#held = null;
    this.#then(object, "Signal");
    object.release();
    return S_OK;
  }

  #reset(): HResult {
    this.#isSignaled = false;
    if (this.#held === null) return RPC_E_CALL_COMPLETE;
    this.#then(this.#held, "Reset");
    return S_OK;
  }

  #signaled(): Promise<void> {
    if (this.#isSignaled) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** What the last question gave, and asks another: nobody may wait here. */
  #testCancel(): HResult {
    const object = this.#held?.addRef();
    if (object !== undefined) {
      const asked = ask(object, ICancelMethodCalls, "TestCancel");
      void asked.then((hr) => {
        object.release();
        if (hr !== E_NOINTERFACE) this.#testedHr = hr;
      });
    }
    return this.#testedHr;
  }

  #letGo(): void {
    this.#held?.release();
    this.#held = null;
  }

  #then(object: BackendObject, name: "Signal" | "Reset"): void {
    const own = object.addRef();
    this.#order = this.#order.then(async () => {
      await ask(own, ISynchronize, name);
      own.release();
    });
  }
}

/** Calls a method of an interface of `object`; an object that is gone has nothing to say. */
async function ask(object: BackendObject, iface: Interface, name: string): Promise<HResult> {
  try {
    const asked = await object.queryInterface(iface);
    const { hr } = await asked.invoke(iface.members.get(name) as Method, []);
    asked.release();
    return hr;
  } catch (error) {
    if (error instanceof ComError) return error.hr;
    throw error;
  }
}
