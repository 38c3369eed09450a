import {
  type Awaitable,
  CLSID_InProcFreeMarshaler,
  CO_E_NOT_SUPPORTED,
  ComError,
  E_INVALIDARG,
  type Guid,
  IID_NULL,
  IMarshal,
  type Interface,
  INoMarshal,
  IStdMarshalInfo,
  type MarshalOptions,
  type Method,
  MSHCTX_CROSSCTX,
  MSHCTX_INPROC,
  MSHCTX_LOCAL,
  MSHLFLAGS_NOPING,
  MSHLFLAGS_NORMAL,
  MSHLFLAGS_TABLESTRONG,
  MSHLFLAGS_TABLEWEAK,
  throwIfFailed,
} from "@callfactory/core";
import { decodeObjRef } from "@callfactory/wire";
import type { CallContext } from "../apartment/apartment.ts";
import { chain } from "../object/awaitable.ts";
import type { Pointer, Unknown } from "../object/com-object.ts";
import {
  type CustomObjRef,
  customSizeMax,
  disconnectCustom,
  marshalCustom,
  releaseCustom,
  unmarshalCustom,
} from "./custom-marshaling.ts";
import type { FreeThreadedMarshaler } from "./free-threaded.ts";
import type { Marshals } from "./marshals.ts";
import type { ObjectExporter } from "./object-exporter.ts";
import { ProxyManager } from "./proxy-manager.ts";
import { StandardMarshaler, type StandardParts } from "./standard-marshaler.ts";

/** What the marshaler of an apartment is made with. */
export interface MarshalerOptions extends Omit<StandardParts, "marshaler"> {
  readonly freeThreaded: FreeThreadedMarshaler;
  /** CoCreateInstance of a class for IMarshal, in this apartment; the caller owns the reference. */
  readonly createUnmarshaler: (clsid: Guid) => Promise<Pointer>;
}

const GET_CLASS_FOR_HANDLER = IStdMarshalInfo.members.get("GetClassForHandler") as Method;
/** OBJREF_HANDLER of a machine without bindings: the longest that standard marshaling writes. */
const STANDARD_SIZE_MAX = 88;
const TABLES = MSHLFLAGS_TABLESTRONG | MSHLFLAGS_TABLEWEAK;

/**
 * CoMarshalInterface, CoUnmarshalInterface and CoReleaseMarshalData of one apartment: finds out
 * who marshals an object, it itself or COM (MAR-01).
 */
export class Marshaler implements Marshals {
  readonly standard: StandardMarshaler;
  readonly #options: MarshalerOptions;

  constructor(options: MarshalerOptions) {
    this.#options = options;
    this.standard = new StandardMarshaler({ ...options, marshaler: this });
  }

  get exporter(): ObjectExporter {
    return this.standard.exporter;
  }

  marshal(
    pointer: Pointer,
    iid: Guid,
    { context = MSHCTX_LOCAL, flags = MSHLFLAGS_NORMAL }: MarshalOptions = {},
  ): Awaitable<Uint8Array> {
    if (context > MSHCTX_CROSSCTX || flags > (MSHLFLAGS_NOPING | TABLES) || isBoth(flags)) {
      throw new ComError(E_INVALIDARG, "CoMarshalInterface");
    }
    const { unknown } = pointer;
    if (unknown instanceof ProxyManager) return this.standard.marshal(pointer, iid, { flags });
    return chain(this.#customMarshalOf(unknown), (own) => {
      if (own !== null) {
        const request = { pointer, iid, context, flags };
        return marshalCustom(own, request, this.#call).finally(() => own.unknown.release());
      }
      if (isFreeThreaded(unknown) && isWithinProcess(context)) {
        return this.#options.freeThreaded.marshal(unknown, iid, flags);
      }
      return chain(this.#handlerOf(unknown, context), (handler) =>
        this.standard.marshal(pointer, iid, { flags, handler }),
      );
    });
  }

  unmarshal(objref: Uint8Array, iid: Guid): Awaitable<Pointer> {
    const decoded = decodeObjRef(objref);
    if (decoded.kind !== "custom") return this.standard.unmarshal(decoded, iid);
    if (decoded.clsid === CLSID_InProcFreeMarshaler) {
      return this.#options.freeThreaded.unmarshal(decoded.data, iid);
    }
    return this.#withUnmarshaler(decoded, (unmarshaler) =>
      unmarshalCustom(unmarshaler, decoded, iid, this.#call),
    );
  }

