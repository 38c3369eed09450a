import {
  type Awaitable,
  CLSID_StdMarshal,
  E_UNEXPECTED,
  type Guid,
  IMarshal,
  type Method,
  type Reply,
  RPC_E_INVALID_OBJREF,
  S_OK,
} from "@callfactory/core";
import { decodeObjRef } from "@callfactory/wire";
import type { Apartment, CallContext } from "../apartment/apartment.ts";
import { ComObject, type Pointer, type Unknown } from "../object/com-object.ts";
import type { Ledger } from "../object/ledger.ts";
import { readPacket, writeStream } from "../stream/stream-io.ts";
import type { StandardMarshaler } from "./standard-marshaler.ts";

/** What the standard marshaler of an object is made with. */
export interface StandardMarshalOptions {
  /** The object to marshal; `null` for one that only unmarshals. */
  readonly object: Unknown | null;
  readonly apartment: Apartment;
  readonly ledger: Ledger;
}

/** OBJREF_STANDARD without bindings. */
const SIZE_MAX = 72;

/** CoGetStandardMarshal: IMarshal as COM has it, for an object that leaves a destination to COM. */
export function createStandardMarshal(
  standard: StandardMarshaler,
  options: StandardMarshalOptions,
): ComObject {
  return new StandardMarshal(standard, options);
}

class StandardMarshal extends ComObject {
  readonly #standard: StandardMarshaler;
  readonly #object: Unknown | null;

  constructor(standard: StandardMarshaler, { object, apartment, ledger }: StandardMarshalOptions) {
    super({ apartment, ledger, kind: "object" });
    this.#standard = standard;
    this.#object = object;
    object?.addRef();
    this.expose(IMarshal, (method, args, context) => this.#invoke(method, args, context));
  }

  protected override finalRelease(): void {
    this.#object?.release();
  }

  #invoke(method: Method, args: readonly unknown[], context: CallContext): Awaitable<Reply> {
    switch (method.name) {
      case "GetUnmarshalClass":
        return { hr: S_OK, value: CLSID_StdMarshal };
      case "GetMarshalSizeMax":
        return { hr: S_OK, value: SIZE_MAX };
      case "MarshalInterface":
        return this.#marshal(args as [Pointer, Guid, unknown, number, null, number], context);
      case "UnmarshalInterface":
        return this.#unmarshal(args as [Pointer, Guid], context);
      case "ReleaseMarshalData":
        return this.#release(args[0] as Pointer, context);
      default:
        if (this.#object !== null) this.#standard.exporter.disconnect(this.#object);
        return { hr: S_OK, value: undefined };
    }
  }

  async #marshal(
    [stream, riid, , , , flags]: [Pointer, Guid, unknown, number, null, number],
    context: CallContext,
  ): Promise<Reply> {
    const object = this.#object;
    if (object === null) return { hr: E_UNEXPECTED, value: undefined };
    const { hr, pointer } = await object.query(riid);
    if (pointer === null) return { hr, value: undefined };
    try {
      const packet = await this.#standard.marshal(pointer, riid, { flags });
      await writeStream(stream, packet, context);
      return { hr: S_OK, value: undefined };
    } finally {
      pointer.unknown.release();
    }
  }

  async #unmarshal([stream, riid]: [Pointer, Guid], context: CallContext): Promise<Reply> {
    const objref = decodeObjRef(await readPacket(stream, context));
    if (objref.kind === "custom") return { hr: RPC_E_INVALID_OBJREF, value: undefined };
    return { hr: S_OK, value: await this.#standard.unmarshal(objref, riid) };
  }

  async #release(stream: Pointer, context: CallContext): Promise<Reply> {
    const objref = decodeObjRef(await readPacket(stream, context));
    if (objref.kind === "custom") return { hr: RPC_E_INVALID_OBJREF, value: undefined };
    await this.#standard.release(objref);
    return { hr: S_OK, value: undefined };
  }
}
