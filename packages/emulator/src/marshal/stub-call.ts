import {
  type Awaitable,
  ComError,
  failed,
  type HResult,
  type Interface,
  ICallFactory,
  type Identity,
  IUnknown,
  type Method,
  mapArgs,
  mapOuts,
  MSHCTX_INPROC,
  type Reply,
  RPC_E_CALL_CANCELED,
  RPC_E_DISCONNECTED,
  RPC_E_INVALIDMETHOD,
  RPC_E_SERVERFAULT,
  RPC_S_CALLPENDING,
  spreadResult,
} from "@callfactory/core";
import {
  type MethodCodec,
  methodCodec,
  type NdrHost,
  NdrReader,
  NdrWriter,
  readOrpcThis,
  writeOrpcThat,
} from "@callfactory/wire";
import type { Apartment, CallContext, Thread } from "../apartment/apartment.ts";
import { ServerCallOuter } from "../call/server-call-outer.ts";
import { chain } from "../object/awaitable.ts";
import type { Pointer, Unknown } from "../object/com-object.ts";
import type { LedgerDescription, LedgerItem } from "../object/ledger.ts";
import type { OrpcReply, OrpcRequest, OutgoingCall } from "../orpc/channel.ts";
import type { ProcessServices } from "../process-services.ts";
import { ServedSecurity } from "../security/call-context.ts";
import { extentsFor } from "./error-info-extent.ts";
import type { Marshals } from "./marshals.ts";
import { readMessage, writeMessage } from "./message.ts";
import { CREATE_CALL, type InterfaceStub } from "./interface-stub.ts";

/** What one served call needs. */
export interface StubCallOptions {
  readonly services: ProcessServices;
  readonly apartment: Apartment;
  readonly marshaler: Marshals;
  readonly request: OrpcRequest;
  readonly respond: (reply: OrpcReply) => void;
}

/** Pointers that a stub unmarshaled or was given are its own to release (MAR-17). */
const releasePointer = (pointer: unknown): null => {
  (pointer as Pointer).unknown.release();
  return null;
};

/**
 * One incoming call: unmarshals, runs the synchronous method or a server call object, marshals the
 * reply (SRV-01, SRV-04). Responds exactly once.
 */
export class StubCall implements OutgoingCall, CallContext, LedgerItem {
  readonly ledgerKind = "call";
  readonly #options: StubCallOptions;
  readonly #security: ServedSecurity;
  #thread: Thread;
  #isCanceled = false;
  #isAnswered = false;
  /** Kept alive by the call, also when its last client lets go (SRV-21). */
  #object: Unknown | null = null;

  constructor(options: StubCallOptions) {
    this.#options = options;
    this.#thread = options.apartment.thread;
    const { ledger, security } = options.services;
    ledger.opened(this, ledger.markOf(options.request));
    const { auth } = options.request;
    this.#security = new ServedSecurity({ security, ledger, auth, call: this });
  }

  /** The thread that the call runs on, or ran on until its Begin_ returned. */
  get thread(): Thread {
    return this.#thread;
  }

  get client(): Identity | null {
    return this.#options.request.auth?.client ?? null;
  }

  describe(): LedgerDescription {
    const { request, services, apartment } = this.#options;
    const iface = services.interfaces.find(request.iid);
    const method = [...(iface?.members.values() ?? [])].find(({ slot }) => slot === request.opnum);
    const name = method?.qualifiedName ?? `opnum ${request.opnum} of {${request.iid}}`;
    return { name, apartment: apartment.name, references: 1 };
  }

  /** The client asks; the server may look (CAN-12). */
  cancel(): void {
    this.#isCanceled = true;
  }

  testCancel(): HResult {
    return this.#isCanceled ? RPC_E_CALL_CANCELED : RPC_S_CALLPENDING;
  }

  /** Ends the call without running its method to the end. */
  fault(hr: HResult, cause?: unknown): void {
    this.#respond(cause === undefined ? { kind: "fault", hr } : { kind: "fault", hr, cause });
  }

  /** Ends the call before anything of it was read. */
  turnAway(): void {
    this.#respond({ kind: "fault", hr: RPC_E_DISCONNECTED, isUnread: true });
  }

  /** Serves the call; resolves when the dispatching thread is free again (SRV-05). */
  serve(stub: InterfaceStub, thread: Thread): Awaitable<void> {
    this.#thread = thread;
    return this.#security.during(thread, () => this.#serve(stub));
  }

