import {
  CLSID_StdMarshal,
  CO_E_OBJNOTCONNECTED,
  ComError,
  E_NOINTERFACE,
  type Guid,
  IID_NULL,
  IMarshal,
  type Method,
  throwIfFailed,
} from "@callfactory/core";
import { encodeObjRef, type ObjRef } from "@callfactory/wire";
import type { CallContext } from "../apartment/apartment.ts";
import type { Pointer } from "../object/com-object.ts";
import { MemoryStream } from "../stream/memory-stream.ts";

const GET_UNMARSHAL_CLASS = IMarshal.members.get("GetUnmarshalClass") as Method;
const GET_MARSHAL_SIZE_MAX = IMarshal.members.get("GetMarshalSizeMax") as Method;
const MARSHAL_INTERFACE = IMarshal.members.get("MarshalInterface") as Method;
const UNMARSHAL_INTERFACE = IMarshal.members.get("UnmarshalInterface") as Method;
const RELEASE_MARSHAL_DATA = IMarshal.members.get("ReleaseMarshalData") as Method;
const DISCONNECT_OBJECT = IMarshal.members.get("DisconnectObject") as Method;

/** OBJREF header, CLSID, cbExtension and size: what CoMarshalInterface writes itself. */
export const CUSTOM_HEADER_BYTES = 48;

/** An OBJREF that an object wrote itself. */
export type CustomObjRef = Extract<ObjRef, { kind: "custom" }>;

/** What is marshaled, and for whom. */
export interface CustomRequest {
  readonly pointer: Pointer;
  readonly iid: Guid;
  /** MSHCTX_*. */
  readonly context: number;
  /** MSHLFLAGS_*. */
  readonly flags: number;
}

/** Calls one method of IMarshal. @throws ComError when it fails. */
async function ask(
  marshal: Pointer,
  method: Method,
  args: readonly unknown[],
  context: CallContext,
): Promise<unknown> {
  const { hr, value, cause } = await marshal.invoke(method, args, context);
  throwIfFailed(hr, method.qualifiedName, cause === undefined ? {} : { cause });
  return value;
}

/** Has an object write its own packet (MAR-01); `marshal` is its IMarshal, borrowed. */
export async function marshalCustom(
  marshal: Pointer,
  { pointer, iid, context, flags }: CustomRequest,
  call: CallContext,
): Promise<Uint8Array> {
  const where = [iid, pointer, context, null, flags];
  const clsid = (await ask(marshal, GET_UNMARSHAL_CLASS, where, call)) as Guid;
  await ask(marshal, GET_MARSHAL_SIZE_MAX, where, call);
  const stream = new MemoryStream(null);
  await ask(marshal, MARSHAL_INTERFACE, [stream.pointer, ...where], call);
  const data = stream.contents();
  // Who leaves it to the standard marshaler has had that write a whole OBJREF.
  return clsid === CLSID_StdMarshal ? data : encodeObjRef({ kind: "custom", iid, clsid, data });
}

/** The greatest length of such a packet. */
export async function customSizeMax(
  marshal: Pointer,
  { pointer, iid, context, flags }: CustomRequest,
  call: CallContext,
): Promise<number> {
  const size = await ask(marshal, GET_MARSHAL_SIZE_MAX, [iid, pointer, context, null, flags], call);
  return CUSTOM_HEADER_BYTES + (size as number);
}

/** Has the unmarshaler make a pointer of a packet; the caller owns the reference. */
export async function unmarshalCustom(
  unmarshaler: Pointer,
  { iid, data }: CustomObjRef,
  wanted: Guid,
  call: CallContext,
): Promise<Pointer> {
  const stream = MemoryStream.over(data).pointer;
  const riid = wanted === IID_NULL ? iid : wanted;
  const made = (await ask(
    unmarshaler,
    UNMARSHAL_INTERFACE,
    [stream, riid],
    call,
  )) as Pointer | null;
  if (made === null) throw new ComError(CO_E_OBJNOTCONNECTED, UNMARSHAL_INTERFACE.qualifiedName);
  if (made.iface.iid === riid) return made;
  const { hr, pointer } = await made.unknown.query(riid);
  made.unknown.release();
  if (pointer !== null) return pointer;
  throw new ComError(hr === 0 ? E_NOINTERFACE : hr, UNMARSHAL_INTERFACE.qualifiedName);
}

/** Has the unmarshaler give back what a packet holds. */
export async function releaseCustom(
  unmarshaler: Pointer,
  { data }: CustomObjRef,
  call: CallContext,
): Promise<void> {
  await ask(unmarshaler, RELEASE_MARSHAL_DATA, [MemoryStream.over(data).pointer], call);
}

/** Tells an object that marshals itself to disconnect its clients. */
export async function disconnectCustom(marshal: Pointer, call: CallContext): Promise<void> {
  await ask(marshal, DISCONNECT_OBJECT, [0], call);
}
