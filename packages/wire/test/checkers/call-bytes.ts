import { type Guid, guid, type HResult, type Method } from "@callfactory/core";
import {
  COM_VERSION,
  methodCodec,
  NdrWriter,
  type OrpcExtent,
  writeOrpcThat,
  writeOrpcThis,
} from "../../src/index.ts";
import { bytesHost } from "../calls.ts";

export const CID: Guid = guid("00112233-4455-6677-8899-aabbccddeeff");

export const EXTENT: OrpcExtent = {
  id: guid("00000334-0000-0000-c000-000000000046"),
  data: Uint8Array.of(1, 2, 3, 4, 5),
};

/** An ORPCTHIS and the [in] values behind it. */
export function call(
  of: Method,
  args: readonly unknown[],
  extents: readonly OrpcExtent[] | null = null,
): Uint8Array {
  const writer = new NdrWriter();
  writeOrpcThis(writer, { version: COM_VERSION, flags: 0, cid: CID, extents });
  methodCodec(of).encodeRequest(writer, args, bytesHost);
  return writer.bytes();
}

/** An ORPCTHAT, the [out] values and the HRESULT. */
export function answer(
  of: Method,
  { outs, ins, hr }: { outs: readonly unknown[]; ins: readonly unknown[]; hr: HResult },
): Uint8Array {
  const writer = new NdrWriter();
  writeOrpcThat(writer, { flags: 0, extents: null });
  methodCodec(of).encodeReply(writer, outs, ins, hr, bytesHost);
  return writer.bytes();
}
