import {
  defineInterface,
  type Guid,
  type HResult,
  IUnknown,
  type Method,
  type MethodSpec,
  method,
  param,
  S_OK,
  type Type,
} from "@callfactory/core";
import { methodCodec, type NdrHost, NdrReader, NdrWriter } from "../src/index.ts";

/** A host whose pointers are their own OBJREFs. */
export const bytesHost: NdrHost = {
  marshalInterface: (pointer) => pointer as Uint8Array,
  unmarshalInterface: (objref) => objref,
};

/** A host that also remembers the IIDs it was asked for. */
export function recordingHost(): NdrHost & { readonly iids: Guid[] } {
  const iids: Guid[] = [];
  return {
    iids,
    marshalInterface(pointer, iid) {
      iids.push(iid);
      return pointer as Uint8Array;
    },
    unmarshalInterface(objref, iid) {
      iids.push(iid);
      return objref;
    },
  };
}

/** Gives a method a place in an interface of its own. */
export function placed(spec: MethodSpec): Method {
  const iid = "5cfc6e5a-7d7b-4c53-9f39-2d5c0b7a7d10";
  const iface = defineInterface({ name: "ITest", iid, base: IUnknown, methods: [spec] });
  return iface.members.get(spec.name) as Method;
}

/** A method with one [in] parameter of `type`. */
export function takes(type: Type): Method {
  return placed(method("Take", [param.in("value", type)]));
}

/** The bytes of a request; `stale` fills the writer's buffer beforehand. */
export function request(
  of: Method,
  args: readonly unknown[],
  host = bytesHost,
  stale?: number,
): Uint8Array {
  const writer = new NdrWriter(8);
  if (stale !== undefined) {
    writer.writeBytes(new Uint8Array(4096).fill(stale));
    writer.reset();
  }
  methodCodec(of).encodeRequest(writer, args, host);
  return writer.bytes();
}

/** The arguments in the bytes of a request. */
export function argsOf(of: Method, bytes: Uint8Array, host = bytesHost): unknown[] {
  return methodCodec(of).decodeRequest(new NdrReader(bytes), host);
}

/** What a reply is made of besides its values. */
export interface ReplyOptions {
  readonly ins?: readonly unknown[];
  readonly hr?: HResult;
  readonly host?: NdrHost;
}

/** The bytes of a reply. */
export function reply(
  of: Method,
  outs: readonly unknown[],
  options: ReplyOptions = {},
): Uint8Array {
  const { ins = [], hr = S_OK, host = bytesHost } = options;
  const writer = new NdrWriter(8);
  methodCodec(of).encodeReply(writer, outs, ins, hr, host);
  return writer.bytes();
}

/** The values and the HRESULT in the bytes of a reply. */
export function replyOf(
  of: Method,
  bytes: Uint8Array,
  options: ReplyOptions = {},
): { hr: HResult; outs: unknown[] } {
  const { ins = [], host = bytesHost } = options;
  return methodCodec(of).decodeReply(new NdrReader(bytes), ins, host);
}