  /** The same, for whatever interface of the object is asked for; IID_NULL is the packet's own (MAR-05). */
  unmarshalAs(objref: Uint8Array, iid: Guid): Awaitable<Pointer> {
    return chain(this.unmarshal(objref, iid), (pointer) => {
      if (iid === IID_NULL || derives(pointer.iface, iid)) return pointer;
      return chain(pointer.unknown.query(iid), ({ hr, pointer: found }) => {
        pointer.unknown.release();
        if (found !== null) return found;
        throw new ComError(hr, "CoUnmarshalInterface", {
          detail: `the object has no interface {${iid}}`,
        });
      });
    });
  }

  releaseMarshalData(objref: Uint8Array): Awaitable<void> {
    const decoded = decodeObjRef(objref);
    if (decoded.kind !== "custom") return this.standard.release(decoded);
    if (decoded.clsid === CLSID_InProcFreeMarshaler) {
      return this.#options.freeThreaded.release(decoded.data);
    }
    return this.#withUnmarshaler(decoded, (unmarshaler) =>
      releaseCustom(unmarshaler, decoded, this.#call),
    );
  }

  /** CoGetMarshalSizeMax. */
  sizeMax(pointer: Pointer, iid: Guid, context: number, flags: number): Awaitable<number> {
    return chain(this.#customMarshalOf(pointer.unknown), (own) => {
      if (own === null) return STANDARD_SIZE_MAX;
      const request = { pointer, iid, context, flags };
      return customSizeMax(own, request, this.#call).finally(() => own.unknown.release());
    });
  }

  /** CoDisconnectObject: of what marshals itself, that is its own affair (LIFE-02). */
  disconnect(object: Unknown): Awaitable<void> {
    return chain(this.#customMarshalOf(object), (own) => {
      if (own === null) return this.exporter.disconnect(object);
      return disconnectCustom(own, this.#call).finally(() => own.unknown.release());
    });
  }

  /** Ends the exporter, and the calls of the proxies that live here (LIFE-09). */
  close(): void {
    this.standard.close();
  }

  /** The object's own IMarshal, with a reference; `null` for one that COM marshals. */
  #customMarshalOf(object: Unknown): Awaitable<Pointer | null> {
    if (object instanceof ProxyManager) return null;
    return chain(object.query(INoMarshal.iid), (refusal) => {
      if (refusal.pointer !== null) {
        refusal.pointer.unknown.release();
        throw new ComError(CO_E_NOT_SUPPORTED, "CoMarshalInterface");
      }
      return chain(object.query(IMarshal.iid), ({ pointer }) => pointer);
    });
  }

  /** The class that the object names for its handler (MAR-12). */
  #handlerOf(object: Unknown, context: number): Awaitable<Guid | null> {
    return chain(object.query(IStdMarshalInfo.iid), ({ pointer }) => {
      if (pointer === null) return null;
      return chain(
        pointer.invoke(GET_CLASS_FOR_HANDLER, [context, null], this.#call),
        ({ hr, value }) => {
          pointer.unknown.release();
          throwIfFailed(hr, GET_CLASS_FOR_HANDLER.qualifiedName);
          return value as Guid;
        },
      );
    });
  }

  async #withUnmarshaler<T>(
    { clsid }: CustomObjRef,
    work: (unmarshaler: Pointer) => Promise<T>,
  ): Promise<T> {
    const unmarshaler = await this.#options.createUnmarshaler(clsid);
    try {
      return await work(unmarshaler);
    } finally {
      unmarshaler.unknown.release();
    }
  }

  /** Objects are asked on a thread of their own apartment. */
  get #call(): CallContext {
    return this.#options.apartment.thread.direct;
  }
}

/** An object that belongs to no apartment aggregates the free-threaded marshaler. */
export function isFreeThreaded(object: Unknown): boolean {
  return object.apartment === null && !(object instanceof ProxyManager);
}

/** Whether a pointer to `iface` can be used as one to `iid`. */
function derives(iface: Interface, iid: Guid): boolean {
  for (let i: Interface | null = iface; i !== null; i = i.base) if (i.iid === iid) return true;
  return false;
}

function isWithinProcess(context: number): boolean {
  return context === MSHCTX_INPROC || context === MSHCTX_CROSSCTX;
}

function isBoth(flags: number): boolean {
  return (flags & TABLES) === TABLES;
}
