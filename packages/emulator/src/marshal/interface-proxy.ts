import {
  type Awaitable,
  ComError,
  type ErrorInfo,
  failed,
  type Guid,
  type HResult,
  type Interface,
  type Method,
  mapOuts,
  type Reply,
  RPC_E_CLIENT_CANTMARSHAL_DATA,
  RPC_E_CLIENT_CANTUNMARSHAL_DATA,
  RPC_E_DISCONNECTED,
  S_OK,
  shapeResult,
} from "@callfactory/core";
import {
  COM_VERSION,
  methodCodec,
  type NdrHost,
  NdrReader,
  NdrWriter,
  readOrpcThat,
  writeOrpcThis,
} from "@callfactory/wire";
import type { Apartment, CallContext, CallOrigin } from "../apartment/apartment.ts";
import { asynchronousOrigin, originOf } from "../apartment/call-category.ts";
import { chain } from "../object/awaitable.ts";
import type { Pointer } from "../object/com-object.ts";
import type { Channel, OrpcReply, OrpcRequest, OutgoingCall } from "../orpc/channel.ts";
import type { ProcessServices } from "../process-services.ts";
import { Blanket } from "../security/blanket.ts";
import { errorInfoOf } from "./error-info-extent.ts";
import { codeOf, exchange, rejectionOf } from "./exchange.ts";
import type { Marshals } from "./marshals.ts";
import { readMessage, writeMessage } from "./message.ts";
import { withdraw } from "./withdraw.ts";

/** What all proxies of one apartment to one exporter share. */
export interface Connection {
  readonly services: ProcessServices;
  readonly apartment: Apartment;
  readonly channel: Channel;
  readonly marshaler: Marshals;
  /** MSHCTX_*: where the exporter is. */
  readonly context: number;
}

/** A marshaled request with what is needed to read its reply. */
export interface PreparedCall {
  readonly method: Method;
  readonly args: readonly unknown[];
  readonly request: OrpcRequest;
}

/** What a request is prepared with, where it is not the proxy's own and a call object's. */
export interface PrepareOptions {
  readonly blanket?: Blanket;
  readonly origin?: CallOrigin;
}

/** The client side of one marshaled interface: its IPID and the references that we hold of it. */
export class InterfaceProxy {
  readonly iface: Interface;
  readonly ipid: Guid;
  readonly #connection: Connection;
  /** Under which calls through this proxy are made. */
  readonly blanket: Blanket;
  /** References at the server that are ours to give back. */
  refs: number;

  constructor(
    iface: Interface,
    ipid: Guid,
    refs: number,
    connection: Connection,
    blanket = new Blanket(connection.services.security),
  ) {
    this.blanket = blanket;
    this.iface = iface;
    this.ipid = ipid;
    this.refs = refs;
    this.#connection = connection;
  }

  /**
   * Marshals a request; nothing is sent yet. Takes time only where a pointer does (MAR-01).
   *
   * @throws ComError when a value cannot be marshaled, or the blanket forbids the call (SEC-13).
   */
  prepare(
    method: Method,
    args: readonly unknown[],
    context: CallContext,
    { blanket = this.blanket, origin = asynchronousOrigin(context.thread) }: PrepareOptions = {},
  ): Awaitable<PreparedCall> {
    const { services, marshaler } = this.#connection;
    const auth = blanket.authFor(context.thread);
    const cid = context.thread.cidForCall(() => services.newGuid());
    const hooked = services.hooks.extents("Client", { iid: this.iface.iid, context });
    const extents = hooked.length > 0 ? hooked : null;
    // Marshaling pointers can lead to other messages, so that these have a buffer to themselves.
    const writer = method.hasInterfaces ? new NdrWriter() : services.writer;
    const write = (host: NdrHost): Uint8Array => {
      writer.reset();
      writeOrpcThis(writer, { version: COM_VERSION, flags: 0, cid, extents });
      try {
        methodCodec(method).encodeRequest(writer, args, host);
      } catch (error) {
        if (error instanceof ComError) throw error;
        throw new ComError(RPC_E_CLIENT_CANTMARSHAL_DATA, method.qualifiedName, { cause: error });
      }
      return writer.bytes();
    };
    return chain(writeMessage(marshaler, this.#connection.context, write), (bytes) => {
      const request: OrpcRequest = {
        callId: services.nextCallId(),
        ipid: this.ipid,
        iid: this.iface.iid,
        opnum: method.slot,
        cid,
        auth,
        origin,
        bytes,
      };
      services.ledger.mark(request);
      return { method, args, request };
    });
  }

