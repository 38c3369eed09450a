import { type AutomationType, type SafeArrayType, vtOfType } from "@callfactory/core";
import { type Codec, liftFlat } from "../ndr/codec.ts";
import { CURRENCY_CODEC, DATE_CODEC, DECIMAL_CODEC } from "./number-codecs.ts";
import { readSafeArray, writeSafeArray } from "./safe-array-codec.ts";
import { userMarshalCodec } from "./user-marshal.ts";
import { variantCodec } from "./variant-codec.ts";

/** The codec of a type of OLE Automation. */
export function automationCodec(type: AutomationType): Codec {
  switch (type.kind) {
    case "variant":
      return variantCodec();
    case "safearray":
      return safeArrayCodec(type);
    case "currency":
      return liftFlat(CURRENCY_CODEC);
    case "date":
      return liftFlat(DATE_CODEC);
    case "decimal":
      return DECIMAL_CODEC;
  }
}

/** A pointer to a SAFEARRAY as `[wire_marshal]` puts it ([MS-OAUT] 2.2.30). */
function safeArrayCodec({ element }: SafeArrayType): Codec {
  const expected = {
    // Interfaces may not be defined yet when a type is made; when one is compiled they are.
    vt: vtOfType(element) as number,
    declared: element.kind === "interface" ? element : null,
    variants: variantCodec(1),
  };
  return userMarshalCodec({
    write: (writer, value, scope) => writeSafeArray(writer, value, expected, scope),
    read: (reader, scope) => readSafeArray(reader, expected, scope),
    zero: () => null,
  });
}
