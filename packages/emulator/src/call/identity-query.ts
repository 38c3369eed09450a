import {
  type Awaitable,
  CO_S_NOTALLINTERFACES,
  E_INVALIDARG,
  E_NOINTERFACE,
  failed,
  type Guid,
  hresult,
  type Interface,
  type Reply,
  S_OK,
} from "@callfactory/core";
import type { StdObjRef } from "@callfactory/wire";
import type { Connection, InterfaceProxy } from "../marshal/interface-proxy.ts";
import type { RemQiResult } from "../marshal/rem-unknown-interface.ts";
import type { ComObject, Pointer } from "../object/com-object.ts";

/** References to ask for with each interface. */
const QUERY_REFS = 5;

/** The part of a proxy manager that queries and reference counts need. */
export interface Identity extends ComObject {
  readonly connection: Connection;
  /** IRemUnknown of the object's exporter. */
  readonly remUnknown: InterfaceProxy;
  /** Any IPID of the object: what IRemUnknown is asked about. */
  readonly anyIpid: Guid | undefined;
  /** Takes over the references of a STDOBJREF; the pointer is borrowed. */
  adopt(iface: Interface, std: StdObjRef): Awaitable<Pointer>;
  /** Releases so many references; `done` is called when the server has answered, if they were the last. */
  releaseThen(count: number, done: () => void): void;
}

/** A MULTI_QI, as values have it. */
interface MultiQi {
  readonly pIID: Guid;
  readonly pItf: Pointer | null;
  readonly hr: number;
}

/**
 * Several QueryInterface of one identity at a time: what is known here is answered here, for the
 * rest there is one RemQueryInterface (CONV-07).
 */
export class IdentityQuery {
  readonly #identity: Identity;
  readonly #iids: readonly Guid[];
  /** Interfaces with a proxy and stub that the object has to be asked for. */
  readonly #missing: readonly Interface[];

  constructor(identity: Identity, iids: readonly Guid[]) {
    this.#identity = identity;
    this.#iids = iids;
    const { interfaces } = identity.connection.services;
    const unknown = iids.filter((iid) => !this.#isKnown(iid));
    this.#missing = unknown
      .filter((iid, index) => unknown.indexOf(iid) === index)
      .map((iid) => interfaces.find(iid))
      .filter((iface) => iface !== undefined);
  }

  /** The arguments of RemQueryInterface; `null` when the server need not be asked. */
  get remoteArgs(): readonly unknown[] | null {
    const { anyIpid } = this.#identity;
    if (this.#missing.length === 0 || anyIpid === undefined) return null;
    const iids = this.#missing.map(({ iid }) => iid);
    return [anyIpid, QUERY_REFS, iids.length, iids];
  }

  /** Takes over the references that RemQueryInterface gave. */
  async adopt(results: readonly RemQiResult[]): Promise<void> {
    for (const [i, { hResult, std }] of results.entries()) {
      const iface = this.#missing[i];
      if (iface === undefined || failed(hresult(hResult))) continue;
      const { flags, cPublicRefs: publicRefs, oxid, oid, ipid } = std;
      await this.#identity.adopt(iface, { flags, publicRefs, oxid, oid, ipid });
    }
  }

  /** What there is now for each IID, with a reference for the caller. */
  async answers(): Promise<(Pointer | null)[]> {
    const answers: (Pointer | null)[] = [];
    for (const iid of this.#iids) {
      const { pointer } = this.#isKnown(iid) ? await this.#identity.query(iid) : { pointer: null };
      answers.push(pointer);
    }
    return answers;
  }

  #isKnown(iid: Guid): boolean {
    return this.#identity.inner.iface.iid === iid || this.#identity.exposed(iid) !== undefined;
  }
}

/** The IIDs of a list of MULTI_QI; `null` when the list is no good. */
export function requestedIids(list: readonly MultiQi[]): Guid[] | null {
  if (list.length === 0 || list.some(({ pItf }) => pItf !== null)) return null;
  return list.map(({ pIID }) => pIID);
}

/** The reply of QueryMultipleInterfaces. */
export function multiReply(iids: readonly Guid[], answers: readonly (Pointer | null)[]): Reply {
  const found = answers.filter((pointer) => pointer !== null).length;
  if (found === 0) return { hr: E_NOINTERFACE, value: undefined };
  const value = answers.map(
    (pItf, i): MultiQi => ({
      pIID: iids[i] as Guid,
      pItf,
      hr: pItf === null ? E_NOINTERFACE : S_OK,
    }),
  );
  return { hr: found === answers.length ? S_OK : CO_S_NOTALLINTERFACES, value };
}

/** IMultiQI of a proxy: [cMQIs, pMQIs]; the caller waits for the server. */
export async function queryMultiple(
  identity: Identity,
  args: readonly unknown[],
  ask: (args: readonly unknown[]) => Awaitable<Reply>,
): Promise<Reply> {
  const iids = requestedIids(args[1] as MultiQi[]);
  if (iids === null) return { hr: E_INVALIDARG, value: undefined };
  const query = new IdentityQuery(identity, iids);
  const { remoteArgs } = query;
  if (remoteArgs !== null) {
    const reply = await ask(remoteArgs);
    if (failed(reply.hr)) return reply;
    await query.adopt(reply.value as RemQiResult[]);
  }
  return multiReply(iids, await query.answers());
}