  /** Another one for the same interface, with settings of its own; it holds no references (SEC-03). */
  copy(): InterfaceProxy {
    return new InterfaceProxy(this.iface, this.ipid, 0, this.#connection, this.blanket.copy());
  }

  /** Sends a request; `onReply` is called once. */
  send(call: PreparedCall, onReply: (reply: OrpcReply) => void): OutgoingCall {
    let isAnswered = false;
    return this.#connection.channel.send(call.request, (reply) => {
      // A server that answers after its client's apartment has ended gives to nobody (LIFE-09).
      if (isAnswered) return this.drop(call, reply);
      isAnswered = true;
      onReply(reply);
    });
  }

  /** Whether the apartment of the proxy has ended; it still gives its references back (LIFE-09). */
  get isDisconnected(): boolean {
    return this.#connection.apartment.isClosed;
  }

  /** A synchronous call: blocks as its apartment blocks; a notification, which does not (NOT-02). */
  async call(method: Method, args: readonly unknown[], context: CallContext): Promise<Reply> {
    if (this.isDisconnected) return { hr: RPC_E_DISCONNECTED, value: undefined };
    const { services, channel } = this.#connection;
    const origin = originOf(context.thread, channel.server, { iface: this.iface, method });
    const refusal = context.thread.refusal(origin.category);
    if (refusal !== null) return { hr: refusal, value: undefined };
    let prepared: PreparedCall;
    try {
      const preparing = this.prepare(method, args, context, { origin });
      // A call that can be sent at once is sent before its caller goes on.
      prepared = preparing instanceof Promise ? await preparing : preparing;
    } catch (error) {
      if (!(error instanceof ComError)) throw error;
      return { hr: error.hr, value: undefined, cause: error };
    }
    const drop = (late: OrpcReply): void => this.drop(prepared, late);
    if (origin.category === "notification") {
      this.send(prepared, drop);
      return { hr: S_OK, value: undefined };
    }
    const send = (done: (reply: OrpcReply) => void): OutgoingCall => this.send(prepared, done);
    const { cid } = prepared.request;
    const calleeThreadId = channel.server?.threadId ?? 0;
    const reply = await exchange({ services, context, origin, cid, calleeThreadId, send, drop });
    return this.read(prepared, reply);
  }

  /** Unmarshals a reply; the pointers in it are the caller's. */
  read(call: PreparedCall, reply: OrpcReply): Awaitable<Reply> {
    if (reply.kind === "fault") {
      this.#withdrawRefused(call, reply);
      const { cause } = reply;
      const hr = codeOf(reply.hr);
      return cause === undefined ? { hr, value: undefined } : { hr, value: undefined, cause };
    }
    const shape = ({ hr, outs, errorInfo }: DecodedReply): Reply => {
      if (call.method.returns === "ULONG") return { hr: S_OK, value: hr };
      if (!failed(hr)) return { hr, value: shapeResult(call.method, outs) };
      return errorInfo === null ? { hr, value: undefined } : { hr, value: undefined, errorInfo };
    };
    const fail = (error: unknown): Reply => ({
      hr: unmarshalFailure(error),
      value: undefined,
      cause: error,
    });
    try {
      const decoded = this.#decode(call, reply.bytes);
      return decoded instanceof Promise ? decoded.then(shape, fail) : shape(decoded);
    } catch (error) {
      return fail(error);
    }
  }

  /** Takes a reply that nobody wants: its pointers are released (FIN-12). */
  drop(call: PreparedCall, reply: OrpcReply): void {
    if (!call.method.hasInterfaces) return;
    if (reply.kind === "fault") {
      this.#withdrawRefused(call, reply);
      return;
    }
    const release = ({ outs }: DecodedReply): void => {
      mapOuts(call.method, outs, (pointer) => {
        (pointer as Pointer).unknown.release();
        return null;
      });
    };
    const ignore = (error: unknown): void => {
      if (!(error instanceof ComError)) throw error;
    };
    try {
      const decoded = this.#decode(call, reply.bytes);
      if (decoded instanceof Promise) decoded.then(release, ignore);
      else release(decoded);
    } catch (error) {
      ignore(error);
    }
  }

  /** What a request carries that its server's message filter refused, or that nobody read, is given back (APT-11). */
  #withdrawRefused({ method, request }: PreparedCall, reply: OrpcReply): void {
    const isUnread = reply.kind === "fault" && reply.isUnread === true;
    if (!isUnread && rejectionOf(reply) === null) return;
    withdraw(this.#connection.marshaler, method, request.bytes);
  }

  #decode({ method, args }: PreparedCall, bytes: Uint8Array): Awaitable<DecodedReply> {
    return readMessage<DecodedReply>(
      this.#connection.marshaler,
      (host) => {
        const reader = new NdrReader(bytes);
        const { extents } = readOrpcThat(reader);
        const decoded = methodCodec(method).decodeReply(reader, args, host);
        const { services, apartment } = this.#connection;
        const hooked = { iid: this.iface.iid, context: apartment.thread.direct, hr: decoded.hr };
        services.hooks.notify("Client", extents, hooked);
        return { ...decoded, errorInfo: errorInfoOf(extents) };
      },
      (decoded, map) => ({ ...decoded, outs: mapOuts(method, decoded.outs, map) }),
    );
  }
}

/** A reply, read. */
interface DecodedReply {
  readonly hr: HResult;
  readonly outs: readonly unknown[];
  readonly errorInfo: ErrorInfo | null;
}

function unmarshalFailure(error: unknown): HResult {
  return error instanceof ComError ? error.hr : RPC_E_CLIENT_CANTUNMARSHAL_DATA;
}
