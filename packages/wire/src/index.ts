export type { NdrHost } from "./ndr/host.ts";
export { MAX_MESSAGE_BYTES } from "./ndr/message-limit.ts";
export { type MethodCodec, methodCodec } from "./ndr/method-codec.ts";
export { NdrReader } from "./ndr/ndr-reader.ts";
export { NdrWriter } from "./ndr/ndr-writer.ts";
export {
  type DualStringArray,
  readDualStringArray,
  type SecurityBinding,
  type StringBinding,
  writeDualStringArray,
} from "./objref/dual-string-array.ts";
export {
  decodeObjRef,
  encodeObjRef,
  type ObjRef,
  type ObjRefElement,
  readStdObjRef,
  SORF_NOPING,
  type StdObjRef,
  writeStdObjRef,
} from "./objref/objref.ts";
export type { OrpcExtent } from "./orpc/orpc-extent.ts";
export {
  COM_VERSION,
  type ComVersion,
  type OrpcThat,
  type OrpcThis,
  readOrpcThat,
  readOrpcThis,
  writeOrpcThat,
  writeOrpcThis,
} from "./orpc/orpc-header.ts";
