import {
  type Awaitable,
  ComError,
  E_INVALIDARG,
  E_NOINTERFACE,
  failed,
  type Guid,
  GUID_NULL,
  IUnknown,
  type Method,
  type Reply,
  S_OK,
} from "@callfactory/core";
import type { CallContext } from "../apartment/apartment.ts";
import { asynchronousOrigin } from "../apartment/call-category.ts";
import type { PreparedCall, PrepareOptions } from "../marshal/interface-proxy.ts";
import { IRemUnknown, type RemQiResult } from "../marshal/rem-unknown-interface.ts";
import { chain } from "../object/awaitable.ts";
import type { OrpcReply, OutgoingCall } from "../orpc/channel.ts";

import type { CallCarrier } from "./call-carrier.ts";
import { type Identity, IdentityQuery, multiReply, requestedIids } from "./identity-query.ts";

const REM_QUERY_INTERFACE = IRemUnknown.members.get("RemQueryInterface") as Method;

/** A call that asks about the identity of an object, or counts its references. */
interface IdentityCall extends PreparedCall {
  readonly query: IdentityQuery | null;
  /** The request that travels; `null` when nothing has to. */
  readonly remote: PreparedCall | null;
  /** A reference to the identity is the call's. */
  isHolding: boolean;
}

const NO_BYTES = new Uint8Array(0);
const ANSWERED: OrpcReply = { kind: "response", bytes: NO_BYTES };

/**
 * Carries AsyncIUnknown and AsyncIMultiQI of a proxy: [local] interfaces, for which RemQueryInterface
 * and RemRelease travel (CONV-06, CONV-07). AddRef counts here.
 *
 * Holds a reference to the identity, which Begin_Release gives up together with the caller's: that
 * can be the last one, and nothing is called through this object after it.
 */
export class IdentityCarrier implements CallCarrier {
  readonly #identity: Identity;
  #isHolding = false;

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  get isDisconnected(): boolean {
    return !this.#isHolding || this.#identity.remUnknown.isDisconnected;
  }

  prepare(
    method: Method,
    args: readonly unknown[],
    context: CallContext,
    options?: PrepareOptions,
  ): Awaitable<IdentityCall> {
    const iids = iidsOf(method, args);
    if (iids === null && method.name === "QueryMultipleInterfaces") {
      throw new ComError(E_INVALIDARG, method.qualifiedName);
    }
    const query = iids === null ? null : new IdentityQuery(this.#identity, iids);
    const remoteArgs = query?.remoteArgs ?? null;
    if (remoteArgs === null) {
      const request = {
        callId: this.#identity.connection.services.nextCallId(),
        ipid: this.#identity.anyIpid ?? GUID_NULL,
        iid: IUnknown.iid,
        opnum: method.slot,
        cid: GUID_NULL,
        origin: asynchronousOrigin(context.thread),
        bytes: NO_BYTES,
      };
      return { method, args, request, query, remote: null, isHolding: false };
    }
    const { remUnknown } = this.#identity;
    return chain(
      remUnknown.prepare(REM_QUERY_INTERFACE, remoteArgs, context, options),
      (remote) => ({
        method,
        args,
        request: remote.request,
        query,
        remote,
        isHolding: false,
      }),
    );
  }

  send(call: PreparedCall, onReply: (reply: OrpcReply) => void): OutgoingCall {
    const { remote } = call as IdentityCall;
    // Whatever comes back belongs to the identity, which stays until then.
    (call as IdentityCall).isHolding = true;
    this.#identity.addRef();
    if (remote !== null) return this.#identity.remUnknown.send(remote, onReply);
    const { scheduler } = this.#identity.connection.services;
    // Release has no HRESULT: what became of its request is nobody's business.
    const answer = (): void => scheduler.post(null, () => onReply(ANSWERED));
    if (call.method.name === "AddRef") this.#identity.addRef();
    if (call.method.name === "Release") this.#release(call as IdentityCall, answer);
    else answer();
    return { cancel: () => {} };
  }

  read(call: PreparedCall, reply: OrpcReply): Awaitable<Reply> {
    const { query, remote } = call as IdentityCall;
    if (reply.kind === "fault" || query === null) {
      this.#letGo(call);
      return { hr: reply.kind === "fault" ? reply.hr : S_OK, value: undefined };
    }
    return this.#readQuery(call, query, remote, reply).finally(() => this.#letGo(call));
  }

  /** The references in a reply are the identity's, which gives them back one day. */
  drop(call: PreparedCall, reply: OrpcReply): void {
    void chain(this.read(call, reply), ({ hr, value }) => {
      if (failed(hr)) return;
      const pointers = Array.isArray(value) ? value.map(({ pItf }) => pItf) : [value];
      for (const pointer of pointers) pointer?.unknown.release();
    });
  }

  /** The call object begins. */
  addRef(): void {
    this.#isHolding = true;
    this.#identity.addRef();
  }

  /** The call object ends. */
  release(): void {
    if (this.#isHolding) this.#identity.release();
  }

  async #readQuery(
    { method, args }: PreparedCall,
    query: IdentityQuery,
    remote: PreparedCall | null,
    reply: OrpcReply,
  ): Promise<Reply> {
    if (remote !== null) {
      const read = await this.#identity.remUnknown.read(remote, reply);
      if (failed(read.hr)) return read;
      await query.adopt(read.value as RemQiResult[]);
    }
    const answers = await query.answers();
    if (method.name !== "QueryInterface") return multiReply(iidsOf(method, args) ?? [], answers);
    const [pointer = null] = answers;
    return { hr: pointer === null ? E_NOINTERFACE : S_OK, value: pointer };
  }

  /** Begin_Release: the caller's reference, this object's, and the one of the call itself. */
  #release(call: IdentityCall, done: () => void): void {
    this.#isHolding = false;
    call.isHolding = false;
    this.#identity.releaseThen(3, done);
  }

  /** A call that is over needs the identity no longer. */
  #letGo(call: PreparedCall): void {
    const { isHolding } = call as IdentityCall;
    (call as IdentityCall).isHolding = false;
    if (isHolding) this.#identity.release();
  }
}

/** The IIDs that a call asks for; `null` for one that counts references, or asks for nothing. */
function iidsOf(method: Method, args: readonly unknown[]): Guid[] | null {
  if (method.name === "QueryInterface") return [args[0] as Guid];
  if (method.name === "QueryMultipleInterfaces") return requestedIids(args[1] as never);
  return null;
}