  #serve(stub: InterfaceStub): Awaitable<void> {
    const { services, request, marshaler } = this.#options;
    this.#object = stub.pointer.unknown;
    this.#object.addRef();
    const method = stub.method(request.opnum);
    if (method === undefined) {
      this.fault(RPC_E_INVALIDMETHOD);
      return;
    }
    const codec = methodCodec(method);
    const run = (args: readonly unknown[]): Awaitable<void> =>
      this.#run({ stub, method, codec, args });
    const fail = (error: unknown): void => this.fault(failureOf(error), error);
    try {
      const args = readMessage<readonly unknown[]>(
        marshaler,
        (host) => {
          const reader = new NdrReader(request.bytes);
          const { extents } = readOrpcThis(reader);
          services.hooks.notify("Server", extents, { iid: request.iid, context: this });
          return codec.decodeRequest(reader, host);
        },
        (values, map) => mapArgs(method, values, map),
      );
      // Caught here is what reading throws; #run answers for itself.
      if (args instanceof Promise) return args.then(run, fail);
      return run(args);
    } catch (error) {
      fail(error);
      return;
    }
  }

  #run(target: Target): Awaitable<void> {
    const { stub } = target;
    const { asyncInterface } = stub;
    if (asyncInterface === null) return this.#runSync(target);
    return chain(stub.pointer.unknown.query(ICallFactory.iid), ({ pointer }) =>
      pointer === null
        ? this.#runSync(target)
        : this.#runWithFactory(target, pointer, asyncInterface),
    );
  }

  #runSync(target: Target): Awaitable<void> {
    const { method, args, stub } = target;
    this.#trace("enter", method, RPC_S_CALLPENDING);
    return chain(stub.pointer.invoke(method, args, this), (reply) => {
      this.#trace("leave", method, reply.hr);
      return this.#answer(spend(target), reply);
    });
  }

  /** Any failure of the factory means that the synchronous method serves the call (SRV-01, CALL-03). */
  #runWithFactory(target: Target, factory: Pointer, twin: Interface): Awaitable<void> {
    const { services, apartment } = this.#options;
    const outer = new ServerCallOuter({
      services,
      apartment,
      call: this,
      onSignaled: () => this.#security.end(),
    });
    // COM always aggregates across apartments, and asks for IUnknown then (CALL-07, CALL-10).
    const created = factory.invoke(CREATE_CALL, [twin.iid, outer.inner, IUnknown.iid], this);
    return chain(created, (reply) => {
      factory.unknown.release();
      const inner = failed(reply.hr) ? null : (reply.value as Pointer | null);
      if (inner === null) {
        outer.release();
        return this.#runSync(target);
      }
      outer.adopt(inner);
      return chain(outer.query(twin.iid), ({ pointer }) => {
        if (pointer !== null) return this.#runAsync(target, outer, pointer);
        outer.release();
        return this.#runSync(target);
      });
    });
  }

  #runAsync(target: Target, outer: ServerCallOuter, call: Pointer): Awaitable<void> {
    const { method, args } = target;
    let spent = target;
    const begin = call.iface.members.get(`Begin_${method.name}`) as Method;
    const finish = call.iface.members.get(`Finish_${method.name}`) as Method;
    const end = (reply: Reply): Awaitable<void> =>
      chain(this.#answer(spent, reply), () => {
        call.unknown.release();
        outer.release();
      });
    outer.start(() => {
      this.#trace("enter", finish, RPC_S_CALLPENDING);
      void chain(call.invoke(finish, [], this), (reply) => {
        this.#trace("leave", finish, reply.hr);
        return end(reply);
      });
    });
    this.#trace("enter", begin, RPC_S_CALLPENDING);
    return chain(call.invoke(begin, args, this), (reply) => {
      this.#trace("leave", begin, reply.hr);
      spent = spend(target);
      // A Begin_ that fails without a signal completes the call with its HRESULT (SRV-07).
      if (failed(reply.hr) && !outer.isSignaled) return end(reply);
      outer.beginReturned();
      return undefined;
    });
  }

  #answer(target: Target, reply: Reply): Awaitable<void> {
    const { method, codec, args, stub } = target;
    if (reply.cause !== undefined) {
      this.fault(reply.hr, reply.cause);
      return;
    }
    const { services, marshaler, request } = this.#options;
    const outs = failed(reply.hr) ? [] : spreadResult(method, reply.value);
    const { iid } = stub.pointer.iface;
    const extents = [
      ...extentsFor(reply.errorInfo, iid),
      ...services.hooks.extents("Server", { iid, context: this, hr: reply.hr }),
    ];
    const writer = method.hasInterfaces ? new NdrWriter() : services.writer;
    const write = (host: NdrHost): Uint8Array => {
      writer.reset();
      writeOrpcThat(writer, { flags: 0, extents: extents.length > 0 ? extents : null });
      const returned = method.returns === "ULONG" ? (reply.value as HResult) : reply.hr;
      codec.encodeReply(writer, outs, args, returned, host);
      return writer.bytes();
    };
    // Pointers are released when the message has been written, or could not be.
    const release = (): void => {
      if (outs.length > 0) mapOuts(method, outs, releasePointer);
    };
    const send = (bytes: Uint8Array): void => {
      release();
      this.#respond({ kind: "response", bytes });
    };
    const fail = (error: unknown): void => {
      release();
      this.fault(failureOf(error), error);
    };
    let bytes: Awaitable<Uint8Array>;
    try {
      bytes = writeMessage(marshaler, request.context ?? MSHCTX_INPROC, write);
    } catch (error) {
      fail(error);
      return;
    }
    return chain(bytes instanceof Promise ? bytes.then(send, fail) : send(bytes), () => {});
  }

  #respond(reply: OrpcReply): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#security.release();
    this.#options.services.ledger.closed(this);
    this.#options.respond(reply);
    this.#object?.release();
    this.#object = null;
  }

  #trace(kind: "enter" | "leave", method: Method, hr: HResult): void {
    const { services, apartment } = this.#options;
    if (!services.isTraced) return;
    const atMs = services.scheduler.now();
    services.emit({
      kind,
      atMs,
      apartment: apartment.name,
      method: method.qualifiedName,
      hr,
    });
  }
}

/** The stub, the method and the values of a call. */
interface Target {
  readonly stub: InterfaceStub;
  readonly method: Method;
  readonly codec: MethodCodec;
  readonly args: readonly unknown[];
}

/**
 * Releases the pointers among the arguments: they were the stub's for the time of the call (MAR-17).
 * A failing call answers with NULL for those that are [in,out] (FIN-09).
 */
function spend(target: Target): Target {
  return { ...target, args: mapArgs(target.method, target.args, releasePointer) };
}

/** The HRESULT for bytes or values that could not be converted. */
function failureOf(error: unknown): HResult {
  return error instanceof ComError ? error.hr : RPC_E_SERVERFAULT;
}
