import { type Guid, type InterfaceType, type Type, typeOfVt } from "@callfactory/core";
import { type Codec, liftFlat } from "../ndr/codec.ts";
import { interfaceCodec } from "../ndr/interface-codec.ts";
import { boolCodec, floatCodec, hyperCodec, intCodec } from "../ndr/primitive-codec.ts";
import { BSTR_CODEC } from "../ndr/text-codec.ts";
import { CURRENCY_CODEC, DATE_CODEC, DECIMAL_CODEC } from "./number-codecs.ts";

const codecs = new Map<number, Codec | null>();

/**
 * The codec of a value of the VARTYPE `vt`, without VT_ARRAY and VT_BYREF; `null` when there is
 * none, and for VT_VARIANT.
 */
export function codecOfVt(vt: number): Codec | null {
  let codec = codecs.get(vt);
  if (codec !== undefined) return codec;
  const type = typeOfVt(vt);
  // What is unknown is not kept: the number comes from outside.
  if (type === null) return null;
  codec = codecOf(type);
  codecs.set(vt, codec);
  return codec;
}

/** The codec of interface pointers of `iid`, which go with an array. */
export function pointersOf(type: InterfaceType, iid: Guid): Codec {
  return interfaceCodec({ ...type, iidIs: "iid" }, () => iid);
}

function codecOf(type: Type): Codec | null {
  switch (type.kind) {
    case "int":
      return liftFlat(intCodec(type));
    case "hyper":
      return liftFlat(hyperCodec(type));
    case "float":
      return liftFlat(floatCodec(type));
    case "bool":
      return liftFlat(boolCodec(type));
    case "currency":
      return liftFlat(CURRENCY_CODEC);
    case "date":
      return liftFlat(DATE_CODEC);
    case "decimal":
      return DECIMAL_CODEC;
    case "bstr":
      return BSTR_CODEC;
    case "interface":
      return interfaceCodec(type, null);
    default:
      return null;
  }
}
