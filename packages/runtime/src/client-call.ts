import {
  type AsyncInterface,
  type BackendCall,
  type ClientCall,
  type CallBase,
  type ComCall,
  ComError,
  type CreateCallOptions,
  checkArgs,
  failed,
  type HResult,
  type Interface,
  type InterfacePointer,
  type Method,
  mapArgs,
  RPC_S_CALLPENDING,
  type SynchronizeHooks,
  succeeded,
  throwIfFailed,
} from "@callfactory/core";
import { Call } from "./call.ts";
import { type CallTarget, dropReply, failureOf, type PointerMapping, toCaller } from "./invoke.ts";
import { checkOptionNames } from "./option-names.ts";

/** What all client call objects have in common; Begin_ and Finish_ come on top. */
class CallObject implements CallBase {
  readonly #call: BackendCall;
  readonly #iface: AsyncInterface;
  readonly #mapping: PointerMapping;

  constructor(call: BackendCall, iface: AsyncInterface, mapping: PointerMapping) {
    this.#call = call;
    this.#iface = iface;
    this.#mapping = mapping;
  }

  async wait(timeoutMs: number = Number.POSITIVE_INFINITY): Promise<boolean> {
    if (!(typeof timeoutMs === "number" && timeoutMs >= 0)) {
      throw new TypeError(`wait: 'timeoutMs' must be a number of milliseconds, 0 or more`);
    }
    const hr = await this.#call.wait(timeoutMs);
    if (hr === RPC_S_CALLPENDING) return false;
    return succeeded(throwIfFailed(hr, "ISynchronize::Wait"));
  }

  async cancel(cancelSeconds = 0): Promise<void> {
    if (!Number.isInteger(cancelSeconds) || cancelSeconds < 0 || cancelSeconds > 0xffffffff) {
      throw new TypeError(`cancel: 'cancelSeconds' must be whole seconds, 0 or more`);
    }
    throwIfFailed(await this.#call.cancel(cancelSeconds), "ICancelMethodCalls::Cancel");
  }

  testCancel(): Promise<HResult> {
    return this.#call.testCancel();
  }

  async queryInterface<T>(iface: Interface<T>): Promise<InterfacePointer<T>> {
    const object = await this.#call.queryInterface(iface);
    return this.#mapping.toPointer(object) as InterfacePointer<T>;
  }

  release(): void {
    this.#call.release();
  }

  [Symbol.dispose](): void {
    this.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `${this.#iface.name} { call object }`;
  }

  /** Begin_ of `method`: resolves when the request is on its way (BEG-01, BEG-02). */
  async begin(method: Method, args: readonly unknown[]): Promise<void> {
    const begin = this.#iface.members.get(`Begin_${method.name}`) as Method;
    const checked = checkArgs(begin, args, this.#mapping.isPointer);
    await this.#call.begin(method, mapArgs(begin, checked, this.#mapping.toBackend));
  }

  /** Finish_ of `method`: waits for completion, then gives its result (FIN-01, FIN-03). */
  finish(method: Method, args: readonly unknown[]): ComCall<unknown> {
    const finish = this.#iface.members.get(`Finish_${method.name}`) as Method;
    return Call.start(finish.qualifiedName, (control) => {
      control.setLane("call-object");
      control.onCancel(() => void this.#cancelBehind());
      const run = async (): Promise<void> => {
        checkArgs(finish, args, this.#mapping.isPointer);
        const reply = await this.#call.finish(method);
        if (control.isCanceled) dropReply(finish, reply);
        else if (failed(reply.hr)) control.fail(failureOf(finish, reply));
        else control.settle(reply.hr, toCaller(finish, reply.value, this.#mapping));
      };
      run().catch((error: unknown) => control.fail(error));
    });
  }

  /** Cancels for a caller that has gone on; that it is too late, or the object released, tells nobody anything. */
  async #cancelBehind(): Promise<void> {
    try {
      await this.#call.cancel(0);
    } catch (error) {
      if (!(error instanceof ComError)) throw error;
    }
  }
}

type CallObjectClass = new (
  call: BackendCall,
  iface: AsyncInterface,
  mapping: PointerMapping,
) => CallObject;

const classes = new WeakMap<Interface, CallObjectClass>();

/**
 * ICallFactory::CreateCall for `iface`, an AsyncI* interface.
 *
 * @throws TypeError when `iface` is no async interface, or for options that are none; ComError
 *   E_NOINTERFACE when the object makes no such call object here (DISC-01, CALL-02).
 */
export async function createClientCall<S>(
  target: CallTarget,
  iface: AsyncInterface<S>,
  options: CreateCallOptions = {},
): Promise<ClientCall<S>> {
  if (iface?.syncOf === undefined || iface.syncOf === null) {
    throw new TypeError(
      `createCall takes an async interface, got ${iface?.name}; derive one with asyncOf(IFoo)`,
    );
  }
  checkCreateOptions(options);
  const call = await target.object.createCall(iface, options.synchronize);
  let callClass = classes.get(iface);
  if (callClass === undefined) {
    callClass = derive(iface);
    classes.set(iface, callClass);
  }
  return new callClass(call, iface, target.mapping) as unknown as ClientCall<S>;
}

function checkCreateOptions(options: CreateCallOptions): void {
  checkOptionNames("createCall", options, ["synchronize"]);
  const hooks: unknown = options.synchronize;
  if (hooks === undefined) return;
  if (typeof hooks !== "object" || hooks === null) {
    throw new TypeError("createCall: option 'synchronize' must be an object with Reset or Signal");
  }
  for (const name of ["Reset", "Signal"] as const) {
    // Besides its hooks, it may have a state of its own.
    const hook: unknown = (hooks as SynchronizeHooks)[name];
    if (hook === undefined || typeof hook === "function") continue;
    throw new TypeError(`createCall: 'synchronize.${name}' must be a function`);
  }
}

/** One class for each async interface, Begin_ and Finish_ on the prototype. */
function derive(iface: AsyncInterface): CallObjectClass {
  const callClass = class extends CallObject {};
  Object.defineProperty(callClass, "name", { value: iface.name });
  for (const { name, half } of iface.members.values()) {
    if (half === null) continue;
    const { kind, of } = half;
    const value =
      kind === "Begin_"
        ? function (this: CallObject, ...args: unknown[]): Promise<void> {
            return this.begin(of, args);
          }
        : function (this: CallObject, ...args: unknown[]): ComCall<unknown> {
            return this.finish(of, args);
          };
    Object.defineProperty(callClass.prototype, name, { value, enumerable: true });
  }
  return callClass;
}
