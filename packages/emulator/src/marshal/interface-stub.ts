import { type Guid, type Interface, ICallFactory, type Method } from "@callfactory/core";
import type { Pointer } from "../object/com-object.ts";

/** The server side of one marshaled interface: its IPID, its object, and what clients hold. */
export class InterfaceStub {
  readonly ipid: Guid;
  /** Owned: one reference. */
  readonly pointer: Pointer;
  /** The AsyncI* twin under which server call objects are asked for (SRV-01); `null` when there is none. */
  readonly asyncInterface: Interface | null;
  readonly #methods: ReadonlyMap<number, Method>;
  /** References that clients hold, or that packets on their way carry. */
  refs = 0;
  /** NORMAL packets on their way, each good for one unmarshal (MAR-02). */
  packets = 0;

  constructor(ipid: Guid, pointer: Pointer, asyncInterface: Interface | null) {
    this.ipid = ipid;
    this.pointer = pointer;
    this.asyncInterface = asyncInterface;
    this.#methods = methodsBySlot(pointer.iface);
  }

  /** The method of an opnum. */
  method(opnum: number): Method | undefined {
    return this.#methods.get(opnum);
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
