import { type Guid, type Interface, ICallFactory, type Method } from "@callfactory/core";
import type { Pointer } from "../object/com-object.ts";

/** References to one IPID that a client adds or gives back (MAR-15). */
export interface RefCounts {
  readonly publicRefs: number;
  readonly privateRefs: number;
  /** Whose private references they are. */
  readonly client: string;
}

/** The server side of one marshaled interface: its IPID, its object, and what clients hold. */
export class InterfaceStub {
  readonly ipid: Guid;
  /** Owned: one reference. */
  readonly pointer: Pointer;
  /** The AsyncI* twin under which server call objects are asked for (SRV-01); `null` when there is none. */
  readonly asyncInterface: Interface | null;
  readonly #methods: ReadonlyMap<number, Method>;
  /** Private references by client: only who took them gives them back (MAR-15). */
  readonly #privateRefs = new Map<string, number>();
  /** Public references that clients hold, or that packets on their way carry. */
  publicRefs = 0;
  /** NORMAL packets on their way, each good for one unmarshal (MAR-02). */
  packets = 0;
  /** TABLESTRONG and TABLEWEAK packets, each good for any number (MAR-03). */
  readonly tables = { strong: 0, weak: 0 };

  constructor(ipid: Guid, pointer: Pointer, asyncInterface: Interface | null) {
    this.ipid = ipid;
    this.pointer = pointer;
    this.asyncInterface = asyncInterface;
    this.#methods = methodsBySlot(pointer.iface);
  }

  /** Public and private references together. */
  get refs(): number {
    let refs = this.publicRefs;
    for (const count of this.#privateRefs.values()) refs += count;
    return refs;
  }

  /** Whether anything keeps the object alive through this interface. */
  get isStrong(): boolean {
    return this.publicRefs > 0 || this.#privateRefs.size > 0 || this.tables.strong > 0;
  }

  addRefs({ publicRefs, privateRefs, client }: RefCounts): void {
    this.publicRefs += publicRefs;
    if (privateRefs > 0) this.#setPrivate(client, this.#privateOf(client) + privateRefs);
  }

  /** More than there are cannot be given back, nor what another client took. */
  releaseRefs({ publicRefs, privateRefs, client }: RefCounts): void {
    this.publicRefs -= Math.min(publicRefs, this.publicRefs);
    this.#setPrivate(client, Math.max(0, this.#privateOf(client) - privateRefs));
  }

  /** Nobody holds a reference any more, and no packet is on its way (MAR-16). */
  dropRefs(): void {
    this.publicRefs = 0;
    this.packets = 0;
    this.#privateRefs.clear();
  }

  /** The method of an opnum. */
  method(opnum: number): Method | undefined {
    return this.#methods.get(opnum);
  }

  #privateOf(client: string): number {
    return this.#privateRefs.get(client) ?? 0;
  }

  #setPrivate(client: string, refs: number): void {
    if (refs === 0) this.#privateRefs.delete(client);
    else this.#privateRefs.set(client, refs);
  }
}

const slots = new WeakMap<Interface, ReadonlyMap<number, Method>>();

function methodsBySlot(iface: Interface): ReadonlyMap<number, Method> {
  let bySlot = slots.get(iface);
  if (bySlot === undefined) {
    bySlot = new Map([...iface.members.values()].map((m) => [m.slot, m]));
    slots.set(iface, bySlot);
  }
  return bySlot;
}

/** The method that makes call objects. */
export const CREATE_CALL: Method = ICallFactory.members.get("CreateCall") as Method;
