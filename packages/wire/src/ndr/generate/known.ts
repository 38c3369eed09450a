import { type ArrayType, type Type, typedArrayOf } from "@callfactory/core";

/** Parameters of more parts than this go through their codecs: source grows with every part. */
const MAX_PARTS = 400;

/**
 * Tells whether source can be generated for a parameter: scalars, strings, structures whose in-line
 * part has one size, `[unique]` pointers, and conformant arrays of numbers behind a pointer or as a
 * parameter. That is what most interfaces are made of; the rest has a codec of its own.
 */
export function isKnown(type: Type): boolean {
  let parts = 0;
  const known = (one: Type, isEmbedded: boolean): boolean => {
    if (++parts > MAX_PARTS) return false;
    switch (one.kind) {
      case "int":
      case "hyper":
      case "float":
      case "bool":
      case "enum":
      case "guid":
      case "string":
      case "bstr":
        return true;
      case "pointer":
        if (one.pointer === "unique") return known(one.target, false);
        return one.pointer === "ref" && !isEmbedded && known(one.target, false);
      case "array":
        return !isEmbedded && isPlainNumbers(one);
      case "struct": {
        const fields = Object.values(one.fields);
        return fields.length > 0 && fields.every((field) => known(field, true));
      }
      default:
        return false;
    }
  };
  return known(type, false);
}

/** Numbers, all of which travel, with a count that size_is names. */
function isPlainNumbers({ element, bound }: ArrayType): boolean {
  const { sizeIs, ...others } = bound;
  if (sizeIs === undefined || typedArrayOf(element) === null) return false;
  return Object.values(others).every((other) => other === undefined);
}
